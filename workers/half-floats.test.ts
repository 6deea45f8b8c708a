import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areFiniteHalves, fromHalves, toHalves } from "./half-floats.ts";

const round = (value: number): number => fromHalves(toHalves(Float32Array.of(value)))[0] ?? Number.NaN;

describe("numbers of 16 bits", () => {
  it("come back exactly, all 63,488 finite ones", () => {
    const all = Uint16Array.from({ length: 0x10000 }, (_, half) => half).filter((half) => (half & 0x7c00) !== 0x7c00);
    expect(all).toHaveLength(63_488);
    expect(toHalves(fromHalves(all))).toEqual(all);
  });

  it.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [0.333251953125, 0x3555],
    [-0, 0x8000],
  ])("stand for what IEEE 754 says: %d is %d", (value, half) => {
    expect(toHalves(Float32Array.of(value))[0]).toBe(half);
    expect(fromHalves(Uint16Array.of(half))[0]).toBe(value);
  });

  it("are the nearest there is, ties to even", () => {
    expect(round(1 + 2 ** -11)).toBe(1);
    expect(round(1 + 3 * 2 ** -11)).toBe(1 + 2 ** -9);
    expect(round(1 + 2 ** -11 + 2 ** -20)).toBe(1 + 2 ** -10);
    expect(round(2047.5)).toBe(2048);
    expect(round(2 ** -25)).toBe(0);
    expect(round(2 ** -25 * 1.01)).toBe(2 ** -24);
    expect(round(2 ** -15 + 2 ** -24 * 0.5)).toBe(2 ** -15);
  });

  it("never overflow into infinity", () => {
    expect([round(1e9), round(-1e9), round(65519.9)]).toEqual([65504, -65504, 65504]);
    expect(areFiniteHalves(toHalves(Float32Array.of(1e30, -1e30, 0)))).toBe(true);
    expect(areFiniteHalves(Uint16Array.of(0, 0x7c00))).toBe(false);
    expect(areFiniteHalves(Uint16Array.of(0xfe00))).toBe(false);
  });

  it("lose at most 2^-11 of a number's size, or 2^-25 of a tiny one", () => {
    fc.assert(
      fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (value) => {
        expect(Math.abs(round(value) - value)).toBeLessThanOrEqual(Math.max(Math.abs(value) * 2 ** -11, 2 ** -25));
      }),
    );
  });
});
