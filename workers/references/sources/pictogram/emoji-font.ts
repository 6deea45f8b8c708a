import ranges from "@fontsource/noto-color-emoji/unicode.json" with { type: "json" };
import piece0 from "@fontsource/noto-color-emoji/files/noto-color-emoji-0-400-normal.woff?url";
import piece1 from "@fontsource/noto-color-emoji/files/noto-color-emoji-1-400-normal.woff?url";
import piece2 from "@fontsource/noto-color-emoji/files/noto-color-emoji-2-400-normal.woff?url";
import piece3 from "@fontsource/noto-color-emoji/files/noto-color-emoji-3-400-normal.woff?url";
import piece4 from "@fontsource/noto-color-emoji/files/noto-color-emoji-4-400-normal.woff?url";
import piece5 from "@fontsource/noto-color-emoji/files/noto-color-emoji-5-400-normal.woff?url";
import piece6 from "@fontsource/noto-color-emoji/files/noto-color-emoji-6-400-normal.woff?url";
import piece7 from "@fontsource/noto-color-emoji/files/noto-color-emoji-7-400-normal.woff?url";
import piece8 from "@fontsource/noto-color-emoji/files/noto-color-emoji-8-400-normal.woff?url";
import piece9 from "@fontsource/noto-color-emoji/files/noto-color-emoji-9-400-normal.woff?url";
import piece10 from "@fontsource/noto-color-emoji/files/noto-color-emoji-10-400-normal.woff?url";
import { withoutSelectors } from "./glyph-index.ts";
import { codePointsIn } from "./unicode-range.ts";

/**
 * Noto Color Emoji comes in pieces of 34 kB to 2.4 MB; a glyph needs the one piece that has all its code points. The .woff
 * files, since only they have colour for every browser: the .woff2 ones lack the COLR table, and Chromium draws nothing.
 */
const PIECES: readonly { readonly family: string; readonly url: string; readonly has: (point: number) => boolean }[] = [
  [piece0, ranges["[0]"]] as const,
  [piece1, ranges["[1]"]] as const,
  [piece2, ranges["[2]"]] as const,
  [piece3, ranges["[3]"]] as const,
  [piece4, ranges["[4]"]] as const,
  [piece5, ranges["[5]"]] as const,
  [piece6, ranges["[6]"]] as const,
  [piece7, ranges["[7]"]] as const,
  [piece8, ranges["[8]"]] as const,
  [piece9, ranges["[9]"]] as const,
  [piece10, ranges["[10]"]] as const,
].map(([url, range], index) => ({ family: `lookalike-emoji-${index}`, url, has: codePointsIn(range) }));

/** The bundled colour font in one thread. Pieces are loaded when first needed, each once. */
export class EmojiFont {
  readonly #fonts: FontFaceSet;
  readonly #loading = new Map<string, Promise<void>>();

  /** @param fonts the thread's own: `self.fonts` of a worker, `document.fonts` of a page */
  constructor(fonts: FontFaceSet) {
    this.#fonts = fonts;
  }

  /**
   * The font family that draws a glyph, loaded; null when the font does not have it.
   * @throws whatever fetching or parsing the font throws; the next call tries again
   */
  async familyFor(glyph: string): Promise<string | null> {
    const points = [...withoutSelectors(glyph)].map((character) => character.codePointAt(0) ?? 0);
    // As in style sheets, the last piece that has them: earlier ones may only have a part of the sequences.
    const piece = PIECES.findLast(({ has }) => points.every(has));
    if (!piece) {
      return null;
    }
    const { family, url } = piece;
    const loading = this.#loading.get(family) ?? this.#load(family, url);
    this.#loading.set(family, loading);
    await loading;
    return family;
  }

  async #load(family: string, url: string): Promise<void> {
    try {
      const face = new FontFace(family, `url(${JSON.stringify(url)})`);
      await face.load();
      this.#fonts.add(face);
    } catch (error) {
      this.#loading.delete(family);
      throw error;
    }
  }
}
