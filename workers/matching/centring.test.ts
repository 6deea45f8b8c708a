import { expect, test } from "vitest";
import { type RegionSet, regionSetOfMasks, regionSetOfTree } from "../imaging/region-set.ts";
import { centreOnPicture } from "./centring.ts";

/** 4 x 1 pixels: leaves of 3 and 1, and their parent. */
function tree(): RegionSet {
  const leafMap = Uint16Array.from([0, 0, 0, 1]);
  return regionSetOfTree(4, 1, { leaves: 2, parent: Int32Array.from([2, 2, -1]), leafMap }, new Float32Array(3));
}

const rows = (...numbers: number[]) => ({ count: numbers.length / 2, dimensions: 2, data: Float32Array.from(numbers) });

test("three quarters of the mean along the border are taken from every node", () => {
  const { data } = centreOnPicture(rows(1, 0, 0, 1, 0.6, 0.8), tree());
  // The mean is (0.75, 0.25), whatever the parent is like.
  const wanted = [1 - 0.5625, -0.1875, -0.5625, 1 - 0.1875, 0.6 - 0.5625, 0.8 - 0.1875];
  wanted.forEach((value, at) => expect(data[at]).toBeCloseTo(value, 6));
});

test("masks without a tree weigh by their own areas", () => {
  const masks = [Uint32Array.from([0, 1]), Uint32Array.from([0, 3])];
  const { data } = centreOnPicture(rows(1, 0, 0, 1), regionSetOfMasks(4, 1, masks, new Float32Array(2)));
  [1 - 0.1875, -0.5625, -0.1875, 1 - 0.5625].forEach((value, at) => expect(data[at]).toBeCloseTo(value, 6));
});

test("a thing in the middle is not taken for what the picture has in common", () => {
  const isInner = (at: number): boolean => at % 20 >= 2 && at % 20 < 18 && at >= 40 && at < 360;
  const leafMap = Uint16Array.from({ length: 400 }, (_, at) => (isInner(at) ? 1 : 0));
  const set = regionSetOfTree(20, 20, { leaves: 2, parent: Int32Array.from([2, 2, -1]), leafMap }, new Float32Array(3));
  const { data } = centreOnPicture(rows(1, 0, 0, 1, 0.6, 0.8), set);
  [0.25, 0, -0.75, 1, -0.15, 0.8].forEach((value, at) => expect(data[at]).toBeCloseTo(value, 6));
});

test("a mask that covers no patch still resembles nothing, and the rows given are left as they are", () => {
  const given = rows(0, 0, 0, 1, 0, 1);
  const { data } = centreOnPicture(given, tree());
  expect(Array.from(data.subarray(0, 2))).toEqual([0, 0]);
  expect(Array.from(given.data)).toEqual([0, 0, 0, 1, 0, 1]);
});
