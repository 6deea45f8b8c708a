import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areaOfRuns, type Runs, runsOfMask } from "../../imaging/runs.ts";
import { CROP_LONG_SIDE, cropBoxOf, cropMask } from "./example.ts";

const rectangle = (width: number, height: number, x: number, y: number, w: number, h: number): Runs =>
  runsOfMask(
    Array.from({ length: width * height }, (_, pixel) => {
      const column = pixel % width;
      const row = Math.floor(pixel / width);
      return column >= x && column < x + w && row >= y && row < y + h ? 1 : 0;
    }),
  );

describe("the crop of an example", () => {
  it("is the mask's box with a fifth of its long side around it", () => {
    expect(cropBoxOf(rectangle(100, 80, 40, 30, 20, 10), 100, 80)).toEqual({ x: 36, y: 26, width: 28, height: 18 });
  });

  it("ends at the picture's edge, and is the whole picture for a whole mask", () => {
    expect(cropBoxOf(rectangle(50, 40, 0, 30, 10, 10), 50, 40)).toEqual({ x: 0, y: 28, width: 12, height: 12 });
    expect(cropBoxOf(new Uint32Array([0, 2000]), 50, 40)).toEqual({ x: 0, y: 0, width: 50, height: 40 });
  });
});

describe("the mask in a crop", () => {
  it("of the crop's own size is the mask moved", () => {
    const runs = rectangle(100, 80, 40, 30, 20, 10);
    const box = cropBoxOf(runs, 100, 80);
    expect([...cropMask(runs, 100, box, box.width, box.height)]).toEqual([...rectangle(28, 18, 4, 4, 20, 10)]);
  });

  it("scaled down to half covers a quarter of the pixels", () => {
    const runs = rectangle(64, 64, 16, 8, 32, 40);
    const box = { x: 0, y: 0, width: 64, height: 64 };
    expect([...cropMask(runs, 64, box, 32, 32)]).toEqual([...rectangle(32, 32, 8, 4, 16, 20)]);
  });

  it("of a hair's breadth does not vanish when scaled down", () => {
    const runs = rectangle(1000, 900, 333, 0, 1, 900);
    const mask = cropMask(runs, 1000, { x: 0, y: 0, width: 1000, height: 900 }, CROP_LONG_SIDE, 403);
    expect(areaOfRuns(mask)).toBe(403);
  });

  it("is never empty, stays inside the crop, and keeps the mask's share of it to a pixel's breadth", () => {
    const side = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(
        side,
        side,
        fc.nat(59),
        fc.nat(59),
        side,
        side,
        fc.double({ min: 0.3, max: 1, noNaN: true }),
        (...of) => {
          const [width, height, atX, atY, w, h, scale] = of;
          const runs = rectangle(width, height, atX % width, atY % height, w, h);
          const box = cropBoxOf(runs, width, height);
          const [cropWidth, cropHeight] = [box.width, box.height].map((one) => Math.max(1, Math.round(one * scale)));
          const mask = cropMask(runs, width, box, cropWidth ?? 1, cropHeight ?? 1);
          const pixels = (cropWidth ?? 1) * (cropHeight ?? 1);
          expect(mask.length).toBeGreaterThan(0);
          expect((mask.at(-2) ?? 0) + (mask.at(-1) ?? 0)).toBeLessThanOrEqual(pixels);
          const share = areaOfRuns(mask) / pixels;
          const tolerance = 2 / (cropWidth ?? 1) + 2 / (cropHeight ?? 1);
          expect(Math.abs(share - areaOfRuns(runs) / (box.width * box.height))).toBeLessThanOrEqual(tolerance);
        },
      ),
    );
  });
});
