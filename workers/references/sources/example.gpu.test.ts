import { describe, expect, it } from "vitest";
import type { ImagePx, OriginalPx } from "../../contract.ts";
import { maskOfRuns, type Runs, runsOfMask } from "../../imaging/runs.ts";
import type { WorkingImage } from "../../imaging/working-image.ts";
import { decodePicture } from "./crop-image.ts";
import { CROP_LONG_SIDE, makeExample } from "./example.ts";

/** A green picture with a red disc, and the disc's mask. */
function discPicture(width: number, height: number, x: number, y: number, radius: number): [WorkingImage, Runs] {
  const pixels = new Uint8ClampedArray(4 * width * height);
  const mask = new Uint8Array(width * height);
  for (let pixel = 0; pixel < mask.length; pixel++) {
    const inside = Math.hypot((pixel % width) - x, Math.floor(pixel / width) - y) <= radius;
    mask[pixel] = inside ? 1 : 0;
    pixels.set(inside ? [220, 30, 30, 255] : [30, 160, 60, 255], 4 * pixel);
  }
  const image: WorkingImage = {
    width: width as ImagePx,
    height: height as ImagePx,
    originalWidth: width as OriginalPx,
    originalHeight: height as OriginalPx,
    pixels,
    hash: "",
  };
  return [image, runsOfMask(mask)];
}

describe("an example", () => {
  it.each([
    ["scaled down", 1000, 700, 500, 350, 300],
    ["at its own size", 200, 160, 60, 50, 40],
    ["at the picture's edge", 300, 300, 10, 290, 60],
  ])("%s shows the thing under its mask and the surroundings outside", async (_, width, height, x, y, radius) => {
    const [image, runs] = discPicture(width, height, x, y, radius);
    const { crop, ...rest } = await makeExample(image, runs, "disc.png");
    expect(rest).toEqual({ source: "example", provenance: "disc.png", domain: "photo" });
    expect(Math.max(crop.width, crop.height)).toBeLessThanOrEqual(CROP_LONG_SIDE);
    const picture = await decodePicture(crop.image);
    expect([picture.width, picture.height]).toEqual([crop.width, crop.height]);

    const mask = maskOfRuns(crop.runs, crop.width * crop.height);
    let wrong = 0;
    mask.forEach((inside, pixel) => {
      const red = (picture.pixels[4 * pixel] ?? 0) > (picture.pixels[4 * pixel + 1] ?? 0);
      wrong += red === (inside === 1) ? 0 : 1;
    });
    // Only the disc's edge may differ: WebP blurs colours over two pixels, scaling over one.
    expect(wrong).toBeLessThan(2 * (crop.width + crop.height));
    expect(wrong / mask.length).toBeLessThan(0.04);
  });

  it("of one pixel is kept at its size, with a margin", async () => {
    const [image] = discPicture(20, 20, 10, 10, 5);
    const { crop } = await makeExample(image, new Uint32Array([20 * 10 + 10, 1]), "dot");
    expect([crop.width, crop.height, ...crop.runs]).toEqual([3, 3, 4, 1]);
  });

  it("of an empty mask is refused", async () => {
    const [image] = discPicture(20, 20, 10, 10, 5);
    await expect(makeExample(image, new Uint32Array(), "none")).rejects.toMatchObject({ code: "region-missing" });
  });

  it("whose stored picture is no picture is called damaged", async () => {
    await expect(decodePicture(new Blob(["no picture"]))).rejects.toMatchObject({ code: "storage-damaged" });
  });
});
