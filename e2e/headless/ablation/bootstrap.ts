import { seededRandom } from "../../../workers/seeded-random.ts";

/** An estimate and the range in which it falls in 95 of 100 resamplings. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Resamplings of an interval. */
const RESAMPLINGS = 2000;

/** Value at a share of sorted values, between neighbours where it falls between them. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(sorted.length - 1, below + 1)] ?? low;
  return low + (place - below) * (high - low);
}

/**
 * The percentile bootstrap over pictures (Efron 1979): pictures are drawn with replacement, and the statistic is
 * computed anew. Paired when the statistic compares two ways on the same drawn pictures.
 * @param count number of pictures
 * @param statistic of how often each picture counts; draws for which it is not a number are left out
 */
export function bootstrap(count: number, statistic: (weights: Float64Array) => number): Estimate {
  const weights = new Float64Array(count).fill(1);
  const value = statistic(weights);
  const random = seededRandom(1);
  const found: number[] = [];
  for (let draw = 0; draw < RESAMPLINGS; draw += 1) {
    weights.fill(0);
    for (let picture = 0; picture < count; picture += 1) {
      const drawn = Math.floor(random() * count);
      weights[drawn] = (weights[drawn] ?? 0) + 1;
    }
    const again = statistic(weights);
    if (!Number.isNaN(again)) found.push(again);
  }
  const sorted = Float64Array.from(found).sort();
  return { value, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}
