import type { ReferenceDraft } from "../../bank/records.ts";
import { encodePicture, type Picture } from "../crop-image.ts";
import type { GlyphPainter } from "./glyph-painter.ts";
import { runsOfAlpha, withoutLookalikes } from "./views.ts";

/** A glyph that is to become a reference. */
export interface WantedGlyph {
  readonly glyph: string;
  readonly label: string;
  readonly subcategory: string | null;
}

interface PaintedGlyph extends WantedGlyph {
  readonly picture: Picture;
}

async function draftOf({ glyph, label, subcategory, picture }: PaintedGlyph): Promise<ReferenceDraft> {
  return {
    source: "pictogram",
    provenance: `${glyph} ${label}`,
    domain: "pictogram",
    subcategory,
    crop: {
      image: await encodePicture(picture, "image/png"),
      width: picture.width,
      height: picture.height,
      runs: runsOfAlpha(picture),
    },
  };
}

/** The glyph in a pictogram's provenance. */
export const glyphOfProvenance = (provenance: string): string => provenance.split(" ", 1)[0] ?? "";

/**
 * References of glyphs: painted on a transparent ground, look-alikes of earlier ones left out. Empty when the font has
 * none of them.
 * @throws EngineError out-of-memory, and whatever loading the font throws
 */
export async function draftPictograms(
  wanted: readonly WantedGlyph[],
  painter: GlyphPainter,
): Promise<readonly ReferenceDraft[]> {
  const painted: PaintedGlyph[] = [];
  for (const one of wanted) {
    const picture = await painter.paint(one.glyph);
    if (picture && runsOfAlpha(picture).length > 0) {
      painted.push({ ...one, picture });
    }
  }
  return await Promise.all(withoutLookalikes(painted).map(draftOf));
}
