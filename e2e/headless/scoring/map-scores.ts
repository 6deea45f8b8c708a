import { UNKNOWN } from "../datasets/annotated-pictures.ts";

/**
 * Pixels of one picture, by label (0 background, n + 1 the n-th class): in the truth, in the prediction, in both. Pixels
 * of which nobody knows what they show count nowhere.
 */
export interface MapCounts {
  readonly truth: Float64Array<ArrayBuffer>;
  readonly predicted: Float64Array<ArrayBuffer>;
  readonly both: Float64Array<ArrayBuffer>;
}

/** Counts two maps of one size. @param classes number of classes without the background */
export function countMaps(truth: Uint16Array, predicted: Uint16Array, classes: number): MapCounts {
  const counts = emptyCounts(classes);
  for (let pixel = 0; pixel < truth.length; pixel += 1) {
    const is = truth[pixel] ?? 0;
    if (is === UNKNOWN) continue;
    const seen = predicted[pixel] ?? 0;
    counts.truth[is] = (counts.truth[is] ?? 0) + 1;
    counts.predicted[seen] = (counts.predicted[seen] ?? 0) + 1;
    if (is === seen) counts.both[is] = (counts.both[is] ?? 0) + 1;
  }
  return counts;
}

export function emptyCounts(classes: number): MapCounts {
  const zeros = (): Float64Array<ArrayBuffer> => new Float64Array(classes + 1);
  return { truth: zeros(), predicted: zeros(), both: zeros() };
}

/** Counts of several pictures together. */
export function sumCounts(all: readonly MapCounts[]): MapCounts {
  const sums = emptyCounts((all[0]?.truth.length ?? 1) - 1);
  for (const counts of all) addCounts(sums, counts);
  return sums;
}

/** Adds to `sums` in place, so many times. */
export function addCounts(sums: MapCounts, { truth, predicted, both }: MapCounts, times = 1): void {
  if (times === 0) return;
  for (let label = 0; label < sums.truth.length; label += 1) {
    sums.truth[label] = (sums.truth[label] ?? 0) + times * (truth[label] ?? 0);
    sums.predicted[label] = (sums.predicted[label] ?? 0) + times * (predicted[label] ?? 0);
    sums.both[label] = (sums.both[label] ?? 0) + times * (both[label] ?? 0);
  }
}

/** Shared pixels over joint pixels of one label; not a number where the truth has none of it. */
export function overlap({ truth, predicted, both }: MapCounts, label: number): number {
  const real = truth[label] ?? 0;
  return real === 0 ? Number.NaN : (both[label] ?? 0) / (real + (predicted[label] ?? 0) - (both[label] ?? 0));
}

/**
 * mIoU: the mean of `overlap` over the background and the classes that the truth has, over the whole dataset. What is
 * wrongly given to a class that no picture has is missing where it belongs, and counts there.
 */
export function meanOverlap(counts: MapCounts): number {
  let sum = 0;
  let labels = 0;
  for (let label = 0; label < counts.truth.length; label += 1) {
    const value = overlap(counts, label);
    if (Number.isNaN(value)) continue;
    sum += value;
    labels += 1;
  }
  return labels === 0 ? Number.NaN : sum / labels;
}

/** Share of the known pixels that have their true label. */
export function pixelAccuracy({ truth, both }: MapCounts): number {
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  return sum(both) / sum(truth);
}
