import type { NameMatch } from "../../../contract.ts";
import { aliases, everydayGlyphs, withoutGlyphs } from "./everyday.ts";
import { type Glyph, GROUP, type GlyphIndex, isThing, loadGlyphIndex, withoutSelectors } from "./glyph-index.ts";
import { compactKey, isQuality, singular, wordsOf } from "./words.ts";

/** How a name led to a glyph, surest first. */
type MatchedBy = "glyph" | "everyday" | "label" | "head" | "tag";

export interface GlyphMatch {
  readonly glyph: string;
  /** CLDR short name. */
  readonly label: string;
  readonly matchedBy: MatchedBy;
}

/** Glyphs taken for one class: eight named objects in photographs no better than five (399 objects, 61 classes), more slowly. */
export const GLYPH_LIMIT = 5;

/** Labels whose last word does not say what they are. */
const NOT_ITS_HEAD = new Set([
  "hot dog",
  "teddy bear",
  "carousel horse",
  "mahjong red dragon",
  "fish cake with swirl",
  "ice cream",
  "soft ice cream",
  "shaved ice",
  "crystal ball",
  "ear of corn",
  "railway car",
  "tram car",
  "cable car",
  "computer mouse",
  "musical keyboard",
]);

const everyday = new Map([...everydayGlyphs].map(([name, glyphs]) => [compactKey(name), glyphs]));
const otherWords = new Map([...aliases].map(([word, name]) => [compactKey(word), name]));

/** Words of a name as they were typed, and with the last one made singular: both are looked for. */
function spellings(words: readonly string[]): readonly (readonly string[])[] {
  const folded = [...words.slice(0, -1), singular(words.at(-1) ?? "")];
  return folded.at(-1) === words.at(-1) ? [words] : [words, folded];
}

function byEverydayName(index: GlyphIndex, key: string): GlyphMatch[] {
  return (everyday.get(key) ?? []).flatMap((glyph) => {
    const known = index.byGlyph.get(withoutSelectors(glyph));
    return known ? [{ glyph: known.glyph, label: known.label, matchedBy: "everyday" as const }] : [];
  });
}

/** "dog" for "dog", and for "dog face". */
function isNamed({ key: own, core }: Glyph, key: string): boolean {
  return own === key || (core.length > 1 && core.at(-1) === "face" && core.slice(0, -1).join("") === key);
}

/** "dog" for "guide dog". Smileys, symbols and flags only ever go by their whole label. */
function isHeadOf({ label, core, group }: Glyph, words: readonly string[]): boolean {
  return (
    group !== GROUP.smileys &&
    group !== GROUP.symbols &&
    group !== GROUP.flags &&
    core.length >= words.length &&
    !NOT_ITS_HEAD.has(label) &&
    core.slice(-words.length).join(" ") === words.join(" ")
  );
}

function byLabel(index: GlyphIndex, words: readonly string[], key: string): GlyphMatch[] {
  const named = index.glyphs.filter((glyph) => isNamed(glyph, key));
  const headed = index.glyphs.filter((glyph) => !named.includes(glyph) && isHeadOf(glyph, words));
  return [
    ...named.map(({ glyph, label }) => ({ glyph, label, matchedBy: "label" as const })),
    ...headed.map(({ glyph, label }) => ({ glyph, label, matchedBy: "head" as const })),
  ];
}

/** Tags are associations ("pet" for a dog): taken of things only, and only when no label fits. */
function byTag(index: GlyphIndex, key: string): GlyphMatch[] {
  return index.glyphs
    .filter(({ group, tags }) => isThing(group) && tags.has(key))
    .map(({ glyph, label }) => ({ glyph, label, matchedBy: "tag" as const }));
}

interface Spelling {
  readonly words: readonly string[];
  readonly key: string;
  /** How it is written. */
  readonly name: string;
  /** Whether it is another word for what was typed. */
  readonly synonym: boolean;
}

/** The name's words, and its key under the name that it is another word for. */
function spelt(words: readonly string[]): Spelling {
  const name = words.join(" ");
  const meant = otherWords.get(compactKey(name));
  return meant === undefined
    ? { words, key: compactKey(name), name, synonym: false }
    : { words: [compactKey(meant)], key: compactKey(meant), name: meant, synonym: true };
}

