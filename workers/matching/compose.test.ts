import { describe, expect, test } from "vitest";
import { regionSetOfMasks, regionSetOfTree } from "../imaging/region-set.ts";
import type { RegionSet } from "../imaging/region-set.ts";
import { compose, labelRegions, OTHER } from "./compose.ts";
import type { Composition } from "./compose.ts";
import { decide, NO_CLASS } from "./matcher.ts";
import type { MatchResult } from "./matcher.ts";

/** A match from rows of z, one a region, classes in columns: all classes are candidates. */
function matchOf(rows: readonly (readonly number[])[]): MatchResult {
  const slots = rows[0]?.length ?? 0;
  const ranked = rows.map((row) => row.map((z, index) => [z, index] as const).sort((a, b) => b[0] - a[0]));
  const flat = ranked.flat();
  const score = Float32Array.from(flat, ([z]) => z);
  return decide({
    count: rows.length,
    slots,
    candidates: Uint32Array.from(flat, ([, index]) => index),
    similarity: score,
    divergence: new Float32Array(score.length),
    score,
    // Class c has the references 10 c and 10 c + 1; odd regions are nearest to the second.
    nearest: Uint32Array.from(flat, ([, index], at) => 10 * index + (Math.floor(at / slots) % 2)),
  });
}

/** 20 x 10 pixels, leaves of 5 x 10: 0 | 1 | 2 | 3, nodes 4 = {0, 1}, 5 = {2, 3}, 6 = all, which is no object. */
function stripes(): RegionSet {
  const leafMap = Uint16Array.from({ length: 200 }, (_, pixel) => Math.floor((pixel % 20) / 5));
  const parent = Int32Array.from([4, 4, 5, 5, 6, 6, -1]);
  const objectness = Float32Array.from([0.5, 0.5, 0.5, 0.5, 0.7, 0.7, 0]);
  return regionSetOfTree(20, 10, { leaves: 4, parent, leafMap }, objectness);
}

const box = (left: number, top: number, width: number, height: number, stride: number) =>
  Uint32Array.from(Array.from({ length: height }, (_, row) => [(top + row) * stride + left, width]).flat());

/** What is wrong with a picture, in words. */
function faultsOf(composition: Composition, threshold = 0): string[] {
  const { regions: pieces, regionMap, width } = composition;
  const { classes, classMap } = labelRegions(composition, threshold);
  const areas = new Uint32Array(pieces.length + 1);
  const faults = new Set<string>();
  for (const [pixel, region] of regionMap.entries()) {
    areas[region] = (areas[region] ?? 0) + 1;
    const piece = pieces[region - 1];
    if (piece === undefined) {
      faults.add("a pixel without a region");
      continue;
    }
    if (classMap[pixel] !== (classes[region - 1] ?? OTHER) + 1) faults.add("class map and region disagree");
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const [left, top, wide, tall] = piece.box;
    if (x < left || x >= left + wide || y < top || y >= top + tall) faults.add("a pixel outside its box");
  }
  for (const [index, piece] of pieces.entries()) {
    if (areas[index + 1] !== piece.area) faults.add("an area that is not the number of pixels");
    if (!(piece.confidence >= 0 && piece.confidence <= 1)) faults.add("a confidence outside 0..1");
    if (!(piece.margin >= 0 && piece.margin <= 2)) faults.add("a margin outside 0..2");
  }
  return [...faults];
}

