import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isotonicRegression, valueAt } from "./isotonic.ts";

const observed = (...values: readonly number[]) => values.map((value, at) => ({ at, value, weight: 1 }));

describe("isotonic regression", () => {
  test("keeps what rises and pools what falls to its mean", () => {
    const { from, values } = isotonicRegression(observed(1, 3, 2, 2, 5));
    expect([...from]).toEqual([0, 1, 4]);
    expect([...values]).toEqual([1, 7 / 3, 5]);
  });

  test("pools back as far as it must", () => {
    expect([...isotonicRegression(observed(4, 5, 6, 0)).values]).toEqual([15 / 4]);
  });

  test("weighs observations, and takes those at one place as one", () => {
    const { from, values } = isotonicRegression([
      { at: 1, value: 1, weight: 3 },
      { at: 1, value: 0, weight: 1 },
      { at: 2, value: 0.5, weight: 4 },
    ]);
    expect([...from]).toEqual([1]);
    expect(values[0]).toBeCloseTo((3 + 2) / 8, 12);
  });

  test("is a step function, constant before its first step and after its last", () => {
    const fitted = isotonicRegression(observed(0.2, 0.8));
    expect([-5, 0, 0.9, 1, 9].map((at) => valueAt(fitted, at))).toEqual([0.2, 0.2, 0.2, 0.8, 0.8]);
  });

  test("never falls, keeps the weighted mean, and no shift of a step brings it nearer", () => {
    const observation = fc.record({
      at: fc.integer({ min: 0, max: 20 }),
      value: fc.double({ min: 0, max: 1, noNaN: true }),
      weight: fc.double({ min: 0.1, max: 5, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(observation, { minLength: 1, maxLength: 30 }), (observations) => {
        const fitted = isotonicRegression(observations);
        const { values } = fitted;
        for (let step = 1; step < values.length; step += 1) {
          expect(values[step]).toBeGreaterThan(values[step - 1] ?? 0);
        }
        const total = observations.reduce((sum, { weight }) => sum + weight, 0);
        const mean = observations.reduce((sum, { value, weight }) => sum + weight * value, 0) / total;
        const fit = observations.reduce((sum, { at, weight }) => sum + weight * valueAt(fitted, at), 0) / total;
        expect(fit).toBeCloseTo(mean, 9);
      }),
    );
  });
});
