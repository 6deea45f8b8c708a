import { compactKey, singular, wordsOf } from "./words.ts";

/** An emoji as the Unicode CLDR annotations describe it; skin tones are not listed apart. */
export interface Glyph {
  readonly glyph: string;
  /** CLDR short name, lower case: "dog face", "couch and lamp". */
  readonly label: string;
  /** What the label names, without its "with", "on", "and": "couch". */
  readonly core: readonly string[];
  readonly tags: ReadonlySet<string>;
  /** Unicode group, see GROUP. */
  readonly group: number;
}

/** Numbers of the Unicode groups that matter here. */
export const GROUP = { smileys: 0, people: 1, components: 2, animals: 3, objects: 7, symbols: 8, flags: 9 } as const;

export interface GlyphIndex {
  /** In the order of the Unicode charts. */
  readonly glyphs: readonly Glyph[];
  /** By glyph without variation selectors. */
  readonly byGlyph: ReadonlyMap<string, Glyph>;
}

/** The part of an annotation file that is used. */
interface Annotation {
  readonly unicode: string;
  readonly label: string;
  readonly group?: number | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** Variation selectors only ask for the coloured or the plain form; glyphs are compared without. */
export const withoutSelectors = (glyph: string): string => glyph.replace(/[\ufe0e\ufe0f]/gu, "");

function coreOf(label: string): readonly string[] {
  const [core = ""] = label.split(/[:,(]| (?:with|without|on|in|of|and|at) /u);
  return wordsOf(core).map(singular);
}

function indexGlyphs(annotations: readonly Annotation[]): GlyphIndex {
  const glyphs = annotations.flatMap(({ unicode, label, group, tags }): Glyph[] =>
    group === undefined || group === GROUP.components
      ? []
      : [
          {
            glyph: unicode,
            label: label.toLowerCase(),
            core: coreOf(label.toLowerCase()),
            tags: new Set((tags ?? []).map(compactKey)),
            group,
          },
        ],
  );
  return { glyphs, byGlyph: new Map(glyphs.map((glyph) => [withoutSelectors(glyph.glyph), glyph])) };
}

let loading: Promise<GlyphIndex> | null = null;

/** The index of all glyphs, loaded at the first call: about 90 kB of compressed annotations. */
export function loadGlyphIndex(): Promise<GlyphIndex> {
  loading ??= import("emojibase-data/en/compact.json").then(
    (annotations) => indexGlyphs(annotations.default),
    (error: unknown) => {
      // The next call tries again: a page that was offline for a moment must not be without names for good.
      loading = null;
      throw error;
    },
  );
  return loading;
}
