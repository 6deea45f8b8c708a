import { aliases, everydayGlyphs, withoutGlyphs } from "./everyday.ts";
import { type Glyph, GROUP, type GlyphIndex, loadGlyphIndex, withoutSelectors } from "./glyph-index.ts";
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
const otherWords = new Map([...aliases].map(([word, name]) => [compactKey(word), compactKey(name)]));

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
function isNamed({ label, core }: Glyph, key: string): boolean {
  return compactKey(label) === key || (core.length > 1 && core.at(-1) === "face" && core.slice(0, -1).join("") === key);
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
    .filter(({ group, tags }) => group >= GROUP.animals && group <= GROUP.objects && tags.has(key))
    .map(({ glyph, label }) => ({ glyph, label, matchedBy: "tag" as const }));
}

interface Spelling {
  readonly words: readonly string[];
  readonly key: string;
}

/** The name's words, and its key under the name that it is another word for. */
function spelt(words: readonly string[]): Spelling {
  const typed = compactKey(words.join(" "));
  const meant = otherWords.get(typed);
  return meant === undefined ? { words, key: typed } : { words: [meant], key: meant };
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

/** See findGlyphs. */
function matchGlyphs(index: GlyphIndex, name: string): readonly GlyphMatch[] {
  const words = wordsOf(name);
  if (words.length === 0) {
    return bestOf(typedGlyphs(index, name));
  }
  // "red wooden chairs" after "red wooden chairs" itself: what is left without the words that say how it is.
  const firstNoun = words.findIndex((word) => !isQuality(word));
  const phrases = firstNoun > 0 ? [words, words.slice(firstNoun)] : [words];
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
        return bestOf(matches);
      }
    }
  }
  return [];
}

/**
 * The emoji glyphs that show what a name says, best first, at most GLYPH_LIMIT; none when nothing fits, rather than
 * something far-fetched. English names, any case, singular or plural, with or without words like "red" or "wooden".
 */
export async function findGlyphs(name: string): Promise<readonly GlyphMatch[]> {
  return matchGlyphs(await loadGlyphIndex(), name);
}