/** The glyphs in a text that is nothing but glyphs. */
function typedGlyphs(index: GlyphIndex, name: string): GlyphMatch[] {
  const graphemes = [...new Intl.Segmenter("en").segment(name)].map(({ segment }) => segment.trim()).filter(Boolean);
  const found = graphemes.flatMap((grapheme) => index.byGlyph.get(withoutSelectors(grapheme)) ?? []);
  return found.length < graphemes.length
    ? []
    : found.map(({ glyph, label }) => ({ glyph, label, matchedBy: "glyph" as const }));
}

const bestOf = (matches: readonly GlyphMatch[]): readonly GlyphMatch[] =>
  [...new Map(matches.map((match) => [match.glyph, match])).values()].slice(0, GLYPH_LIMIT);

/** What a name was read as. */
export interface GlyphReading {
  /** At most GLYPH_LIMIT, best first; empty for match "none". */
  readonly glyphs: readonly GlyphMatch[];
  readonly match: NameMatch;
  readonly took: string;
}

export const NO_READING: GlyphReading = { glyphs: [], match: "none", took: "" };

/** The first few labels of glyphs that a word is only associated with. */
export function labelsOf(glyphs: readonly { readonly label: string }[]): string {
  const shown = glyphs.slice(0, 3).map(({ label }) => label);
  return glyphs.length > shown.length ? `${shown.join(", ")}, …` : shown.join(", ");
}

function readingOf(matches: readonly GlyphMatch[], { name, synonym }: Spelling): GlyphReading {
  const glyphs = bestOf(matches);
  return glyphs[0]?.matchedBy === "tag"
    ? { glyphs, match: "association", took: labelsOf(glyphs) }
    : { glyphs, match: synonym ? "synonym" : "name", took: name };
}

/**
 * Reads an English name, see findGlyphs.
 * @param whole true: words that only say how a thing is ("red car") are not left out
 */
export function readEnglish(index: GlyphIndex, name: string, whole = false): GlyphReading {
  const words = wordsOf(name);
  if (words.length === 0) {
    const glyphs = bestOf(typedGlyphs(index, name));
    return glyphs.length > 0 ? { glyphs, match: "name", took: labelsOf(glyphs) } : NO_READING;
  }
  // "red wooden chairs" after "red wooden chairs" itself: what is left without the words that say how it is.
  const firstNoun = words.findIndex((word) => !isQuality(word));
  const phrases = firstNoun > 0 && !whole ? [words, words.slice(firstNoun)] : [words];
  const candidates = phrases.flatMap(spellings).map(spelt);
  const searches = [
    ({ key }: Spelling) => byEverydayName(index, key),
    (spelling: Spelling) => byLabel(index, spelling.words, spelling.key),
    ({ key }: Spelling) => (firstNoun < 0 || withoutGlyphs.has(key) ? [] : byTag(index, key)),
  ];
  for (const search of searches) {
    for (const candidate of candidates) {
      const matches = search(candidate);
      if (matches.length > 0) {
        return readingOf(matches, candidate);
      }
    }
  }
  return NO_READING;
}

/** Whether all words of an English name are known: such a name is spelt as it was meant. */
export function isSpeltRight(index: GlyphIndex, name: string): boolean {
  const known = (word: string): boolean =>
    index.words.has(word) || isQuality(word) || everyday.has(word) || otherWords.has(word) || withoutGlyphs.has(word);
  return wordsOf(name).every((word) => known(word) || known(singular(word)));
}

const namesByIndex = new WeakMap<GlyphIndex, ReadonlyMap<string, string>>();

/** English names with glyphs, by key, the everyday ones first: a spelling is looked for among these. Made once. */
export function knownNames(index: GlyphIndex): ReadonlyMap<string, string> {
  const made = namesByIndex.get(index);
  if (made) {
    return made;
  }
  const labels = index.glyphs.filter(({ group }) => group === GROUP.people || isThing(group)).map(({ label }) => label);
  const byKey = new Map<string, string>();
  for (const name of [...everydayGlyphs.keys(), ...aliases.keys(), ...labels]) {
    if (!byKey.has(compactKey(name))) {
      byKey.set(compactKey(name), name);
    }
  }
  namesByIndex.set(index, byKey);
  return byKey;
}

/**
 * The emoji glyphs that show what a name says, best first, at most GLYPH_LIMIT; none when nothing fits, rather than
 * something far-fetched. English names, any case, singular or plural, with or without words like "red" or "wooden".
 */
export async function findGlyphs(name: string): Promise<readonly GlyphMatch[]> {
  return readEnglish(await loadGlyphIndex(), name).glyphs;
}
