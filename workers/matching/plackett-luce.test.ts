import { array, assert, double, integer, property, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { MOST_RANKED, RankingDivergence } from "./plackett-luce.ts";

/** Chance of one ranking under a list: the product of its choices. */
function chanceOf(order: readonly number[], list: readonly number[], tau: number): number {
  const strengths = order.map((item) => Math.exp((list[item] ?? 0) / tau));
  return strengths.reduce((chance, strength, n) => {
    return (chance * strength) / strengths.slice(n).reduce((sum, value) => sum + value, 0);
  }, 1);
}

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item].concat(rest)),
  );
}

/** The divergence by its definition, over all k! rankings. */
function divergenceByPermutations(a: readonly number[], b: readonly number[], tau: number): number {
  return permutations(a.map((_, i) => i)).reduce((sum, order) => {
    const chance = chanceOf(order, a, tau);
    return sum + chance * Math.log(chance / chanceOf(order, b, tau));
  }, 0);
}

function divergence(a: readonly number[], b: readonly number[], tau: number): number {
  const rankings = new RankingDivergence();
  rankings.setList(a, a.length, tau);
  return rankings.to(b);
}

const cosine = double({ min: -1, max: 1, noNaN: true });
const listPair = (most: number) =>
  integer({ min: 1, max: most }).chain((k) =>
    tuple(array(cosine, { minLength: k, maxLength: k }), array(cosine, { minLength: k, maxLength: k })),
  );

describe("the divergence of rankings by subsets", () => {
  test("equals the sum over all permutations, for up to five items", () => {
    assert(
      property(listPair(5), double({ min: 0.05, max: 2, noNaN: true }), ([a, b], tau) => {
        const expected = divergenceByPermutations(a, b, tau);
        expect(Math.abs(divergence(a, b, tau) - expected)).toBeLessThan(1e-6);
      }),
      { seed: 2404 },
    );
  });

  test("is zero between equal lists and never negative, up to the most items", () => {
    assert(
      property(listPair(MOST_RANKED), ([a, b]) => {
        expect(divergence(a, a, 0.03)).toBeLessThan(1e-9);
        expect(divergence(a, b, 0.03)).toBeGreaterThanOrEqual(0);
      }),
      { seed: 262 },
    );
  });

  test("does not change when a list is shifted, since only differences choose", () => {
    const a = [0.3, 0.1, 0.25, -0.2];
    const b = [0.1, 0.4, 0.2, 0];
    const shifted = b.map((value) => value + 0.5);
    expect(divergence(a, shifted, 0.1)).toBeCloseTo(divergence(a, b, 0.1), 9);
  });

  test("of a single item, or of none, is zero", () => {
    expect(divergence([0.7], [-0.2], 0.03)).toBe(0);
    expect(divergence([], [], 0.03)).toBe(0);
  });

  test("stays finite when the temperature makes all but one choice impossible", () => {
    const value = divergence([1, -1, 0], [-1, 1, 0], 1e-4);
    expect(Number.isFinite(value)).toBe(true);
    expect(value).toBeGreaterThan(500);
  });

  test("keeps nothing of a longer list that was compared before", () => {
    const rankings = new RankingDivergence();
    rankings.setList([0.9, 0.1, 0.4, 0.3, 0.2, 0.6], 6, 0.1);
    rankings.to([0.1, 0.9, 0.4, 0.3, 0.2, 0.6]);
    rankings.setList([0.3, 0.1, 0.2], 3, 0.1);
    expect(rankings.to([0.1, 0.2, 0.3])).toBe(divergence([0.3, 0.1, 0.2], [0.1, 0.2, 0.3], 0.1));
  });
});
