import {
  EngineError,
  type ClassId,
  type ClassInfo,
  type Failure,
  type NameLanguage,
  type NameReading,
  type NameSuggestion,
  type Pictogram,
  type PictogramChange,
  type ReferenceInfo,
  type TypedClass,
  type TypedName,
} from "./contract.ts";
import { fromApp } from "./from-app.ts";
import type { Bank } from "./references/bank/bank.ts";
import type { StepGroup } from "./references/bank/journal.ts";
import { encodePicture } from "./references/sources/crop-image.ts";
import { loadGlyphIndex, withoutSelectors } from "./references/sources/pictogram/glyph-index.ts";
import type { GlyphPainter } from "./references/sources/pictogram/glyph-painter.ts";
import { findGlyphs, type GlyphMatch, type GlyphReading } from "./references/sources/pictogram/lookup.ts";
import { draftPictograms, glyphOfProvenance, type WantedGlyph } from "./references/sources/pictogram/pictogram.ts";
import { loadVocabulary, readName, readSubcategory, type Vocabulary } from "./references/sources/pictogram/reading.ts";
import { findPictograms, suggestNames } from "./references/sources/pictogram/suggest.ts";

/** From typed names to pictograms in the bank. */
export class Naming {
  readonly #bank: Bank;
  readonly #painter: () => GlyphPainter;
  readonly #report: (failure: Failure) => void;

  /** @param report told of what went wrong without stopping anything */
  constructor(bank: Bank, painter: () => GlyphPainter, report: (failure: Failure) => void) {
    this.#bank = bank;
    this.#painter = painter;
    this.#report = report;
  }

  /** See NameCalls.addTypedClass; the references are not described yet. */
  async add({ name, subcategories }: TypedName, languages: readonly NameLanguage[]): Promise<TypedClass> {
    const group = { label: `Added ${name.trim()}` };
    const { info, added, notice } = await this.#bank.addClass(name, group);
    if (notice) this.#report(notice);
    if (!added && info.references.length > 0 && subcategories.length === 0) return { info, readings: [] };
    const vocabulary = await vocabularyOf(languages);
    const own = readName(vocabulary, info.name);
    const parts = subcategories.map((typed) => ({ typed, read: readSubcategory(vocabulary, info.name, typed) }));
    await this.#addGlyphs(info, group, [
      // What a sub-category takes is not the whole class's as well.
      ...parts.flatMap(({ typed, read }) => wantedOf(read.glyphs, typed)),
      ...wantedOf(own.glyphs, null),
    ]);
    return {
      info: this.#classOf(info.id),
      readings: [readingOf(info.name, null, own), ...parts.map(({ typed, read }) => readingOf(typed, typed, read))],
    };
  }

  /** Adds the class of a name that is no guesswork: only what is called so in English is taken. */
  async addPlain(name: string): Promise<ClassInfo> {
    const group = { label: `Added ${name.trim()}` };
    const { info, added, notice } = await this.#bank.addClass(name, group);
    if (notice) this.#report(notice);
    if (!added && info.references.length > 0) return info;
    const glyphs = await fromApp("the names of pictograms", () => findGlyphs(info.name));
    await this.#addGlyphs(info, group, wantedOf(glyphs, null));
    return this.#classOf(info.id);
  }

  /** See NameCalls.changePictograms; the references are not described yet. */
  async changeChosen(
    id: ClassId,
    { add, remove }: PictogramChange,
    subcategory: string | null,
  ): Promise<readonly ReferenceInfo[]> {
    const { byGlyph } = await fromApp("the names of pictograms", loadGlyphIndex);
    const wanted = add.flatMap((glyph): WantedGlyph[] => {
      const known = byGlyph.get(withoutSelectors(glyph));
      return known ? [{ glyph: known.glyph, label: known.label, subcategory }] : [];
    });
    const info = this.#classOf(id);
    const group = { label: `Changed the pictograms of ${info.name}` };
    // What is new comes first: stopped in between, the class has more than was wished for, never less.
    const added = await this.#addGlyphs(info, group, wanted);
    if (remove.length > 0) await this.#bank.removeReferences(remove, group);
    return added;
  }

  async suggest(text: string, languages: readonly NameLanguage[]): Promise<readonly NameSuggestion[]> {
    return suggestNames(await vocabularyOf(languages), text);
  }

  async find(text: string, languages: readonly NameLanguage[]): Promise<readonly Pictogram[]> {
    return findPictograms(await vocabularyOf(languages), text);
  }

  /** @throws EngineError reference-missing for what the font has no picture of */
  async image(glyph: string): Promise<Blob> {
    const picture = await fromApp("the pictograms", () => this.#painter().paint(glyph));
    if (!picture) throw new EngineError("reference-missing", "There is no pictogram of that kind.");
    return encodePicture(picture, "image/png");
  }

  /** Adds the glyphs that the class does not have; those that it has get the sub-category wished for. */
  async #addGlyphs(
    info: ClassInfo,
    group: StepGroup,
    wanted: readonly WantedGlyph[],
  ): Promise<readonly ReferenceInfo[]> {
    const present = new Map(
      info.references
        .filter(({ source }) => source === "pictogram")
        .map((reference) => [withoutSelectors(glyphOfProvenance(reference.provenance)), reference]),
    );
    const fresh = new Map<string, WantedGlyph>();
    for (const one of wanted) {
      const key = withoutSelectors(one.glyph);
      const known = present.get(key);
      if (!known) {
        if (!fresh.has(key)) fresh.set(key, one);
      } else if (one.subcategory !== null && known.subcategory !== one.subcategory) {
        await this.#bank.changeReferences([known.id], { subcategory: one.subcategory }, group);
      }
    }
    const drafts = await fromApp("the pictograms", () => draftPictograms([...fresh.values()], this.#painter()));
    return drafts.length > 0 ? this.#bank.addReferences(info.id, drafts, group) : [];
  }

  #classOf(id: ClassId): ClassInfo {
    const info = this.#bank.snapshot().classes.find((one) => one.id === id);
    if (!info) throw new EngineError("class-missing", "The class is no longer in the bank.");
    return info;
  }
}

const wantedOf = (glyphs: readonly GlyphMatch[], subcategory: string | null): readonly WantedGlyph[] =>
  glyphs.map(({ glyph, label }) => ({ glyph, label, subcategory }));

const vocabularyOf = (languages: readonly NameLanguage[]): Promise<Vocabulary> =>
  fromApp("the names of pictograms", () => loadVocabulary(languages));

const readingOf = (typed: string, subcategory: string | null, { match, took }: GlyphReading): NameReading => ({
  typed,
  subcategory,
  match,
  took,
});
