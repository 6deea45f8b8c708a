import { EngineError } from "../contract.ts";
import type { WorkingImage } from "./working-image.ts";

/** Long side of a thumbnail, in pixels. */
const THUMBNAIL_LONG_SIDE = 256;

const WEBP_QUALITY = 0.82;

/**
 * A small picture of a working image: long side at most 256 px, never enlarged.
 *
 * @returns WebP, or PNG where the browser does not encode WebP (`convertToBlob` falls back to it by itself).
 * @throws EngineError `out-of-memory`.
 */
export async function makeThumbnail(image: WorkingImage): Promise<Blob> {
  const scale = Math.min(1, THUMBNAIL_LONG_SIDE / Math.max(image.width, image.height));
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const bitmap = await createImageBitmap(new ImageData(image.pixels, image.width, image.height), {
    resizeWidth: width,
    resizeHeight: height,
    resizeQuality: "high",
  });
  try {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) throw new EngineError("out-of-memory", "There is not enough memory to make a thumbnail.");
    context.drawImage(bitmap, 0, 0);
    return await canvas.convertToBlob({ type: "image/webp", quality: WEBP_QUALITY });
  } finally {
    bitmap.close();
  }
}
