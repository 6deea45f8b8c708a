import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { outlineOfRuns } from "./outline.ts";
import { runsOfMask } from "./runs.ts";

/** Fills path data by the even-odd rule: a pixel is inside when an odd number of vertical edges lies to its left. */
function fill(path: string, width: number, height: number): number[] {
  const mask = Array.from({ length: width * height }, () => 0);
  for (const ring of path.split("Z")) {
    const points = [...ring.matchAll(/[ML](\d+) (\d+)/gu)].map(
      (match) => [Number(match[1]), Number(match[2])] as const,
    );
    for (const [i, [x, y]] of points.entries()) {
      const [nextX, nextY] = points[(i + 1) % points.length] ?? [x, y];
      if (nextX !== x) continue;
      for (let row = Math.min(y, nextY); row < Math.max(y, nextY); row++) {
        for (let column = x; column < width; column++) {
          const pixel = row * width + column;
          mask[pixel] = 1 - (mask[pixel] ?? 0);
        }
      }
    }
  }
  return mask;
}

describe("outlines", () => {
  test("filling the outline gives the mask back", () => {
    const masks = fc
      .record({ width: fc.integer({ min: 1, max: 16 }), height: fc.integer({ min: 1, max: 16 }) })
      .chain(({ width, height }) =>
        fc.record({
          width: fc.constant(width),
          height: fc.constant(height),
          bits: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height }),
        }),
      );
    fc.assert(
      fc.property(masks, ({ width, height, bits }) => {
        const path = outlineOfRuns(runsOfMask(bits), width);
        expect(path).toMatch(/^(M\d+ \d+(L\d+ \d+)+Z)*$/u);
        expect(fill(path, width, height)).toEqual(bits);
      }),
      { numRuns: 300 },
    );
  });

  test("a rectangle has four corners and nothing more", () => {
    const bits = Array.from({ length: 60 }, (_, i) => (i % 10 >= 2 && i % 10 < 7 && i >= 10 && i < 50 ? 1 : 0));
    expect(outlineOfRuns(runsOfMask(bits), 10)).toBe("M2 1L7 1L7 5L2 5Z");
  });

  test("a ring has an outer outline and a hole that runs the other way", () => {
    const bits = [1, 1, 1, 1, 0, 1, 1, 1, 1];
    expect(outlineOfRuns(runsOfMask(bits), 3)).toBe("M0 0L3 0L3 3L0 3ZM1 2L2 2L2 1L1 1Z");
  });

  test("pixels that touch at a corner have outlines of their own", () => {
    expect(outlineOfRuns(runsOfMask([1, 0, 0, 1]), 2)).toBe("M0 0L1 0L1 1L0 1ZM1 1L2 1L2 2L1 2Z");
  });

  test("the empty mask has the empty outline", () => {
    expect(outlineOfRuns(new Uint32Array(0), 5)).toBe("");
  });
});
