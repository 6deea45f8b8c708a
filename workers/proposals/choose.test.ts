import { describe, expect, test } from "vitest";
import type { ImagePx, Point } from "../contract.ts";
import { regionSetOfMasks, regionSetOfTree } from "../imaging/region-set.ts";
import { runsOfMask } from "../imaging/runs.ts";
import { proposalsAt, salientProposal } from "./choose.ts";

const at = (x: number, y: number): Point => ({ x: x as ImagePx, y: y as ImagePx });
const box = (left: number, top: number, width: number, height: number) =>
  runsOfMask(
    Array.from({ length: 400 }, (_, pixel) => {
      const [x, y] = [pixel % 20, Math.floor(pixel / 20)];
      return x >= left && x < left + width && y >= top && y < top + height ? 1 : 0;
    }),
  );

describe("the salient proposal", () => {
  test("is the central one of two that are as good, never the whole picture", () => {
    const masks = [box(0, 0, 6, 6), box(7, 7, 6, 6), box(0, 0, 20, 20)];
    expect(salientProposal(regionSetOfMasks(20, 20, masks, Float32Array.from([0.5, 0.5, 1])))).toBe(1);
  });

  test("is the only one when there is only the whole picture", () => {
    expect(salientProposal(regionSetOfMasks(20, 20, [box(0, 0, 20, 20)], new Float32Array(1)))).toBe(0);
  });
});

describe("the proposals at a place", () => {
  test("are the likeliest, then the others from small to large, without near duplicates", () => {
    const masks = [box(0, 0, 20, 20), box(2, 2, 4, 4), box(1, 1, 10, 10), box(1, 1, 10, 11), box(12, 12, 4, 4)];
    const regions = regionSetOfMasks(20, 20, masks, Float32Array.from([0.1, 0.2, 0.6, 0.5, 1]));
    expect(proposalsAt(regions, at(3, 3))).toEqual([2, 1, 0]);
    expect(proposalsAt(regions, at(13.9, 14))).toEqual([4, 0]);
  });

  test("begin with the smaller of two that are as good: who points at a thing means less than the whole picture", () => {
    const regions = regionSetOfMasks(20, 20, [box(0, 0, 20, 19), box(2, 2, 6, 6)], Float32Array.from([0.8, 0.6]));
    expect(proposalsAt(regions, at(3, 3))).toEqual([1, 0]);
  });

  test("are a leaf and its ancestors in a tree, and the pairs of a node and a part of its sibling", () => {
    const leafMap = Uint16Array.from([0, 0, 1, 2]);
    const tree = { leaves: 3, parent: Int32Array.from([3, 3, 4, 4, -1]), leafMap };
    const regions = regionSetOfTree(4, 1, tree, Float32Array.from([0.1, 0.9, 0.5, 0.4, 0]));
    // Proposal 5 joins leaf 2 with leaf 1; leaf 2 and leaf 0 lie apart.
    expect(proposalsAt(regions, at(2, 0))).toEqual([1, 5, 3, 4]);
    expect(proposalsAt(regions, at(0, 0))).toEqual([3, 0, 4]);
  });

  test("outside the picture are those at its border", () => {
    const regions = regionSetOfMasks(20, 20, [box(19, 19, 1, 1)], new Float32Array(1));
    expect(proposalsAt(regions, at(500, 20))).toEqual([0]);
    expect(proposalsAt(regions, at(-3, -1))).toEqual([]);
  });
});
