import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../datasets/annotated-pictures.ts";
import { addCounts, countMaps, emptyCounts, meanOverlap, overlap, pixelAccuracy, sumCounts } from "./map-scores.ts";

describe("scores of label maps", () => {
  //            truth        predicted
  // picture 1  0 0 1 1      0 1 1 1
  // picture 2  0 2 2 ?      0 2 0 1
  const first = countMaps(Uint16Array.of(0, 0, 1, 1), Uint16Array.of(0, 1, 1, 1), 3);
  const second = countMaps(Uint16Array.of(0, 2, 2, UNKNOWN), Uint16Array.of(0, 2, 0, 1), 3);
  const all = sumCounts([first, second]);

  test("are sums over the dataset: shared pixels over joint pixels of each label", () => {
    // Background: shared 1 + 1, in the truth 3, predicted 1 + 2: 2 / (3 + 3 - 2).
    expect(overlap(all, 0)).toBeCloseTo(2 / 4, 12);
    // Class 1: shared 2, in the truth 2, predicted 3, for the pixel that nobody knows does not count.
    expect(overlap(all, 1)).toBeCloseTo(2 / 3, 12);
    expect(overlap(all, 2)).toBeCloseTo(1 / 2, 12);
  });

  test("are averaged over the background and the classes that the truth has", () => {
    expect(overlap(all, 3)).toBeNaN();
    expect(meanOverlap(all)).toBeCloseTo((2 / 4 + 2 / 3 + 1 / 2) / 3, 12);
  });

  test("count a class that no picture has where its pixels are missing", () => {
    const invented = countMaps(Uint16Array.of(0, 0, 0, 0), Uint16Array.of(0, 0, 3, 3), 3);
    expect(meanOverlap(invented)).toBeCloseTo(2 / 4, 12);
  });

  test("know the share of the known pixels that are right", () => {
    expect(pixelAccuracy(all)).toBeCloseTo((3 + 2) / 7, 12);
  });

  test("can count a picture several times, as resampling does, or not at all", () => {
    const sums = emptyCounts(3);
    addCounts(sums, first, 2);
    addCounts(sums, second, 0);
    expect(overlap(sums, 1)).toBeCloseTo(4 / 6, 12);
    expect(overlap(sums, 2)).toBeNaN();
  });
});
