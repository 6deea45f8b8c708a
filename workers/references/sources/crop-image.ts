import { EngineError } from "../../contract.ts";

/** RGBA, row-major, straight alpha. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

function canvasOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  // Read back at once: kept in memory, so that no graphics driver has a say in the numbers.
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) {
    throw new EngineError("out-of-memory", "There is not enough memory to draw an example.");
  }
  return context;
}

/**
 * @param type WebP loses a little and is small; PNG keeps every number. Browsers that cannot encode WebP give PNG.
 * @throws EngineError out-of-memory
 */
export async function encodePicture(picture: Picture, type: "image/png" | "image/webp"): Promise<Blob> {
  const context = canvasOf(picture.width, picture.height);
  context.putImageData(new ImageData(picture.pixels, picture.width, picture.height), 0, 0);
  return await context.canvas.convertToBlob({ type, quality: 0.92 });
}

/** @throws EngineError storage-damaged when the stored picture cannot be decoded, out-of-memory */
export async function decodePicture(blob: Blob): Promise<Picture> {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none" }).catch((cause: unknown) => {
    throw new EngineError(
      "storage-damaged",
      "The picture of an example could not be read.",
      { bytes: blob.size },
      cause,
    );
  });
  try {
    const context = canvasOf(bitmap.width, bitmap.height);
    context.drawImage(bitmap, 0, 0);
    const { width, height, data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return { width, height, pixels: data };
  } finally {
    bitmap.close();
  }
}
