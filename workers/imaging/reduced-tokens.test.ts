import { expect, test } from "vitest";
import * as fc from "fast-check";
import type { PatchTokens } from "./patch-tokens.ts";
import { reducedTokens } from "./reduced-tokens.ts";

const grid = (rows: number, columns: number, values: readonly number[]): PatchTokens => ({
  rows,
  columns,
  dimensions: values.length / (rows * columns),
  data: Float32Array.from(values),
});

test("a grid that is short enough is given back as it is", () => {
  const tokens = grid(2, 3, [1, 2, 3, 4, 5, 6]);
  expect(reducedTokens(tokens, 3)).toBe(tokens);
});

test("halved, every token is the mean of four", () => {
  const tokens = grid(2, 4, [1, 3, 10, 20, 5, 7, 30, 40]);
  expect(reducedTokens(tokens, 2)).toEqual(grid(1, 2, [4, 25]));
});

test("a token counts as much as its area in the new one", () => {
  // Three in the place of two: the middle one lies half in each.
  expect([...reducedTokens(grid(1, 3, [6, 12, 0]), 2).data]).toEqual([
    expect.closeTo((6 + 12 / 2) / 1.5, 5),
    expect.closeTo(12 / 2 / 1.5, 5),
  ]);
});

test("the mean of all numbers stays, whatever the sizes", () => {
  const sides = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(sides, sides, fc.integer({ min: 1, max: 12 }), (rows, columns, longest) => {
      const values = Array.from({ length: 2 * rows * columns }, (_, at) => Math.sin(at * 12.9898) * 5);
      const reduced = reducedTokens(grid(rows, columns, values), longest);
      expect(Math.max(reduced.rows, reduced.columns)).toBe(Math.min(longest, Math.max(rows, columns)));
      const mean = (numbers: ArrayLike<number>): number =>
        Array.from(numbers).reduce((sum, value) => sum + value, 0) / numbers.length;
      expect(mean(reduced.data)).toBeCloseTo(mean(values), 4);
    }),
  );
});
