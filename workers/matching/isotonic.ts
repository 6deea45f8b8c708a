/** A step function that never falls: `values[i]` from `from[i]` on, and values[0] before that. */
export interface Isotonic {
  /** Ascending. */
  readonly from: Float64Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
}

/** One observation: where, what was seen there, and how much it counts (> 0). */
export interface Observation {
  readonly at: number;
  readonly value: number;
  readonly weight: number;
}

/**
 * The function nearest to some observations (weighted least squares) among those that never fall: pool adjacent violators
 * (Ayer et al. 1955). Observations at one place are one.
 */
export function isotonicRegression(observations: readonly Observation[]): Isotonic {
  const blocks: { from: number; last: number; sum: number; weight: number }[] = [];
  for (const { at, value, weight } of observations.toSorted((a, b) => a.at - b.at)) {
    const before = blocks.at(-1);
    if (before?.last === at) {
      before.sum += weight * value;
      before.weight += weight;
    } else {
      blocks.push({ from: at, last: at, sum: weight * value, weight });
    }
  }
  const pooled: typeof blocks = [];
  for (const block of blocks) {
    pooled.push(block);
    for (;;) {
      const [low, high] = [pooled.at(-2), pooled.at(-1)];
      if (!low || !high || low.sum / low.weight < high.sum / high.weight) break;
      low.sum += high.sum;
      low.weight += high.weight;
      low.last = high.last;
      pooled.pop();
    }
  }
  return {
    from: Float64Array.from(pooled, ({ from }) => from),
    values: Float64Array.from(pooled, ({ sum, weight }) => sum / weight),
  };
}

/** The function's value at a place; 0 for one without observations. */
export function valueAt({ from, values }: Isotonic, at: number): number {
  let found = values[0] ?? 0;
  for (let step = 1; step < from.length && (from[step] ?? 0) <= at; step += 1) found = values[step] ?? 0;
  return found;
}
