import { EngineError } from "../../contract.ts";
import { boxOfRuns, maskOfRuns, type PixelBox, type Runs, runsOfMask } from "../../imaging/runs.ts";
import type { WorkingImage } from "../../imaging/working-image.ts";
import type { Crop, ReferenceDraft } from "../bank/records.ts";
import { decodePicture, encodePicture } from "./crop-image.ts";

/** Long side of a crop, in pixels. */
export const CROP_LONG_SIDE = 448;

/** Surroundings on each side of the thing, as a share of its long side: context for the model, and examples of "other". */
const MARGIN = 0.2;

/** A crop is shown whole when the thing and its margin fill more than this share of it. */
const CUT_OUT_BELOW = 0.7;

/** The part of the picture that is kept of an example: the mask's box with its margin, inside the picture. */
export function cropBoxOf(runs: Runs, width: number, height: number): PixelBox {
  const box = boxOfRuns(runs, width);
  const margin = Math.ceil(MARGIN * Math.max(box.width, box.height));
  const x = Math.max(0, box.x - margin);
  const y = Math.max(0, box.y - margin);
  return {
    x,
    y,
    width: Math.min(width, box.x + box.width + margin) - x,
    height: Math.min(height, box.y + box.height + margin) - y,
  };
}

/**
 * A mask of a picture as a mask of a crop of it that was scaled down (or not) to cropWidth x cropHeight. A crop pixel is
 * inside when at least half of what it covers is; of a mask too thin for that, when any of it is. Never empty for a mask
 * that reaches into the box.
 * @param width width of the picture that the runs are of
 */
export function cropMask(runs: Runs, width: number, box: PixelBox, cropWidth: number, cropHeight: number): Runs {
  const rows = box.y + box.height;
  const mask = maskOfRuns(runs, width * rows);
  const shares = new Float32Array(cropWidth * cropHeight);
  for (let row = 0; row < cropHeight; row++) {
    const top = box.y + Math.floor((row * box.height) / cropHeight);
    const bottom = Math.max(top + 1, box.y + Math.floor(((row + 1) * box.height) / cropHeight));
    for (let column = 0; column < cropWidth; column++) {
      const left = box.x + Math.floor((column * box.width) / cropWidth);
      const right = Math.max(left + 1, box.x + Math.floor(((column + 1) * box.width) / cropWidth));
      let inside = 0;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          inside += mask[y * width + x] ?? 0;
        }
      }
      shares[row * cropWidth + column] = inside / ((bottom - top) * (right - left));
    }
  }
  const half = runsOfMask(shares.map((share) => (share >= 0.5 ? 1 : 0)));
  return half.length > 0 ? half : runsOfMask(shares);
}

/**
 * The example that a mask shows in a picture, ready for the bank: a crop with its surroundings, and the mask in it.
 * @param provenance the picture's file name
 * @throws EngineError region-missing for an empty mask, out-of-memory
 */
export async function makeExample(image: WorkingImage, runs: Runs, provenance: string): Promise<ReferenceDraft> {
  if (runs.length === 0) {
    throw new EngineError("region-missing", "The example has no pixel.");
  }
  const box = cropBoxOf(runs, image.width, image.height);
  const scale = Math.min(1, CROP_LONG_SIDE / Math.max(box.width, box.height));
  const width = Math.max(1, Math.round(box.width * scale));
  const height = Math.max(1, Math.round(box.height * scale));
  const pixels = await scaledPixels(image, box, width, height);
  return {
    source: "example",
    provenance,
    domain: "photo",
    crop: {
      image: await encodePicture({ width, height, pixels }, "image/webp"),
      width,
      height,
      runs: cropMask(runs, image.width, box, width, height),
    },
  };
}

/**
 * What a person is shown of a reference: the thing with a little around it. Most crops are just that; of a whole picture
 * with many things in it, the part is cut out.
 * @throws EngineError storage-damaged, out-of-memory
 */
export async function shownPart({ image, width, height, runs }: Crop): Promise<Blob> {
  const part = cropBoxOf(runs, width, height);
  if (part.width * part.height > CUT_OUT_BELOW * width * height) return image;
  const { pixels } = await decodePicture(image);
  const cut = new Uint8ClampedArray(4 * part.width * part.height);
  for (let row = 0; row < part.height; row++) {
    const start = 4 * ((part.y + row) * width + part.x);
    cut.set(pixels.subarray(start, start + 4 * part.width), 4 * row * part.width);
  }
  return encodePicture({ width: part.width, height: part.height, pixels: cut }, "image/webp");
}

/** Part of a picture at another size, RGBA. @throws EngineError out-of-memory */
export async function scaledPixels(
  image: WorkingImage,
  box: PixelBox,
  width: number,
  height: number,
): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const whole = new ImageData(image.pixels, image.width, image.height);
  const bitmap = await createImageBitmap(whole, box.x, box.y, box.width, box.height, {
    resizeWidth: width,
    resizeHeight: height,
    resizeQuality: "high",
  });
  try {
    const context = new OffscreenCanvas(width, height).getContext("2d", { alpha: false, willReadFrequently: true });
    if (!context) {
      throw new EngineError("out-of-memory", "There is not enough memory to cut out an example.");
    }
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, width, height).data;
  } finally {
    bitmap.close();
  }
}
