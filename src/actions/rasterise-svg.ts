import { EngineError } from "../../workers/contract.ts";

/** Drawings have no size of their own: they are drawn at least as large as the working image, and not much larger. */
const SHORTEST_LONG_SIDE = 1024;
const LONGEST_LONG_SIDE = 2048;

/** A blob's bytes as an address of their own. */
function dataAddress(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(reader.error ?? new Error("The file could not be read.")));
    reader.readAsDataURL(blob);
  });
}

/**
 * Draws an SVG as an `<img>` and gives it back as PNG. As an image an SVG runs no scripts, and loads nothing from
 * outside itself. Rejects with "picture-unreadable".
 */
export async function rasteriseSvg(svg: Blob, name: string): Promise<Blob> {
  try {
    const image = new Image();
    // Not a blob's address: Chromium lets nothing be read back of a drawing with HTML inside that came by one.
    image.src = await dataAddress(new Blob([svg], { type: "image/svg+xml" }));
    await image.decode();
    const width = image.naturalWidth || SHORTEST_LONG_SIDE;
    const height = image.naturalHeight || SHORTEST_LONG_SIDE;
    const longSide = Math.max(width, height);
    const scale = Math.min(LONGEST_LONG_SIDE, Math.max(SHORTEST_LONG_SIDE, longSide)) / longSide;
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: "image/png" });
  } catch (cause) {
    throw new EngineError("picture-unreadable", `${name} could not be drawn.`, { detail: String(cause) }, cause);
  }
}
