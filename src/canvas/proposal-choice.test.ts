import { describe, expect, it } from "vitest";
import type { RegionChoice } from "../../workers/contract.ts";
import { bySize, stepped } from "./proposal-choice.ts";
import { imagePx } from "./viewport.ts";

const choice = (proposal: number, area: number): RegionChoice => ({
  proposal,
  area,
  box: { x: imagePx(0), y: imagePx(0), width: imagePx(1), height: imagePx(1) },
  score: 0.5,
  outline: "",
});

describe("choices of proposals", () => {
  it("are ordered by size, each proposal once, and keep the objects that were given", () => {
    const likeliest = choice(7, 50);
    const sizes = bySize([likeliest, choice(3, 10), choice(7, 50), choice(9, 90)]);
    expect(sizes.map(({ proposal }) => proposal)).toEqual([3, 7, 9]);
    expect(sizes[1]).toBe(likeliest);
  });

  it("step to the next size and stay at the ends", () => {
    const sizes = bySize([choice(7, 50), choice(3, 10), choice(9, 90)]);
    const [small = null, middle = null, large = null] = sizes;
    expect(stepped(sizes, middle, 1)).toBe(large);
    expect(stepped(sizes, middle, -1)).toBe(small);
    expect(stepped(sizes, large, 1)).toBe(large);
    expect(stepped(sizes, small, -1)).toBe(small);
    expect(stepped([], null, 1)).toBeNull();
  });
});
