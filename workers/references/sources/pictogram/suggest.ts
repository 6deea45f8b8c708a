import type { NameSuggestion, Pictogram } from "../../../contract.ts";
import { aliases, everydayGlyphs } from "./everyday.ts";
import { type GlyphIndex, GROUP, isThing, type LanguageIndex, withoutSelectors } from "./glyph-index.ts";
import { readName, type Vocabulary } from "./reading.ts";
import { foldedKey, wordsOf } from "./words.ts";

/** Suggestions under a field, pictograms beside one of them, and pictograms to choose from. */
const MOST_SUGGESTIONS = 6;
const SHOWN_PICTOGRAMS = 3;
const MOST_PICTOGRAMS = 36;

/** A name as it is compared with what is typed. */
interface Candidate {
  readonly name: string;
  readonly key: string;
  readonly words: readonly string[];
}

const candidateOf = (name: string): Candidate => ({ name, key: foldedKey(name), words: wordsOf(name).map(foldedKey) });

/** Thousands of names are compared at every key: they are prepared once. */
function prepared<Index extends object>(prepare: (index: Index) => readonly Candidate[]) {
  const known = new WeakMap<Index, readonly Candidate[]>();
  return (index: Index): readonly Candidate[] => {
    const candidates = known.get(index) ?? prepare(index);
    known.set(index, candidates);
    return candidates;
  };
}

/** English names, best first: everyday names, other words for them, labels of people and things. */
const englishNames = prepared(({ glyphs }: GlyphIndex) =>
  [
    ...everydayGlyphs.keys(),
    ...aliases.keys(),
    ...glyphs.filter(({ group }) => group === GROUP.people || isThing(group)).map(({ label }) => label),
  ].map(candidateOf),
);

/** Labels of all glyphs, in their order. */
const englishLabels = prepared(({ glyphs }: GlyphIndex) => glyphs.map(({ label }) => candidateOf(label)));

/** Labels of another language, in the order of its map. */
const labelsIn = prepared(({ byLabel }: LanguageIndex) => [...byLabel.values()].map(({ label }) => candidateOf(label)));

/** How a name contains what is typed: as its beginning (0), as the beginning of a word (1), or not. */
function rankOf({ key, words }: Candidate, typed: string): 0 | 1 | null {
  if (key.startsWith(typed)) {
    return 0;
  }
  return words.some((word) => word.startsWith(typed)) ? 1 : null;
}

function suggestionOf(vocabulary: Vocabulary, name: string): NameSuggestion | null {
  const { glyphs, match, took } = readName(vocabulary, name);
  return glyphs.length === 0
    ? null
    : {
        name,
        meaning: match === "name" || foldedKey(took) === foldedKey(name) ? "" : took,
        pictograms: glyphs.slice(0, SHOWN_PICTOGRAMS).map(({ glyph, label }) => ({ glyph, label })),
      };
}

/** See NameCalls.suggestNames. */
export function suggestNames(vocabulary: Vocabulary, text: string): readonly NameSuggestion[] {
  const typed = foldedKey(text);
  if (typed === "") {
    return [];
  }
  // The word itself goes before longer ones, "car" before "carrot", whichever list it stands in.
  const [exact, begins, contains]: readonly [string[], string[], string[]] = [[], [], []];
  const seen = new Set<string>();
  for (const candidate of [...englishNames(vocabulary.english), ...vocabulary.others.flatMap(labelsIn)]) {
    const rank = rankOf(candidate, typed);
    if (rank === null || seen.has(candidate.key)) {
      continue;
    }
    seen.add(candidate.key);
    const list = rank === 1 ? contains : candidate.key === typed ? exact : begins;
    list.push(candidate.name);
  }
  const found = [...exact, ...begins, ...contains]
    .slice(0, MOST_SUGGESTIONS)
    .flatMap((name) => suggestionOf(vocabulary, name) ?? []);
  return found.length > 0 ? found : respeltSuggestion(vocabulary, text);
}

/** What a misspelt name, or a keyword, would be taken for. */
function respeltSuggestion(vocabulary: Vocabulary, text: string): readonly NameSuggestion[] {
  const { match, took, glyphs } = readName(vocabulary, text.trim());
  if (match === "association") {
    return glyphs.slice(0, MOST_SUGGESTIONS).flatMap(({ label }) => suggestionOf(vocabulary, label) ?? []);
  }
  return match === "none" ? [] : [suggestionOf(vocabulary, took)].filter((one) => one !== null);
}

/** See NameCalls.findPictograms. */
export function findPictograms(vocabulary: Vocabulary, text: string): readonly Pictogram[] {
  const typed = foldedKey(text);
  const found = new Map<string, Pictogram>();
  const { english, others } = vocabulary;
  const take = (glyph: string): void => {
    const known = english.byGlyph.get(withoutSelectors(glyph));
    if (known && found.size < MOST_PICTOGRAMS) {
      found.set(withoutSelectors(glyph), { glyph: known.glyph, label: known.label });
    }
  };
  for (const { glyph } of readName(vocabulary, text).glyphs) {
    take(glyph);
  }
  if (typed === "") {
    return [...found.values()];
  }
  const labels = englishLabels(english);
  english.glyphs.forEach(({ glyph }, at) => {
    const label = labels[at];
    if (label && rankOf(label, typed) !== null) take(glyph);
  });
  for (const language of others) {
    const own = labelsIn(language);
    [...language.byLabel.values()].forEach(({ glyph }, at) => {
      const label = own[at];
      if (label && rankOf(label, typed) !== null) take(glyph);
    });
  }
  for (const { glyph, tags } of english.glyphs) {
    if ([...tags].some((tag) => tag.startsWith(typed))) take(glyph);
  }
  for (const { byTag } of others) {
    (byTag.get(typed) ?? []).forEach(take);
  }
  return [...found.values()];
}
