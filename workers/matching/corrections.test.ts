import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { regionSetOfTree } from "../imaging/region-set.ts";
import { intersectionOverUnion, runsOfMask } from "../imaging/runs.ts";
import { type ComposedRegion, type Composition, OTHER } from "./compose.ts";
import { applyCorrections, bestNode } from "./corrections.ts";

const WIDTH = 8;
const HEIGHT = 4;

/** Four upright leaves two pixels wide, joined in pairs, and those to one. */
const regions = regionSetOfTree(
  WIDTH,
  HEIGHT,
  {
    leaves: 4,
    parent: Int32Array.from([4, 4, 5, 5, 6, 6, -1]),
    leafMap: Uint16Array.from({ length: WIDTH * HEIGHT }, (_, pixel) => Math.floor((pixel % WIDTH) / 2)),
  },
  new Float32Array(7),
);

const half = (classIndex: number, left: number): ComposedRegion => ({
  classIndex,
  runnerUp: 2,
  score: 0.3,
  margin: 0.1,
  confidence: 0.4,
  node: left === 0 ? 4 : 5,
  nearest: [7],
  area: (WIDTH * HEIGHT) / 2,
  box: [left, 0, WIDTH / 2, HEIGHT],
});

/** The left half is class 0, the right half class 1. */
const composition: Composition = {
  width: WIDTH,
  height: HEIGHT,
  regions: [half(0, 0), half(1, WIDTH / 2)],
  regionMap: Uint16Array.from({ length: WIDTH * HEIGHT }, (_, pixel) => (pixel % WIDTH < WIDTH / 2 ? 1 : 2)),
};

const columns = (from: number, to: number) =>
  runsOfMask(Array.from({ length: WIDTH * HEIGHT }, (_, at) => (at % WIDTH >= from && at % WIDTH < to ? 1 : 0)));

describe("corrections over a composition", () => {
  test("without any the composition is the same object", () => {
    expect(applyCorrections(composition, regions, []).composition).toBe(composition);
  });

  test("a region that was named whole is replaced by one of that class, as sure as can be", () => {
    const { composition: corrected, masks } = applyCorrections(composition, regions, [
      { classIndex: 1, runs: columns(0, 4) },
    ]);
    expect(masks).toEqual([0]);
    expect(corrected.regions).toHaveLength(2);
    expect(corrected.regions.at(-1)).toMatchObject({
      classIndex: 1,
      runnerUp: 0,
      confidence: 1,
      score: 0.3,
      node: 4,
      nearest: [],
      area: 16,
      box: [0, 0, 4, 4],
    });
    expect([...corrected.regionMap.subarray(0, WIDTH)]).toEqual([2, 2, 2, 2, 1, 1, 1, 1]);
  });

  test("a correction that agrees with the match keeps its references and its runner-up", () => {
    const { composition: corrected } = applyCorrections(composition, regions, [{ classIndex: 0, runs: columns(0, 4) }]);
    expect(corrected.regions.at(-1)).toMatchObject({ classIndex: 0, runnerUp: 2, nearest: [7] });
  });

  test("a later correction hides an earlier one that it covers", () => {
    const { composition: corrected, masks } = applyCorrections(composition, regions, [
      { classIndex: 1, runs: columns(0, 2) },
      { classIndex: OTHER, runs: columns(0, 4) },
    ]);
    expect(masks).toEqual([1]);
    expect(corrected.regions.map(({ classIndex }) => classIndex)).toEqual([1, OTHER]);
  });

  test("whatever is named, every pixel lies in one region whose area and box fit, and named pixels have their class", () => {
    const mask = fc
      .array(fc.boolean(), { minLength: WIDTH * HEIGHT, maxLength: WIDTH * HEIGHT })
      .map((bits) => runsOfMask(bits.map(Number)))
      .filter((runs) => runs.length > 0);
    const named = fc.array(fc.record({ classIndex: fc.integer({ min: OTHER, max: 2 }), runs: mask }), { maxLength: 4 });
    fc.assert(
      fc.property(named, (all) => {
        const { composition: corrected } = applyCorrections(composition, regions, all);
        const areas = corrected.regions.map(() => 0);
        const expected = Array.from(composition.regionMap, (region) => composition.regions[region - 1]?.classIndex);
        for (const { classIndex, runs } of all) {
          for (let at = 0; at < runs.length; at += 2) {
            const start = runs[at] ?? 0;
            expected.fill(classIndex, start, start + (runs[at + 1] ?? 0));
          }
        }
        for (const [pixel, value] of corrected.regionMap.entries()) {
          const region = corrected.regions[value - 1];
          areas[value - 1] = (areas[value - 1] ?? 0) + 1;
          expect(region?.classIndex).toBe(expected[pixel]);
          const [left, top, width, height] = region?.box ?? [0, 0, 0, 0];
          const [x, y] = [pixel % WIDTH, Math.floor(pixel / WIDTH)];
          expect(x >= left && x < left + width && y >= top && y < top + height).toBe(true);
        }
        expect(corrected.regions.map(({ area }) => area)).toEqual(areas);
      }),
    );
  });
});

test("the node for a mask is the one that overlaps it best", () => {
  const candidates = Array.from({ length: regions.count }, (_, node) =>
    regions.runs.slice(2 * (regions.offsets[node] ?? 0), 2 * (regions.offsets[node + 1] ?? 0)),
  );
  fc.assert(
    fc.property(fc.nat({ max: WIDTH - 1 }), fc.integer({ min: 1, max: WIDTH }), (from, width) => {
      const runs = columns(from, Math.min(WIDTH, from + width));
      const overlaps = candidates.map((candidate) => intersectionOverUnion(candidate, runs));
      expect(overlaps[bestNode(regions, runs)]).toBeCloseTo(Math.max(...overlaps));
    }),
  );
});
