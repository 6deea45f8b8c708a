/** Findings about the references of classes, from their unit vectors alone. */

/** A class's references: N x D, unit rows. */
export interface ClassRows {
  readonly count: number;
  readonly rows: Float32Array;
}

export type Finding =
  /** References of one class that show the same; the one to keep comes first. */
  | { readonly kind: "duplicates"; readonly of: number; readonly rows: readonly number[]; readonly similarity: number }
  | {
      readonly kind: "outlier";
      readonly of: number;
      readonly row: number;
      readonly similarity: number;
      readonly usual: number;
      /** Class that it looks more like, or -1. */
      readonly better: number;
    }
  | {
      readonly kind: "confusion";
      readonly classes: readonly [number, number];
      /** [class, row] of references that are more like the other class. */
      readonly rows: readonly (readonly [number, number])[];
      readonly compared: number;
    };

/** Two references more alike than this (cosine, whitened) are next to the same picture. */
const SAME = 0.97;
/** Classes of fewer references have no usual look to differ from. */
const LEAST_FOR_USUAL = 4;
/** An outlier is this many median deviations less like its class than is usual there, and at least so much in all. */
const DEVIATIONS = 4;
const LEAST_GAP = 0.12;
/** Two classes are confused when this share of their references is nearer to the other, and at least so many. */
const CONFUSED_SHARE = 0.2;
const LEAST_CONFUSED = 2;

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

function dot(a: Float32Array, atA: number, b: Float32Array, atB: number, dimensions: number): number {
  let sum = 0;
  for (let d = 0; d < dimensions; d += 1) sum += (a[atA + d] ?? 0) * (b[atB + d] ?? 0);
  return sum;
}

/** Sum of a class's rows. */
function sumOf({ count, rows }: ClassRows, dimensions: number): Float32Array {
  const sum = new Float32Array(dimensions);
  for (let row = 0; row < count; row += 1) {
    for (let d = 0; d < dimensions; d += 1) sum[d] = (sum[d] ?? 0) + (rows[row * dimensions + d] ?? 0);
  }
  return sum;
}

/** Cosine of every row to the mean of the others of its class; of a row that is alone, 0. */
function likenessToOthers(one: ClassRows, sum: Float32Array, dimensions: number): readonly number[] {
  return Array.from({ length: one.count }, (_, row) => {
    const at = row * dimensions;
    const whole = dot(one.rows, at, sum, 0, dimensions);
    const own = dot(one.rows, at, one.rows, at, dimensions);
    // |sum - row|^2 = |sum|^2 - 2 sum.row + |row|^2.
    const squares = dot(sum, 0, sum, 0, dimensions) - 2 * whole + own;
    return squares > 1e-9 ? (whole - own) / Math.sqrt(squares) : 0;
  });
}

function duplicatesOf(of: number, { count, rows }: ClassRows, dimensions: number): readonly Finding[] {
  const taken = new Set<number>();
  const found: Finding[] = [];
  for (let first = 0; first < count; first += 1) {
    if (taken.has(first)) continue;
    const alike = [first];
    let similarity = 1;
    for (let other = first + 1; other < count; other += 1) {
      if (taken.has(other)) continue;
      const cosine = dot(rows, first * dimensions, rows, other * dimensions, dimensions);
      if (cosine < SAME) continue;
      taken.add(other);
      alike.push(other);
      similarity = Math.min(similarity, cosine);
    }
    if (alike.length > 1) found.push({ kind: "duplicates", of, rows: alike, similarity });
  }
  return found;
}

/** For every row, the other class whose mean it is most like, and how much. */
interface Rivals {
  readonly best: Int32Array;
  readonly likeness: Float32Array;
}

/**
 * Looks at classes: what is there twice, what looks unlike the rest of its class, and which classes attract each other's
 * references. A reference is held against its class without itself, and against the means of all others.
 * @param dimensions D. @param pause called after every class; may wait, and may throw to stop
 * @returns the weightiest first: confusions, outliers, duplicates
 */
export async function adviseOn(
  classes: readonly ClassRows[],
  dimensions: number,
  pause: (done: number) => Promise<void> = () => Promise.resolve(),
): Promise<readonly Finding[]> {
  const sums = classes.map((one) => sumOf(one, dimensions));
  const means = sums.map((sum) => {
    const length = Math.sqrt(dot(sum, 0, sum, 0, dimensions));
    return length > 0 ? sum.map((value) => value / length) : sum;
  });
  const duplicates: Finding[] = [];
  const outliers: Extract<Finding, { kind: "outlier" }>[] = [];
  const attracted = new Map<string, (readonly [number, number])[]>();
  for (const [index, one] of classes.entries()) {
    await pause(index);
    duplicates.push(...duplicatesOf(index, one, dimensions));
    const own = likenessToOthers(one, sums[index] ?? new Float32Array(dimensions), dimensions);
    const rivals = rivalsOf(index, one, means, dimensions);
    const usual = median(own);
    const spread = median(own.map((value) => Math.abs(value - usual)));
    for (let row = 0; row < one.count; row += 1) {
      const likeness = own[row] ?? 0;
      const rival = rivals.best[row] ?? -1;
      const isNearer = rival >= 0 && one.count > 1 && (rivals.likeness[row] ?? 0) > likeness;
      if (isNearer) {
        const key = `${Math.min(index, rival)} ${Math.max(index, rival)}`;
        attracted.set(key, [...(attracted.get(key) ?? []), [index, row]]);
      }
      const gap = usual - likeness;
      if (one.count >= LEAST_FOR_USUAL && gap > LEAST_GAP && gap > DEVIATIONS * spread) {
        outliers.push({ kind: "outlier", of: index, row, similarity: likeness, usual, better: isNearer ? rival : -1 });
      }
    }
  }
  outliers.sort((a, b) => b.usual - b.similarity - (a.usual - a.similarity));
  return [...confusionsOf(attracted, classes), ...outliers, ...duplicates];
}

function rivalsOf(of: number, { count, rows }: ClassRows, means: readonly Float32Array[], dimensions: number): Rivals {
  const best = new Int32Array(count).fill(-1);
  const likeness = new Float32Array(count).fill(-1);
  for (const [other, mean] of means.entries()) {
    if (other === of) continue;
    for (let row = 0; row < count; row += 1) {
      const cosine = dot(rows, row * dimensions, mean, 0, dimensions);
      if (cosine <= (likeness[row] ?? 0)) continue;
      likeness[row] = cosine;
      best[row] = other;
    }
  }
  return { best, likeness };
}

function confusionsOf(
  attracted: ReadonlyMap<string, readonly (readonly [number, number])[]>,
  classes: readonly ClassRows[],
): readonly Finding[] {
  const found: Extract<Finding, { kind: "confusion" }>[] = [];
  for (const [key, rows] of attracted) {
    const [first = 0, second = 0] = key.split(" ").map(Number);
    const compared = (classes[first]?.count ?? 0) + (classes[second]?.count ?? 0);
    if (rows.length < LEAST_CONFUSED || rows.length < CONFUSED_SHARE * compared) continue;
    found.push({ kind: "confusion", classes: [first, second], rows, compared });
  }
  return found.sort((a, b) => b.rows.length / b.compared - a.rows.length / a.compared);
}
