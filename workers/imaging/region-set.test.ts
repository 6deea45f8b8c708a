import { expect, test } from "vitest";
import { regionSetOfMasks, regionSetOfTree, runsOfRegion } from "./region-set.ts";
import { maskOfRuns, runsOfMask } from "./runs.ts";

test("a parent's mask is the union of its children's, whatever the number of children", () => {
  // Leaves 0..3 in a 4 x 2 picture; node 4 = {0, 2, 3}, node 5 = everything.
  const leafMap = Uint16Array.from([0, 0, 1, 2, 3, 0, 1, 2]);
  const parent = Int32Array.from([4, 5, 4, 4, 5, -1]);
  const regions = regionSetOfTree(4, 2, { leaves: 4, parent, leafMap }, new Float32Array(6));
  expect([...maskOfRuns(runsOfRegion(regions, 0), 8)]).toEqual([1, 1, 0, 0, 0, 1, 0, 0]);
  expect([...maskOfRuns(runsOfRegion(regions, 4), 8)]).toEqual([1, 1, 0, 1, 1, 1, 0, 1]);
  expect([...runsOfRegion(regions, 5)]).toEqual([0, 8]);
  expect([...regions.areas]).toEqual([3, 2, 2, 1, 6, 8]);
  expect([...regions.boxes.subarray(16, 24)]).toEqual([0, 0, 4, 2, 0, 0, 4, 2]);
});

test("a long chain of nodes keeps every mask right", () => {
  const leaves = 60;
  const leafMap = Uint16Array.from({ length: leaves * 3 }, (_, pixel) => (pixel * 7) % leaves);
  const count = 2 * leaves - 1;
  const parent = new Int32Array(count).fill(-1);
  parent[0] = leaves;
  for (let merge = 0; merge < leaves - 1; merge++) {
    parent[merge + 1] = leaves + merge;
    if (merge > 0) parent[leaves + merge - 1] = leaves + merge;
  }
  const regions = regionSetOfTree(leaves, 3, { leaves, parent, leafMap }, new Float32Array(count));
  for (let node = leaves; node < count; node++) {
    const expected = Uint8Array.from(leafMap, (leaf) => (leaf <= node - leaves + 1 ? 1 : 0));
    expect([...runsOfRegion(regions, node)]).toEqual([...runsOfMask(expected)]);
  }
});

test("a set of loose masks keeps each mask, its area and its box", () => {
  const masks = [Uint32Array.from([1, 2]), Uint32Array.from([]), Uint32Array.from([2, 4])];
  const regions = regionSetOfMasks(3, 2, masks, Float32Array.from([0.5, 0, 1]));
  expect([...regions.areas]).toEqual([2, 0, 4]);
  expect([...regions.boxes]).toEqual([1, 0, 2, 1, 0, 0, 0, 0, 0, 0, 3, 2]);
  expect([...runsOfRegion(regions, 2)]).toEqual([2, 4]);
  expect(regions.tree).toBeNull();
});
