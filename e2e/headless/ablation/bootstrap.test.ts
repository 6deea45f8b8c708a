import { describe, expect, test } from "vitest";
import { bootstrap, quantile } from "./bootstrap.ts";
import { crossFit, difference, shareRight } from "./cross-fit.ts";

const meanOf =
  (values: readonly number[]) =>
  (weights: ArrayLike<number>): number => {
    const total = values.reduce((sum, _, at) => sum + (weights[at] ?? 0), 0);
    return values.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0) / total;
  };

describe("the bootstrap", () => {
  test("of a mean gives the interval that theory gives", () => {
    const values = Array.from({ length: 400 }, (_, at) => (at % 2 === 0 ? 1 : 3));
    const { value, low, high } = bootstrap(values.length, meanOf(values));
    expect(value).toBe(2);
    // Standard error 1 / sqrt(400) = 0.05.
    expect(low).toBeCloseTo(2 - 1.96 * 0.05, 1);
    expect(high).toBeCloseTo(2 + 1.96 * 0.05, 1);
  });

  test("of a difference that is the same everywhere has no width, however much the pictures differ", () => {
    const values = [0, 10, 3, 7, 1];
    const gain = (weights: ArrayLike<number>): number =>
      meanOf(values.map((value) => value + 2))(weights) - meanOf(values)(weights);
    const { low, high } = bootstrap(values.length, gain);
    expect(low).toBeCloseTo(2, 9);
    expect(high).toBeCloseTo(2, 9);
  });

  test("gives the same interval each time", () => {
    const values = [1, 5, 2, 8];
    expect(bootstrap(4, meanOf(values))).toEqual(bootstrap(4, meanOf(values)));
  });

  test("takes quantiles between neighbours", () => {
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(quantile([4], 0.9)).toBe(4);
  });
});

describe("cross-fitting", () => {
  const outcome = (right: number): { right: number; known: number } => ({ right, known: 10 });
  /** The first choice is best on the even pictures, the second on the odd ones. */
  const tried = [
    { half: 0, outcomes: [outcome(9), outcome(1)] },
    { half: 1, outcomes: [outcome(2), outcome(8)] },
    { half: 0, outcomes: [outcome(7), outcome(3)] },
    { half: 1, outcomes: [outcome(4), outcome(6)] },
  ] as const;

  test("reports no picture under a choice that it had a part in", () => {
    const fitted = crossFit(tried, shareRight);
    expect(fitted.choices).toEqual([0, 1]);
    expect(fitted.figures).toEqual([0.3, 0.2]);
    expect(fitted.outcomes.map(({ right }) => right)).toEqual([1, 2, 3, 4]);
  });

  test("compares on the same pictures", () => {
    const better = tried.map(() => outcome(6));
    const worse = tried.map(() => outcome(4));
    expect(difference(better, worse, shareRight)).toMatchObject({ value: expect.closeTo(0.2, 9) });
  });
});