describe("composing over a tree", () => {
  test("what is likely no thing leans to other as far as nothing is known of surroundings, and a likely thing from it", () => {
    const leafMap = Uint16Array.from({ length: 200 }, (_, pixel) => Math.floor((pixel % 20) / 10));
    const parent = Int32Array.from([2, 2, -1]);
    const set = regionSetOfTree(20, 10, { leaves: 2, parent, leafMap }, Float32Array.from([0.05, 0.95, 0]));
    // The left leaf is just above the floor of "other", the right leaf just below it.
    const match = matchOf([[0.13], [0.12], [0.12]]);
    const named = (trust: number) => compose(set, match, 1, trust).regions.map(({ classIndex }) => classIndex);
    expect(named(1)).toEqual([0, OTHER]);
    expect(named(0)).toEqual([OTHER, 0]);
  });

  test("leaves of one class that touch become one region, and others stay apart", () => {
    const rows = [
      [0.6, 0.1, 0.2],
      [0.6, 0.1, 0.2],
      [0.1, 0.7, 0.2],
      [0.6, 0.1, 0.2],
    ];
    const above = [
      [0.6, 0.1, 0.2],
      [0.35, 0.36, 0.2],
      [0.3, 0.3, 0.3],
    ];
    const picture = compose(stripes(), matchOf([...rows, ...above]), 2);
    expect(faultsOf(picture)).toEqual([]);
    expect(picture.regions.map(({ classIndex, area }) => [classIndex, area])).toEqual([
      [0, 100],
      [1, 50],
      [0, 50],
    ]);
    expect(picture.regions.map(({ node }) => node)).toEqual([4, 2, 3]);
    expect([...picture.regionMap.subarray(0, 20)].join("")).toBe("11111111112222233333");
  });

  test("an anchor that wins makes a region other, with the best class as runner-up", () => {
    const rows = Array.from({ length: 7 }, () => [0.2, 0.3, 0.9]);
    const picture = compose(stripes(), matchOf(rows), 2);
    expect(faultsOf(picture)).toEqual([]);
    expect(picture.regions).toHaveLength(1);
    expect(picture.regions[0]).toMatchObject({ classIndex: OTHER, runnerUp: 1, area: 200 });
    expect(labelRegions(picture, 0).classMap.every((label) => label === 0)).toBe(true);
  });

  test("a leaf is named after the thing that it most likely is part of, however large that is", () => {
    const rows = [0, 0, 1, 1, 0, 1, 1].map((other) => (other ? [0.2, 0.5] : [0.5, 0.2]));
    rows[0] = [0.3, 0.4];
    const set = stripes();
    const classes = compose(set, matchOf(rows), 2).regions.map(({ classIndex }) => classIndex);
    expect(classes).toEqual([0, 1]);
    // Not where the leaves are likelier to be things than what they make up together.
    const apart = { ...set, scores: Float32Array.from([0.9, 0.9, 0.9, 0.9, 0, 0, 0]) };
    rows[0] = [0.1, 0.4];
    expect(compose(apart, matchOf(rows), 2).regions.map(({ classIndex }) => classIndex)).toEqual([1, 0, 1]);
  });

  test("a region that resembles no class is other without any anchor", () => {
    const rows = [0, 0, 1, 1, 0, 1, 0].map((unlike) => (unlike ? [0.06, 0.04] : [0.5, 0.1]));
    const { regions } = compose(stripes(), matchOf(rows), 2);
    expect(regions.map(({ classIndex, runnerUp }) => [classIndex, runnerUp])).toEqual([
      [0, OTHER],
      [OTHER, 0],
    ]);
  });

  test("raising the threshold only turns labels to other and leaves the regions as they are", () => {
    const rows = [
      [0.9, 0.1],
      [0.5, 0.45],
      [0.2, 0.8],
      [0.4, 0.42],
      [0.6, 0.3],
      [0.3, 0.6],
      [0.4, 0.4],
    ];
    const composition = compose(stripes(), matchOf(rows), 2);
    expect(composition.regions.every(({ classIndex }) => classIndex !== OTHER)).toBe(true);
    for (let threshold = 0; threshold <= 1.01; threshold += 0.1) {
      expect(faultsOf(composition, threshold)).toEqual([]);
      const expected = composition.regions.map((region) => (region.confidence < threshold ? OTHER : region.classIndex));
      expect([...labelRegions(composition, threshold).classes]).toEqual(expected);
    }
    expect(labelRegions(composition, 1.01).classMap.every((label) => label === 0)).toBe(true);
  });

  test("without any candidate the picture is one region that is other", () => {
    const none = decide({
      count: 7,
      slots: 1,
      candidates: new Uint32Array(7).fill(NO_CLASS),
      similarity: new Float32Array(7),
      divergence: new Float32Array(7),
      score: new Float32Array(7),
      nearest: new Uint32Array(7),
    });
    for (const classes of [0, 3]) {
      const picture = compose(stripes(), none, classes);
      expect(faultsOf(picture)).toEqual([]);
      expect(picture.regions.map(({ classIndex, runnerUp }) => [classIndex, runnerUp])).toEqual([[OTHER, OTHER]]);
    }
  });

  test("the references named are those of the label's class, the weightiest first", () => {
    const rows = Array.from({ length: 7 }, () => [0.9, 0.1]);
    const [piece] = compose(stripes(), matchOf(rows), 2).regions;
    // Leaves 0 and 2 and the root (node 6) are nearest to reference 0, leaves 1 and 3 to reference 1.
    expect(piece?.nearest).toEqual([0, 1]);
  });

  test("a sliver takes the label of the neighbour around it", () => {
    // One pixel of class 1 inside 100 x 100 pixels of class 0.
    const leafMap = new Uint16Array(10_000);
    leafMap[5050] = 1;
    const regions = regionSetOfTree(
      100,
      100,
      { leaves: 2, parent: Int32Array.from([2, 2, -1]), leafMap },
      new Float32Array(3),
    );
    const picture = compose(
      regions,
      matchOf([
        [0.9, 0],
        [0, 0.9],
        [0.5, 0.5],
      ]),
      2,
    );
    expect(faultsOf(picture)).toEqual([]);
    expect(picture.regions.map(({ classIndex }) => classIndex)).toEqual([0]);
  });

  test("a picture of one pixel has one region", () => {
    const tree = { leaves: 1, parent: Int32Array.from([-1]), leafMap: new Uint16Array(1) };
    const regions = regionSetOfTree(1, 1, tree, new Float32Array(1));
    const picture = compose(regions, matchOf([[0.2, 0.4]]), 2);
    expect(faultsOf(picture)).toEqual([]);
    expect(picture.regions[0]).toMatchObject({ classIndex: 1, runnerUp: 0, node: 0, area: 1 });
  });
});

