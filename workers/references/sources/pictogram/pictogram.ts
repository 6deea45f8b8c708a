import type { ReferenceDraft } from "../../bank/records.ts";
import { encodePicture, type Picture } from "../crop-image.ts";
import type { GlyphPainter } from "./glyph-painter.ts";
import { findGlyphs, type GlyphMatch } from "./lookup.ts";
import { runsOfAlpha, withoutLookalikes } from "./views.ts";

interface PaintedGlyph extends GlyphMatch {
  readonly picture: Picture;
}

async function draftOf({ glyph, label, picture }: PaintedGlyph): Promise<ReferenceDraft> {
  return {
    source: "pictogram",
    provenance: `${glyph} ${label}`,
    domain: "pictogram",
    crop: {
      image: await encodePicture(picture, "image/png"),
      width: picture.width,
      height: picture.height,
      runs: runsOfAlpha(picture),
    },
  };
}

/**
 * References for a typed name: its glyphs, painted on a transparent ground, look-alikes left out, best first. Empty when
 * no glyph fits the name.
 * @throws EngineError out-of-memory, and whatever loading the font throws
 */
export async function draftPictograms(name: string, painter: GlyphPainter): Promise<readonly ReferenceDraft[]> {
  const painted: PaintedGlyph[] = [];
  for (const match of await findGlyphs(name)) {
    const picture = await painter.paint(match.glyph);
    if (picture && runsOfAlpha(picture).length > 0) {
      painted.push({ ...match, picture });
    }
  }
  return await Promise.all(withoutLookalikes(painted).map(draftOf));
}
