import { EngineError } from "../contract.ts";
import { boxOfRuns, type Runs } from "./runs.ts";
import type { WorkingImage } from "./working-image.ts";

/** Long side at most, in pixels. */
const LONG_SIDE = 160;
/** Surroundings on each side, as a share of the mask's long side. */
const MARGIN = 0.12;
/** How dark what is not of the mask becomes. */
const DIMMED = 0.35;

/**
 * A part of a picture with a little of its surroundings, which are dimmed.
 * @returns WebP, or PNG where the browser does not encode WebP
 * @throws EngineError out-of-memory
 */
export async function maskImage(image: WorkingImage, runs: Runs): Promise<Blob> {
  const box = boxOfRuns(runs, image.width);
  const margin = Math.ceil(MARGIN * Math.max(box.width, box.height));
  const [left, top] = [Math.max(0, box.x - margin), Math.max(0, box.y - margin)];
  const width = Math.min(image.width, box.x + box.width + margin) - left;
  const height = Math.min(image.height, box.y + box.height + margin) - top;
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y += 1) {
    const from = 4 * ((top + y) * image.width + left);
    for (let at = 0; at < 4 * width; at += 4) {
      const to = 4 * y * width + at;
      for (let channel = 0; channel < 3; channel += 1) {
        pixels[to + channel] = DIMMED * (image.pixels[from + at + channel] ?? 0);
      }
      pixels[to + 3] = 255;
    }
  }
  for (let run = 0; run < runs.length; run += 2) {
    const start = runs[run] ?? 0;
    const end = start + (runs[run + 1] ?? 0);
    for (let pixel = start; pixel < end; pixel += 1) {
      const at = 4 * ((Math.floor(pixel / image.width) - top) * width + (pixel % image.width) - left);
      for (let channel = 0; channel < 3; channel += 1) {
        pixels[at + channel] = image.pixels[4 * pixel + channel] ?? 0;
      }
    }
  }
  return encoded(new ImageData(pixels, width, height));
}

async function encoded(data: ImageData): Promise<Blob> {
  const scale = Math.min(1, LONG_SIDE / Math.max(data.width, data.height));
  const [width, height] = [data.width, data.height].map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ];
  const bitmap = await createImageBitmap(data, { resizeWidth: width, resizeHeight: height, resizeQuality: "high" });
  try {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) throw new EngineError("out-of-memory", "There is not enough memory to show a region.");
    context.drawImage(bitmap, 0, 0);
    return await canvas.convertToBlob({ type: "image/webp", quality: 0.85 });
  } finally {
    bitmap.close();
  }
}
