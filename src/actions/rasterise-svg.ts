import { EngineError } from "../../workers/contract.ts";

/** Drawings have no size of their own: they are drawn at least as large as the working image, and not much larger. */
const SHORTEST_LONG_SIDE = 1024;
const LONGEST_LONG_SIDE = 2048;

/**
 * Draws an SVG as an `<img>` and gives it back as PNG. As an image an SVG runs no scripts, and loads nothing from
 * outside itself. Rejects with "picture-unreadable".
 */
export async function rasteriseSvg(svg: Blob, name: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
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
  } finally {
    URL.revokeObjectURL(address);
  }
}
