import { expect, test } from "vitest";
import { regionSetOfMasks, regionSetOfTree } from "../../../workers/imaging/region-set.ts";
import { averageRecall, recallAt, scoreProposals } from "./proposal-scores.ts";

/** Four pixels in a row, one leaf each; 4 joins the first two, 5 all. */
const tree = {
  leaves: 4,
  parent: Int32Array.of(4, 4, 5, 5, 5, -1),
  leafMap: Uint16Array.of(0, 1, 2, 3),
};

test("the best overlap is looked for among all nodes of a tree", () => {
  const regions = regionSetOfTree(4, 1, tree, new Float32Array(6));
  const [pair, three] = scoreProposals(regions, [Uint32Array.of(0, 2), Uint32Array.of(0, 3)]);
  expect(pair?.best).toBe(1);
  expect(three?.best).toBeCloseTo(3 / 4, 12);
});

test("masks without a tree give the same", () => {
  const masks = [Uint32Array.of(0, 2), Uint32Array.of(0, 4)];
  const regions = regionSetOfMasks(4, 1, masks, new Float32Array(2));
  expect(scoreProposals(regions, [Uint32Array.of(0, 3)])[0]?.best).toBeCloseTo(3 / 4, 12);
});

test("pairs of a node and a part of its sibling are proposals too", () => {
  const three = { leaves: 3, parent: Int32Array.of(3, 3, 4, 4, -1), leafMap: Uint16Array.of(0, 1, 1, 2) };
  const regions = regionSetOfTree(4, 1, three, Float32Array.of(0.1, 0.1, 0.1, 0.1, 0));
  expect(scoreProposals(regions, [Uint32Array.of(1, 3)])[0]).toEqual({ best: 1, among: [1, 1, 1] });
});

test("among the likeliest regions only those with the highest scores count", () => {
  const masks = Array.from({ length: 11 }, (_, at) => (at === 10 ? Uint32Array.of(0, 2) : Uint32Array.of(2 + at, 1)));
  const scores = Float32Array.from({ length: 11 }, (_, at) => 1 - at / 20);
  const [score] = scoreProposals(regionSetOfMasks(12, 1, masks, scores), [Uint32Array.of(0, 2)]);
  expect(score?.among[0]).toBe(0);
  expect(score?.among[1]).toBe(1);
});

test("recall counts what reaches the overlap, average recall is its mean over ten overlaps", () => {
  expect(recallAt([0.2, 0.5, 0.8, 1], 0.5)).toBe(0.75);
  // 0.8 reaches 0.5, 0.55 .. 0.8: seven of ten.
  expect(averageRecall([0.8, 0.1])).toBeCloseTo(0.35, 12);
});
