import { array, assert, boolean, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import type { ImagePx, Point, Refinement } from "../contract.ts";
import { type RegionSet, regionSetOfMasks, regionSetOfTree, runsOfRegion } from "../imaging/region-set.ts";
import { areaOfRuns, maskOfRuns, runsContain } from "../imaging/runs.ts";
import { refinedMask } from "./refine.ts";

/*
 * A picture of 16 x 8: four leaves side by side, 4 wide; 4 = 0 + 1, 5 = 2 + 3, 6 = everything. Node 4 is the likeliest
 * thing.
 */
const WIDTH = 16;
const HEIGHT = 8;
const STRIP = 4;
const regions: RegionSet = regionSetOfTree(
  WIDTH,
  HEIGHT,
  {
    leaves: 4,
    parent: Int32Array.from([4, 4, 5, 5, 6, 6, -1]),
    leafMap: Uint16Array.from({ length: WIDTH * HEIGHT }, (_, pixel) => Math.floor((pixel % WIDTH) / STRIP)),
  },
  Float32Array.from([0.2, 0.2, 0.2, 0.2, 0.9, 0.3, 0]),
);

const at = (x: number, y = 3): Point => ({ x: x as ImagePx, y: y as ImagePx });
const inLeaf = (leaf: number): Point => at(leaf * STRIP + 1);
const said = (change: Partial<Refinement>): Refinement => ({
  start: null,
  box: null,
  positive: [],
  negative: [],
  ...change,
});
const leavesOf = (refinement: Refinement): number[] => {
  const mask = maskOfRuns(refinedMask(regions, refinement), WIDTH * HEIGHT);
  return [0, 1, 2, 3].filter((leaf) => mask[leaf * STRIP] === 1);
};

describe("a refinement", () => {
  test("begins with the proposal given, else with the box, else with the first plus point", () => {
    expect(leavesOf(said({ start: 5 }))).toEqual([2, 3]);
    const box = { x: 9, y: 0, width: 7, height: 8 } as Refinement["box"];
    expect(leavesOf(said({ box }))).toEqual([2, 3]);
    expect(leavesOf(said({ positive: [inLeaf(1)] }))).toEqual([0, 1]);
    expect(leavesOf(said({}))).toEqual([0, 1]);
  });

  test("takes away what holds a minus point and no plus point", () => {
    expect(leavesOf(said({ start: 4, positive: [inLeaf(0)], negative: [inLeaf(1)] }))).toEqual([0]);
    expect(leavesOf(said({ start: 6, negative: [inLeaf(2)] }))).toEqual([0, 1, 3]);
  });

  test("adds what holds a plus point and no minus point", () => {
    expect(leavesOf(said({ start: 4, positive: [inLeaf(2)] }))).toEqual([0, 1, 2]);
    expect(leavesOf(said({ start: 4, positive: [inLeaf(2), inLeaf(3)] }))).toEqual([0, 1, 2, 3]);
  });

  test("does nothing about points that say what is so already", () => {
    expect(leavesOf(said({ start: 4, positive: [inLeaf(0)], negative: [inLeaf(3)] }))).toEqual([0, 1]);
  });

  test("leaves at least something, and points beyond the border count at the border", () => {
    expect(leavesOf(said({ start: 0, negative: [at(-20)] }))).toEqual([0]);
    expect(leavesOf(said({ start: 0, positive: [at(99)] }))).toEqual([0, 3]);
  });

  test("of masks without a tree works the same", () => {
    const masks = Array.from({ length: regions.count }, (_, index) => runsOfRegion(regions, index));
    const flat = regionSetOfMasks(WIDTH, HEIGHT, masks, regions.scores);
    const refinement = said({ start: 4, positive: [inLeaf(2)], negative: [inLeaf(1)] });
    expect([...refinedMask(flat, refinement)]).toEqual([...refinedMask(regions, refinement)]);
  });

  test("is never empty, stays in the picture, and holds every plus point that no minus point shares a leaf with", () => {
    const point = record({ x: integer({ min: -2, max: 17 }), y: integer({ min: -2, max: 9 }) }).map(({ x, y }) =>
      at(x, y),
    );
    const points = array(point, { maxLength: 4 });
    const pixelOf = ({ x, y }: Point): number =>
      Math.min(HEIGHT - 1, Math.max(0, y)) * WIDTH + Math.min(WIDTH - 1, Math.max(0, x));
    const leafAt = (one: Point): number => regions.tree?.leafMap[pixelOf(one)] ?? 0;
    const wish = record({ begin: integer({ min: 0, max: 6 }), isGiven: boolean(), positive: points, negative: points });
    assert(
      property(wish, ({ begin, isGiven, positive, negative }) => {
        const mask = refinedMask(regions, said({ start: isGiven ? begin : null, positive, negative }));
        const free = positive.filter((one) => !negative.some((other) => leafAt(other) === leafAt(one)));
        expect(areaOfRuns(mask)).toBeGreaterThan(0);
        expect((mask.at(-2) ?? 0) + (mask.at(-1) ?? 0)).toBeLessThanOrEqual(WIDTH * HEIGHT);
        expect(free.every((one) => runsContain(mask, pixelOf(one)))).toBe(true);
      }),
    );
  });
});
