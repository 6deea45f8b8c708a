import { EngineError } from "../../../contract.ts";
import type { Picture } from "../crop-image.ts";
import type { EmojiFont } from "./emoji-font.ts";

/** Font size in pixels; the ink of a glyph is about 1.2 times as wide and high. */
const FONT_SIZE = 128;
const CANVAS_SIDE = 2 * FONT_SIZE;
/** A sequence that the font cannot join is drawn as several glyphs, and is wider than this many font sizes. */
const WIDEST = 1.6;

/** Smallest part of a picture that holds all its ink; null for a picture without any. */
function cropToInk({ width, height, pixels }: Picture): Picture | null {
  let [left, right, top, bottom] = [width, 0, height, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (pixels[4 * (y * width + x) + 3] !== 0) {
        left = Math.min(left, x);
        right = Math.max(right, x + 1);
        top = Math.min(top, y);
        bottom = y + 1;
      }
    }
  }
  if (right === 0) {
    return null;
  }
  const cropped = new Uint8ClampedArray(4 * (right - left) * (bottom - top));
  for (let y = top; y < bottom; y++) {
    cropped.set(pixels.subarray(4 * (y * width + left), 4 * (y * width + right)), 4 * (y - top) * (right - left));
  }
  return { width: right - left, height: bottom - top, pixels: cropped };
}

/** Draws glyphs of the bundled colour font: the same pixels for the same glyph, on a transparent ground. */
export class GlyphPainter {
  readonly #font: EmojiFont;
  readonly #context: OffscreenCanvasRenderingContext2D;

  /** @throws EngineError out-of-memory */
  constructor(font: EmojiFont) {
    const context = new OffscreenCanvas(CANVAS_SIDE, CANVAS_SIDE).getContext("2d", { willReadFrequently: true });
    if (!context) {
      throw new EngineError("out-of-memory", "There is not enough memory to draw pictograms.");
    }
    this.#font = font;
    this.#context = context;
  }

  /** The glyph, cropped to its ink, about 150 px; null when the font has no picture of it. */
  async paint(glyph: string): Promise<Picture | null> {
    const family = await this.#font.familyFor(glyph);
    if (family === null) {
      return null;
    }
    const context = this.#context;
    context.font = `${FONT_SIZE}px "${family}"`;
    if (context.measureText(glyph).width > WIDEST * FONT_SIZE) {
      return null;
    }
    context.clearRect(0, 0, CANVAS_SIDE, CANVAS_SIDE);
    context.textAlign = "center";
    context.fillText(glyph, CANVAS_SIDE / 2, CANVAS_SIDE / 2 + 0.4 * FONT_SIZE);
    const { width, height, data } = context.getImageData(0, 0, CANVAS_SIDE, CANVAS_SIDE);
    return cropToInk({ width, height, pixels: data });
  }
}
