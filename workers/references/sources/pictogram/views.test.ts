import { describe, expect, it } from "vitest";
import { areaOfRuns, boxOfRuns } from "../../../imaging/runs.ts";
import type { Picture } from "../crop-image.ts";
import { pictogramViews, runsOfAlpha, withoutLookalikes } from "./views.ts";

/** A red left half and a blue right half, opaque but for a transparent bottom row. */
function flag(width: number, height: number, left: readonly [number, number, number] = [255, 0, 0]): Picture {
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height - 1; y++) {
    for (let x = 0; x < width; x++) {
      pixels.set(x < width / 2 ? [...left, 255] : [0, 0, 255, 255], 4 * (y * width + x));
    }
  }
  return { width, height, pixels };
}

const pixelAt = ({ picture }: { readonly picture: Picture }, x: number, y: number): readonly number[] => [
  ...picture.pixels.subarray(4 * (y * picture.width + x), 4 * (y * picture.width + x) + 3),
];

describe("views of a pictogram", () => {
  it("are squares of twelve patches, opaque everywhere", () => {
    for (const patch of [14, 16]) {
      for (const { picture } of pictogramViews(flag(40, 20), patch)) {
        expect([picture.width, picture.height]).toEqual([12 * patch, 12 * patch]);
        expect(picture.pixels.filter((value, at) => at % 4 === 3 && value !== 255)).toHaveLength(0);
      }
    }
  });

  it("stand in the middle on different greys, at different scales, one of them mirrored", () => {
    const views = pictogramViews(flag(41, 41), 14);
    const corners = views.map((view) => pixelAt(view, 0, 0));
    expect(corners).toEqual([
      [128, 128, 128],
      [60, 60, 60],
    ]);
    expect(views.map((view) => pixelAt(view, 60, 84))).toEqual([
      [255, 0, 0],
      [0, 0, 255],
    ]);
    expect(views.map(({ runs }) => boxOfRuns(runs, 168).width)).toEqual([126, 148]);
  });

  it("have masks that cover the opaque part, scaled", () => {
    const [view] = pictogramViews(flag(40, 41), 14);
    const scale = (0.75 * 168) / 41;
    expect(areaOfRuns(view?.runs ?? new Uint32Array())).toBeCloseTo(40 * scale * 40 * scale, -3);
  });

  it("are none of a picture without an opaque pixel", () => {
    expect(pictogramViews({ width: 3, height: 3, pixels: new Uint8ClampedArray(36) }, 14)).toEqual([]);
  });
});

describe("glyphs", () => {
  it("have the mask of their opaque pixels", () => {
    expect([...runsOfAlpha(flag(4, 3))]).toEqual([0, 8]);
  });

  it("that look like an earlier one are left out, others stay in order", () => {
    const items = [flag(40, 40), flag(80, 80, [250, 5, 5]), flag(40, 40, [0, 255, 0])].map((picture) => ({ picture }));
    expect(withoutLookalikes(items)).toEqual([items[0], items[2]]);
  });
});
