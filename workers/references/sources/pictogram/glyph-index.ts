import type { NameLanguage } from "../../../contract.ts";
import { compactKey, foldedKey, singular, wordsOf } from "./words.ts";

/** An emoji as the Unicode CLDR annotations describe it; skin tones are not listed apart. */
export interface Glyph {
  readonly glyph: string;
  /** CLDR short name, lower case: "dog face", "couch and lamp". */
  readonly label: string;
  /** The label as compactKey makes it. */
  readonly key: string;
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
  /** Every word that occurs in a label or a tag: what is among them is spelt as it was meant. */
  readonly words: ReadonlySet<string>;
}

/** What another language calls the glyphs. */
export interface LanguageIndex {
  /** By folded label. */
  readonly byLabel: ReadonlyMap<string, Named>;
  /** Glyphs of things by folded tag, in the order of the Unicode charts. */
  readonly byTag: ReadonlyMap<string, readonly string[]>;
}

/** A glyph under a label. */
interface Named {
  readonly glyph: string;
  readonly label: string;
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
            key: compactKey(label),
            core: coreOf(label.toLowerCase()),
            tags: new Set((tags ?? []).map(compactKey)),
            group,
          },
        ],
  );
  const words = annotations.flatMap(({ label, tags }) => [label, ...(tags ?? [])].flatMap(wordsOf));
  return {
    glyphs,
    byGlyph: new Map(glyphs.map((glyph) => [withoutSelectors(glyph.glyph), glyph])),
    words: new Set(words.flatMap((word) => [word, singular(word)])),
  };
}

/** Things that can be seen in a photograph, as opposed to smileys, symbols and flags. */
export const isThing = (group: number): boolean => group >= GROUP.animals && group <= GROUP.objects;

function indexLanguage(annotations: readonly Annotation[]): LanguageIndex {
  const byLabel = new Map<string, Named>();
  const byTag = new Map<string, string[]>();
  for (const { unicode, label, group, tags } of annotations) {
    if (group === undefined || group === GROUP.components) {
      continue;
    }
    const key = foldedKey(label);
    // Of glyphs with one label in a language, the first of the charts.
    if (!byLabel.has(key)) {
      byLabel.set(key, { glyph: unicode, label });
    }
    for (const tag of isThing(group) ? (tags ?? []) : []) {
      const tagged = byTag.get(foldedKey(tag)) ?? [];
      tagged.push(unicode);
      byTag.set(foldedKey(tag), tagged);
    }
  }
  return { byLabel, byTag };
}

type Annotations = Promise<{ readonly default: readonly Annotation[] }>;

/** Each language is a file of its own, about 90 kB compressed, fetched when it is first asked for. */
const LANGUAGE_FILES: Record<NameLanguage, () => Annotations> = {
  bn: () => import("emojibase-data/bn/compact.json"),
  da: () => import("emojibase-data/da/compact.json"),
  de: () => import("emojibase-data/de/compact.json"),
  "en-gb": () => import("emojibase-data/en-gb/compact.json"),
  es: () => import("emojibase-data/es/compact.json"),
  et: () => import("emojibase-data/et/compact.json"),
  fi: () => import("emojibase-data/fi/compact.json"),
  fr: () => import("emojibase-data/fr/compact.json"),
  hi: () => import("emojibase-data/hi/compact.json"),
  hu: () => import("emojibase-data/hu/compact.json"),
  it: () => import("emojibase-data/it/compact.json"),
  ja: () => import("emojibase-data/ja/compact.json"),
  ko: () => import("emojibase-data/ko/compact.json"),
  lt: () => import("emojibase-data/lt/compact.json"),
  ms: () => import("emojibase-data/ms/compact.json"),
  nb: () => import("emojibase-data/nb/compact.json"),
  nl: () => import("emojibase-data/nl/compact.json"),
  pl: () => import("emojibase-data/pl/compact.json"),
  pt: () => import("emojibase-data/pt/compact.json"),
  ru: () => import("emojibase-data/ru/compact.json"),
  sv: () => import("emojibase-data/sv/compact.json"),
  th: () => import("emojibase-data/th/compact.json"),
  uk: () => import("emojibase-data/uk/compact.json"),
  vi: () => import("emojibase-data/vi/compact.json"),
  zh: () => import("emojibase-data/zh/compact.json"),
  "zh-hant": () => import("emojibase-data/zh-hant/compact.json"),
};

/** Loads once; after a failure the next call tries again: an app offline for a moment must not be without names for good. */
function once<Key, Value>(load: (key: Key) => Promise<Value>): (key: Key) => Promise<Value> {
  const loaded = new Map<Key, Promise<Value>>();
  const forgetting = async (key: Key): Promise<Value> => {
    try {
      return await load(key);
    } catch (error) {
      loaded.delete(key);
      throw error;
    }
  };
  return (key) => {
    const loading = loaded.get(key) ?? forgetting(key);
    loaded.set(key, loading);
    return loading;
  };
}

const loadEnglish = once(async (load: () => Annotations) => indexGlyphs((await load()).default));

const english = (): Annotations => import("emojibase-data/en/compact.json");

/** The index of all glyphs, loaded at the first call: about 90 kB of compressed annotations. */
export const loadGlyphIndex = (): Promise<GlyphIndex> => loadEnglish(english);

/** What a language calls the glyphs, loaded at the first call for it. */
export const loadLanguageIndex = once(async (language: NameLanguage) =>
  indexLanguage((await LANGUAGE_FILES[language]()).default),
);
