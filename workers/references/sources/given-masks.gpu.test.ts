import { describe, expect, it } from "vitest";
import type { GivenMasks, ImagePx, OriginalPx } from "../../contract.ts";
import { areaOfRuns, boxOfRuns } from "../../imaging/runs.ts";
import type { WorkingImage } from "../../imaging/working-image.ts";
import { shownPart } from "./example.ts";
import { draftPlacedMasks, placeGivenMasks } from "./given-masks.ts";

/** Grey with one red square of 100 at (200, 100). */
function picture(width = 640, height = 480): WorkingImage {
  const pixels = new Uint8ClampedArray(4 * width * height).fill(128);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const red = x >= 200 && x < 300 && y >= 100 && y < 200;
    pixels.set(red ? [255, 0, 0, 255] : [128, 128, 128, 255], 4 * pixel);
  }
  return {
    width: width as ImagePx,
    height: height as ImagePx,
    originalWidth: (2 * width) as OriginalPx,
    originalHeight: (2 * height) as OriginalPx,
    pixels,
    hash: "0",
  };
}

/** The square on a grid of the picture's own size times `scale`. */
function square(scale: number): GivenMasks {
  const width = 1280 * scale;
  const runs: number[] = [];
  for (let row = 200 * scale; row < 400 * scale; row += 1) runs.push(row * width + 400 * scale, 200 * scale);
  return { width, height: 960 * scale, masks: [{ className: "square", runs: new Uint32Array(runs) }] };
}

const draft = async (image: WorkingImage, given: GivenMasks, name: string) =>
  draftPlacedMasks(image, placeGivenMasks(image, given, name), name);

describe("given masks", () => {
  it.each([1, 0.5, 2])(
    "keep the whole picture and lie on the thing in it, on a grid of %d times its size",
    async (scale) => {
      const [first] = await draft(picture(), square(scale), "red.png");
      expect(first).toMatchObject({ source: "import", provenance: "red.png", domain: "photo" });
      expect(first?.crop).toMatchObject({ width: 448, height: 336 });
      const runs = first?.crop.runs ?? new Uint32Array();
      expect(boxOfRuns(runs, 448)).toEqual({ x: 140, y: 70, width: 70, height: 70 });
      expect(areaOfRuns(runs)).toBe(4900);
    },
  );

  it("are shown as the thing with a little around it, not as the whole picture", async () => {
    const [first] = await draft(picture(), square(1), "red.png");
    if (!first) throw new Error("There is no draft.");
    const shown = await createImageBitmap(await shownPart(first.crop));
    expect([shown.width, shown.height]).toEqual([98, 98]);
    shown.close();
  });

  it("of one picture share its one copy", async () => {
    const { width, height, masks } = square(1);
    const drafts = await draft(picture(), { width, height, masks: [...masks, ...masks] }, "red.png");
    expect(drafts).toHaveLength(2);
    expect(drafts[0]?.crop.image).toBe(drafts[1]?.crop.image);
  });

  it.each<[string, GivenMasks]>([
    ["of another shape", { ...square(1), height: 900 }],
    ["without a pixel", { width: 1280, height: 960, masks: [{ className: "none", runs: new Uint32Array() }] }],
    ["past the end", { width: 1280, height: 960, masks: [{ className: "past", runs: new Uint32Array([1228799, 2]) }] }],
    ["out of order", { width: 1280, height: 960, masks: [{ className: "back", runs: new Uint32Array([9, 1, 2, 1]) }] }],
  ])("%s are refused with a message that names the picture", async (_, given) => {
    const refused = draft(picture(), given, "red.png");
    await expect(refused).rejects.toMatchObject({ code: "masks-invalid", message: expect.stringContaining("red.png") });
  });
});
