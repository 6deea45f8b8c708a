import { describe, expect, it } from "vitest";
import { areaOfRuns, maskOfRuns, runsOfMask } from "../imaging/runs.ts";
import { partMasksOf } from "./parts.ts";
import { cropBoxOf } from "./sources/example.ts";

const WIDTH = 128;
const HEIGHT = 96;

function rectangle(x: number, y: number, width: number, height: number): Uint8Array {
  const mask = new Uint8Array(WIDTH * HEIGHT);
  for (let row = y; row < y + height; row += 1) mask.fill(1, row * WIDTH + x, row * WIDTH + x + width);
  return mask;
}

describe("the pieces of a thing and of what is near it", () => {
  it.each([
    ["in the middle", rectangle(40, 30, 40, 30)],
    ["in a corner", rectangle(0, 0, 30, 50)],
    ["as wide as the picture", rectangle(0, 20, WIDTH, 40)],
  ])("cover the thing and its crop once, %s", (_, mask) => {
    const runs = runsOfMask(mask);
    const { masks, inside, patches } = partMasksOf(runs, WIDTH, HEIGHT);
    const near = cropBoxOf(runs, WIDTH, HEIGHT);
    const times = new Uint8Array(WIDTH * HEIGHT);
    for (const piece of masks)
      maskOfRuns(piece, times.length).forEach((set, at) => (times[at] = (times[at] ?? 0) + set));
    for (let y = 0; y < HEIGHT; y += 1) {
      for (let x = 0; x < WIDTH; x += 1) {
        const isNear = x >= near.x && x < near.x + near.width && y >= near.y && y < near.y + near.height;
        expect(times[y * WIDTH + x]).toBe(isNear ? 1 : 0);
      }
    }
    const own = masks.slice(0, inside).reduce((sum, piece) => sum + areaOfRuns(piece), 0);
    expect(own).toBe(areaOfRuns(runs));
    // A patch is a 32nd of the long side: 4 x 4 pixels here.
    expect(patches).toEqual(masks.map((piece) => areaOfRuns(piece) / 16));
  });

  it("are a quarter of the thing each, where it is even", () => {
    const { masks } = partMasksOf(runsOfMask(rectangle(40, 30, 40, 30)), WIDTH, HEIGHT);
    expect(masks.slice(0, 4).map(areaOfRuns)).toEqual([300, 300, 300, 300]);
  });

  it("are left out when they are less than a patch: a thing of three pixels has none", () => {
    expect(partMasksOf(Uint32Array.from([WIDTH * 40 + 60, 3]), WIDTH, HEIGHT).inside).toBe(0);
  });
});
