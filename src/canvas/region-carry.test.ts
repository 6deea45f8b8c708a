import { describe, expect, test } from "vitest";
import type { RegionIndex } from "../../workers/contract.ts";
import { RegionCarry } from "./region-carry.ts";
import { screenPoint } from "./viewport.ts";

const REGION = 7 as RegionIndex;
const at = screenPoint;

describe("a pointer on the selected region", () => {
  test("that only trembles is a click", () => {
    const carry = new RegionCarry(4);
    expect(carry.down(1, at(50, 50), REGION)).toBe(true);
    expect(carry.move(at(52, 51))).toBeNull();
    expect(carry.up()).toBeNull();
    expect(carry.isHeldBy(1)).toBe(false);
  });

  test("that moves away carries the region, also back to where it began", () => {
    const carry = new RegionCarry(4);
    carry.down(1, at(50, 50), REGION);
    expect(carry.move(at(80, 50))).toBe(REGION);
    expect(carry.move(at(50, 50))).toBe(REGION);
    expect(carry.up()).toBe(REGION);
  });

  test("gives way to a second finger before it moved, and keeps the region from then on", () => {
    const carry = new RegionCarry(4);
    carry.down(1, at(50, 50), REGION);
    expect(carry.down(2, at(90, 90), REGION)).toBe(false);
    expect(carry.release()).toEqual([[1, at(50, 50)]]);
    carry.down(1, at(50, 50), REGION);
    carry.move(at(80, 50));
    expect(carry.down(2, at(90, 90), REGION)).toBe(true);
    expect(carry.isHeldBy(2)).toBe(false);
    expect(carry.up()).toBe(REGION);
  });
});

test("a pointer elsewhere is for others", () => {
  const carry = new RegionCarry(4);
  expect(carry.down(1, at(50, 50), null)).toBe(false);
  expect(carry.isHeldBy(1)).toBe(false);
});
