import type { NameLanguage } from "../../../contract.ts";
import {
  type GlyphIndex,
  type LanguageIndex,
  loadGlyphIndex,
  loadLanguageIndex,
  withoutSelectors,
} from "./glyph-index.ts";
import {
  GLYPH_LIMIT,
  type GlyphMatch,
  type GlyphReading,
  isSpeltRight,
  knownNames,
  labelsOf,
  NO_READING,
  readEnglish,
} from "./lookup.ts";
import { respelt } from "./spelling.ts";
import { compactKey, foldedKey } from "./words.ts";

/** Letters that an ending may have where only the word without it is known: "Hunde", "chiens", "perros". */
const LONGEST_ENDING = 2;
const SHORTEST_STEM = 3;

/** All that names are looked up in: English, and the languages that are switched on, in their order. */
export interface Vocabulary {
  readonly english: GlyphIndex;
  readonly others: readonly LanguageIndex[];
}

/** @throws whatever fetching a language throws; the next call tries again */
export async function loadVocabulary(languages: readonly NameLanguage[]): Promise<Vocabulary> {
  const [english, ...others] = await Promise.all([loadGlyphIndex(), ...languages.map(loadLanguageIndex)]);
  return { english, others };
}

/** The glyph of a label in another language, with all that its English name stands for. */
function readLabelled(english: GlyphIndex, glyph: string): readonly GlyphMatch[] {
  const own = english.byGlyph.get(withoutSelectors(glyph));
  if (!own) {
    return [];
  }
  const first: GlyphMatch = { glyph: own.glyph, label: own.label, matchedBy: "label" };
  const rest = readEnglish(english, own.label, true).glyphs.filter(({ glyph }) => glyph !== own.glyph);
  return [first, ...rest].slice(0, GLYPH_LIMIT);
}

/** A name that is a label of the language, or a label with an ending. */
function readByLabel({ english }: Vocabulary, language: LanguageIndex, name: string): GlyphReading {
  const key = foldedKey(name);
  for (let ending = 0; ending <= LONGEST_ENDING; ending += 1) {
    const stem = key.slice(0, key.length - ending);
    const named = stem.length >= (ending === 0 ? 1 : SHORTEST_STEM) ? language.byLabel.get(stem) : undefined;
    if (named) {
      const glyphs = readLabelled(english, named.glyph);
      return { glyphs, match: ending === 0 ? "name" : "spelling", took: named.label };
    }
  }
  return NO_READING;
}

function readByTag({ english }: Vocabulary, language: LanguageIndex, name: string): GlyphReading {
  const glyphs = (language.byTag.get(foldedKey(name)) ?? []).slice(0, GLYPH_LIMIT).flatMap((glyph): GlyphMatch[] => {
    const own = english.byGlyph.get(withoutSelectors(glyph));
    return own ? [{ glyph: own.glyph, label: own.label, matchedBy: "tag" }] : [];
  });
  return glyphs.length === 0 ? NO_READING : { glyphs, match: "association", took: labelsOf(glyphs) };
}

/** A name spelt like a known one, when no word of any language is written as it stands. */
function readMisspelt(vocabulary: Vocabulary, name: string): GlyphReading {
  const { english, others } = vocabulary;
  if (!isSpeltRight(english, name)) {
    const known = knownNames(english);
    const took = known.get(respelt(compactKey(name), known.keys()) ?? "");
    if (took !== undefined) {
      return { glyphs: readEnglish(english, took).glyphs, match: "spelling", took };
    }
  }
  for (const { byLabel } of others) {
    const named = byLabel.get(respelt(foldedKey(name), byLabel.keys()) ?? "");
    if (named) {
      return { glyphs: readLabelled(english, named.glyph), match: "spelling", took: named.label };
    }
  }
  return NO_READING;
}

/**
 * Reads a typed name: as an English name or synonym, a name in one of the other languages, a keyword, and at last as a
 * misspelt name. What it took is told, as it may not be what was meant.
 */
export function readName(vocabulary: Vocabulary, name: string): GlyphReading {
  const { english, others } = vocabulary;
  const plain = readEnglish(english, name);
  if (plain.match === "name" || plain.match === "synonym") {
    return plain;
  }
  const labelled = others.map((language) => readByLabel(vocabulary, language, name));
  const tagged = others.map((language) => readByTag(vocabulary, language, name));
  const read = [...labelled.filter(({ match }) => match === "name"), plain, ...tagged, ...labelled].find(
    ({ match }) => match !== "none",
  );
  return read ?? readMisspelt(vocabulary, name);
}

/**
 * Reads the name of a sub-category: "corgi" of "dog", "polar" of "bear". A keyword is too far-fetched here.
 * @param name the class's own
 */
export function readSubcategory(vocabulary: Vocabulary, name: string, subcategory: string): GlyphReading {
  const phrases = [`${subcategory} ${name}`, `${name}: ${subcategory}`, subcategory];
  const isSure = ({ match }: GlyphReading): boolean => match === "name" || match === "synonym";
  const sure = phrases.map((phrase) => readEnglish(vocabulary.english, phrase, true)).find(isSure);
  if (sure) {
    return sure;
  }
  const read = readName(vocabulary, subcategory);
  return read.match === "association" ? NO_READING : read;
}
