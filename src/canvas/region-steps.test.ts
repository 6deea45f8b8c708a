import { expect, test } from "vitest";
import type { RegionIndex } from "../../workers/contract.ts";
import { stepRegion } from "./region-steps.ts";

const region = (index: number): RegionIndex => index as RegionIndex;
const regions = [4, 0, 7].map((index) => ({ index: region(index) }));

test("steps go from each region to the next, round the ends, in both directions", () => {
  const forward = [null, region(4), region(0), region(7)].map((from) => stepRegion(regions, from, 1));
  expect(forward).toEqual([4, 0, 7, 4]);
  const back = [null, region(7), region(0), region(4)].map((from) => stepRegion(regions, from, -1));
  expect(back).toEqual([7, 0, 4, 7]);
});

test("a region that is gone is as none; without regions there is nowhere to step", () => {
  expect(stepRegion(regions, region(5), 1)).toBe(4);
  expect(stepRegion([], null, 1)).toBeNull();
  expect(stepRegion([], region(1), -1)).toBeNull();
});
