import { assert, double, property, tuple } from "fast-check";
import { expect, test } from "vitest";
import { confidenceOf } from "./confidence.ts";

const score = double({ min: -2, max: 1, noNaN: true });
const margin = double({ min: 0, max: 2, noNaN: true });

test("confidence lies in 0..1 and grows with the score and with the margin", () => {
  assert(
    property(tuple(score, score), tuple(margin, margin), (scores, margins) => {
      const [low = 0, high = 0] = scores.toSorted((a, b) => a - b);
      const [narrow = 0, wide = 0] = margins.toSorted((a, b) => a - b);
      const values = [confidenceOf(low, narrow), confidenceOf(low, wide), confidenceOf(high, wide)];
      expect(values).toEqual(values.toSorted((a, b) => a - b));
      values.forEach((value) => expect(value >= 0 && value <= 1).toBe(true));
    }),
    { seed: 8 },
  );
});

test("a region that is only just named is less sure than not, and above the lowest thresholds", () => {
  expect(confidenceOf(0.13, 0.01)).toBeLessThan(0.5);
  expect(confidenceOf(0.13, 0.01)).toBeGreaterThan(0.2);
});

test("a region unlike everything is not trusted, one like its references with a clear lead is", () => {
  expect(confidenceOf(0, 0)).toBeLessThan(0.2);
  expect(confidenceOf(0.8, 0.5)).toBeGreaterThan(0.95);
});
