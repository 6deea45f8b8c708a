import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  areaOfRuns,
  bitMaskOfRuns,
  boxOfRuns,
  differenceOfRuns,
  intersectionArea,
  intersectionOverUnion,
  maskOfRuns,
  runsContain,
  runsOfMask,
  unionOfRuns,
} from "./runs.ts";

const picture = fc
  .record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 12 }) })
  .chain(({ width, height }) => {
    const bit = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height });
    return fc.record({ width: fc.constant(width), height: fc.constant(height), a: bit, b: bit });
  });

describe("run lengths", () => {
  test("a mask survives the way to run lengths and back", () => {
    fc.assert(
      fc.property(picture, ({ a }) => {
        expect([...maskOfRuns(runsOfMask(a), a.length)]).toEqual(a);
      }),
    );
  });

  test("runs are ascending and never touch", () => {
    fc.assert(
      fc.property(picture, ({ a, b }) => {
        for (const runs of [runsOfMask(a), unionOfRuns(runsOfMask(a), runsOfMask(b))]) {
          for (let i = 2; i < runs.length; i += 2) {
            expect(runs[i]).toBeGreaterThan((runs[i - 2] ?? 0) + (runs[i - 1] ?? 0));
          }
        }
      }),
    );
  });

  test("union, shared area and overlap agree with counting pixels", () => {
    fc.assert(
      fc.property(picture, ({ a, b }) => {
        const [left, right] = [runsOfMask(a), runsOfMask(b)];
        const either = a.map((bit, i) => bit | (b[i] ?? 0));
        const both = a.filter((bit, i) => bit === 1 && b[i] === 1).length;
        const joint = either.filter((bit) => bit === 1).length;
        expect([...unionOfRuns(left, right)]).toEqual([...runsOfMask(either)]);
        expect(intersectionArea(left, right)).toBe(both);
        expect(intersectionOverUnion(left, right)).toBeCloseTo(joint === 0 ? 0 : both / joint, 12);
        expect(areaOfRuns(left)).toBe(a.filter((bit) => bit === 1).length);
      }),
    );
  });

  test("the box touches the mask on all four sides", () => {
    fc.assert(
      fc.property(picture, ({ width, a }) => {
        const set = a.flatMap((bit, i) => (bit === 1 ? [[i % width, Math.floor(i / width)] as const] : []));
        const box = boxOfRuns(runsOfMask(a), width);
        fc.pre(set.length > 0);
        const xs = set.map(([x]) => x);
        const ys = set.map(([, y]) => y);
        const [x, y] = [Math.min(...xs), Math.min(...ys)];
        expect(box).toEqual({ x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 });
      }),
    );
  });

  test("the difference is what is in the first mask alone, in runs that do not touch", () => {
    fc.assert(
      fc.property(picture, ({ a, b }) => {
        const alone = a.map((bit, pixel) => (bit === 1 && b[pixel] === 0 ? 1 : 0));
        expect([...differenceOfRuns(runsOfMask(a), runsOfMask(b))]).toEqual([...runsOfMask(alone)]);
      }),
    );
  });

  test("the box of the empty mask is empty", () => {
    expect(boxOfRuns(new Uint32Array(0), 7)).toEqual({ x: 0, y: 0, width: 0, height: 0 });
  });

  test("a pixel is contained exactly when its bit is set", () => {
    fc.assert(
      fc.property(picture, ({ a }) => {
        const runs = runsOfMask(a);
        const bits = bitMaskOfRuns(runs, a.length);
        for (const [pixel, bit] of a.entries()) {
          expect(runsContain(runs, pixel)).toBe(bit === 1);
          expect(((bits[pixel >>> 5] ?? 0) >>> (pixel & 31)) & 1).toBe(bit);
        }
      }),
    );
  });
});