describe("composing masks that overlap", () => {
  const masks = [box(0, 0, 10, 10, 20), box(5, 0, 10, 10, 20), box(6, 2, 2, 2, 20)];

  test("the surest mask lies on top, and what none covers is other", () => {
    const regions = regionSetOfMasks(20, 10, masks.slice(0, 2), new Float32Array(2));
    const picture = compose(
      regions,
      matchOf([
        [0.9, 0.1],
        [0.4, 0.5],
      ]),
      2,
    );
    expect(faultsOf(picture)).toEqual([]);
    expect([...labelRegions(picture, 0).classMap.subarray(0, 20)].join("")).toBe("11111111112222200000");
  });

  test("of equally sure masks the smaller lies on top", () => {
    const regions = regionSetOfMasks(20, 10, masks, new Float32Array(3));
    const picture = compose(
      regions,
      matchOf([
        [0.5, 0.1],
        [0.5, 0.1],
        [0.1, 0.5],
      ]),
      2,
    );
    expect(faultsOf(picture)).toEqual([]);
    expect([...labelRegions(picture, 0).classMap.subarray(60, 80)].join("")).toBe("11111122111111100000");
  });

  test("two masks of one class that touch stay two regions", () => {
    const regions = regionSetOfMasks(20, 10, [box(0, 0, 10, 10, 20), box(10, 0, 10, 10, 20)], new Float32Array(2));
    const picture = compose(
      regions,
      matchOf([
        [0.9, 0.1],
        [0.8, 0.1],
      ]),
      2,
    );
    expect(picture.regions.map(({ classIndex, area }) => [classIndex, area])).toEqual([
      [0, 100],
      [0, 100],
    ]);
  });

  test("no mask at all leaves one region that is other", () => {
    const regions = regionSetOfMasks(20, 10, [], new Float32Array(0));
    const picture = compose(regions, matchOf([]), 2);
    expect(faultsOf(picture)).toEqual([]);
    expect(picture.regions.map(({ classIndex, area }) => [classIndex, area])).toEqual([[OTHER, 200]]);
  });
});
