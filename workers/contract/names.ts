import type { ClassInfo, ReferenceInfo } from "./classes.ts";
import type { JobOptions } from "./jobs.ts";
import type { ClassId, ReferenceId } from "./units.ts";

/** Languages besides English whose names of pictograms can be switched on. BCP 47, lower case. */
export type NameLanguage =
  | "bn"
  | "da"
  | "de"
  | "en-gb"
  | "es"
  | "et"
  | "fi"
  | "fr"
  | "hi"
  | "hu"
  | "it"
  | "ja"
  | "ko"
  | "lt"
  | "ms"
  | "nb"
  | "nl"
  | "pl"
  | "pt"
  | "ru"
  | "sv"
  | "th"
  | "uk"
  | "vi"
  | "zh"
  | "zh-hant";

/** A name as it was typed: "dog", or "dog: corgi, poodle". */
export interface TypedName {
  readonly name: string;
  readonly subcategories: readonly string[];
}

/**
 * How a typed name led to pictograms. name: they are called that. synonym: by another word for it. association: they are
 * called otherwise, and the word is among their keywords. spelling: the name is not known, and one that is spelt alike
 * was taken. none: no pictogram fits.
 */
export type NameMatch = "name" | "synonym" | "association" | "spelling" | "none";

export interface NameReading {
  /** The name or the sub-category, as typed. */
  readonly typed: string;
  /** The sub-category that the pictograms are of; null for those of the whole class. */
  readonly subcategory: string | null;
  readonly match: NameMatch;
  /** What it was taken for; empty for match "none". */
  readonly took: string;
}

export interface TypedClass {
  readonly info: ClassInfo;
  /** The class's own name first, then its sub-categories. */
  readonly readings: readonly NameReading[];
}

export interface Pictogram {
  readonly glyph: string;
  /** Its English short name. */
  readonly label: string;
}

/** What a class is to be shown by instead. */
export interface PictogramChange {
  readonly add: readonly string[];
  readonly remove: readonly ReferenceId[];
}

/** A name that has pictograms, offered while one is typed. */
export interface NameSuggestion {
  readonly name: string;
  /** What the name stands for where it is not the common one: "dog" for "puppy"; else empty. */
  readonly meaning: string;
  /** The first few of its pictograms, best first. */
  readonly pictograms: readonly Pictogram[];
}

export interface NameCalls {
  /**
   * Adds the class of a typed name, or finds it, and gives it the pictograms of the name and of its sub-categories that it
   * does not have yet.
   */
  addTypedClass(typed: TypedName, languages: readonly NameLanguage[], job?: JobOptions): Promise<TypedClass>;
  /** Names that begin with what is typed, contain it, or are spelt alike; best first. */
  suggestNames(text: string, languages: readonly NameLanguage[]): Promise<readonly NameSuggestion[]>;
  /** Pictograms by any of their words, best first, to choose from by hand. */
  findPictograms(text: string, languages: readonly NameLanguage[]): Promise<readonly Pictogram[]>;
  /** What a pictogram looks like. */
  pictogramImage(glyph: string): Promise<Blob>;
  /**
   * Adds chosen pictograms to a class and takes references from it, in one step; pictograms that it has already get the
   * sub-category.
   * @returns those that were added
   */
  changePictograms(
    id: ClassId,
    change: PictogramChange,
    subcategory: string | null,
    job?: JobOptions,
  ): Promise<readonly ReferenceInfo[]>;
}
