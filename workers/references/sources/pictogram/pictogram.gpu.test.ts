import { describe, expect, it } from "vitest";
import { areaOfRuns } from "../../../imaging/runs.ts";
import type { ReferenceDraft } from "../../bank/records.ts";
import { decodePicture, type Picture } from "../crop-image.ts";
import { anchors, paintAnchors } from "./anchors.ts";
import { EmojiFont } from "./emoji-font.ts";
import { loadGlyphIndex, withoutSelectors } from "./glyph-index.ts";
import { GlyphPainter } from "./glyph-painter.ts";
import { findGlyphs } from "./lookup.ts";
import { draftPictograms } from "./pictogram.ts";
import { pictogramViews } from "./views.ts";

/** The fonts of the thread that runs this: a page here, whose types the engine does not know. */
function threadFonts(): FontFaceSet {
  const page: unknown = Reflect.get(globalThis, "document");
  const fonts: unknown = typeof page === "object" && page ? Reflect.get(page, "fonts") : null;
  if (!(fonts instanceof FontFaceSet)) {
    throw new TypeError("This browser has no font set.");
  }
  return fonts;
}

const painter = new GlyphPainter(new EmojiFont(threadFonts()));

async function painted(glyph: string): Promise<Picture> {
  const picture = await painter.paint(glyph);
  if (!picture) {
    throw new Error(`${glyph} was not painted.`);
  }
  return picture;
}

/** Mean colour of the opaque pixels. */
function meanColour({ pixels }: Picture): readonly [number, number, number] {
  let [red, green, blue, count] = [0, 0, 0, 0];
  for (let at = 0; at < pixels.length; at += 4) {
    if (pixels[at + 3] === 255) {
      red += pixels[at] ?? 0;
      green += pixels[at + 1] ?? 0;
      blue += pixels[at + 2] ?? 0;
      count += 1;
    }
  }
  return [red / count, green / count, blue / count];
}

/** Mean difference of two views, 0..255. */
function difference(a: Picture, b: Picture): number {
  const pixelsOf = (glyph: Picture): Uint8ClampedArray =>
    pictogramViews(glyph, 14, 1)[0]?.picture.pixels ?? new Uint8ClampedArray(1);
  const other = pixelsOf(b);
  return pixelsOf(a).reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0) / other.length;
}

describe("a painted glyph", () => {
  it("has its colours: red apples, green broccoli, blue books", async () => {
    const [apple, broccoli, book] = await Promise.all(["🍎", "🥦", "📘"].map(painted)).then((all) =>
      all.map(meanColour),
    );
    expect(apple?.[0]).toBeGreaterThan(2 * (apple?.[1] ?? 255));
    expect(broccoli?.[1]).toBeGreaterThan(1.5 * (broccoli?.[2] ?? 255));
    expect(book?.[2]).toBeGreaterThan(2 * (book?.[0] ?? 255));
  });

  it("is cropped to its ink and stands on a transparent ground", async () => {
    const { width, height, pixels } = await painted("🍌");
    const alpha = (x: number, y: number): number => pixels[4 * (y * width + x) + 3] ?? 0;
    const rows = Array.from({ length: height }, (_, y) => y);
    expect(rows.some((y) => alpha(0, y) > 0) && rows.some((y) => alpha(width - 1, y) > 0)).toBe(true);
    expect(rows.some((y) => alpha(0, y) === 0)).toBe(true);
    expect(Math.max(width, height)).toBeGreaterThan(110);
    expect(Math.max(width, height)).toBeLessThan(190);
  });

  it("is the same pixel for pixel each time, by another painter too", async () => {
    const first = await painted("🦓");
    await painted("🐘");
    expect(await painted("🦓")).toEqual(first);
    expect(await new GlyphPainter(new EmojiFont(threadFonts())).paint("🦓")).toEqual(first);
  });

  it("differs from another glyph", async () => {
    expect(difference(await painted("🐕"), await painted("🚗"))).toBeGreaterThan(15);
    expect(difference(await painted("🐕"), await painted("🐕"))).toBe(0);
  });

  it("of a joined sequence is one drawing, not two side by side", async () => {
    const { width, height } = await painted("🐕‍🦺");
    expect(width / height).toBeLessThan(1.5);
    expect(difference(await painted("🐕‍🦺"), await painted("🐕"))).toBeGreaterThan(2);
  });

  it("is refused when the font does not have it", async () => {
    expect(await painter.paint("字")).toBeNull();
    expect(await painter.paint("x")).toBeNull();
  });
});

describe("the bundled font", () => {
  it("has every anchor, and each is painted in colour or grey with an opaque body", async () => {
    const all = await paintAnchors(painter);
    expect(all.map(({ name }) => name)).toEqual(anchors.map(({ name }) => name));
    const bare = all.filter(({ picture }) => pictogramViews(picture, 14).length < 2);
    expect(bare.map(({ name }) => name)).toEqual([]);
  });

  it("has a piece for every glyph that is no flag and no symbol", async () => {
    const font = new EmojiFont(threadFonts());
    const { glyphs } = await loadGlyphIndex();
    const missing: string[] = [];
    for (const { glyph, group } of glyphs) {
      if (group >= 3 && group <= 7 && (await font.familyFor(glyph)) === null) {
        missing.push(withoutSelectors(glyph));
      }
    }
    expect(missing).toEqual([]);
  });
});

async function draftsOf(name: string, subcategory: string | null = null): Promise<readonly ReferenceDraft[]> {
  const glyphs = await findGlyphs(name);
  return draftPictograms(
    glyphs.map(({ glyph, label }) => ({ glyph, label, subcategory })),
    painter,
  );
}

describe("references from a name", () => {
  it("are its glyphs as pictures with their exact masks", async () => {
    const drafts = await draftsOf("dogs");
    expect(drafts.length).toBeGreaterThanOrEqual(3);
    expect(drafts[0]).toMatchObject({ source: "pictogram", domain: "pictogram" });
    expect(drafts[0]?.provenance).toMatch(/🐕.* dog$/u);
    for (const { crop } of drafts) {
      const picture = await decodePicture(crop.image);
      expect([picture.width, picture.height]).toEqual([crop.width, crop.height]);
      const opaque = picture.pixels.filter((value, at) => at % 4 === 3 && value >= 128).length;
      expect(areaOfRuns(crop.runs)).toBe(opaque);
      expect(opaque / (crop.width * crop.height)).toBeGreaterThan(0.25);
    }
  });

  it("leave out a glyph that looks like an earlier one", async () => {
    const clocks = await draftsOf("clock");
    expect(clocks.length).toBeGreaterThan(1);
    expect(await draftsOf("🕒🕓🕔🚗")).toHaveLength(2);
    expect(await draftsOf("🚶🏃👨👩👧")).toHaveLength(5);
  });

  it("carry the sub-category that they were drawn for", async () => {
    const drafts = await draftsOf("poodle", "poodle");
    expect(drafts.map(({ provenance, subcategory }) => [provenance.slice(-6), subcategory])).toEqual([
      ["poodle", "poodle"],
    ]);
  });

  it("are none for a name without glyphs", async () => {
    expect(await draftsOf("xyzzy")).toEqual([]);
  });
});
