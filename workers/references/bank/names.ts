import { type Attribution, EngineError, type Failure } from "../../contract.ts";

/** Code points kept of a name. */
export const NAME_LIMIT = 200;

/** Enough raw text to fill a name even when much of it is stripped; what lies beyond is never looked at. */
const RAW_LIMIT = 8 * NAME_LIMIT;

/** Characters of an address. */
const ADDRESS_LIMIT = 2000;

// Controls, lone surrogates, bidirectional embeddings/overrides/isolates, and invisible characters that can make two
// names look alike. The joiner U+200D and the variation selectors stay: emoji are spelled with them.
const STRIPPED = /[\p{Cc}\p{Cs}\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
const INVISIBLE = /[\p{Cf}\p{White_Space}\p{Default_Ignorable_Code_Point}]/gu;

export interface CleanName {
  readonly name: string;
  /** Set when the name was cut. */
  readonly notice: Failure | null;
}

/** At most `limit` code points of a text, cut between graphemes (an emoji family is never cut in two). */
function cutText(text: string, limit: number): string {
  let kept = "";
  let length = 0;
  for (const { segment } of new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)) {
    const size = [...segment].length;
    if (length + size > limit) {
      // One grapheme can carry thousands of combining marks: alone it is cut, else it is left out whole.
      return length === 0 ? [...segment].slice(0, limit).join("") : kept.trimEnd();
    }
    kept += segment;
    length += size;
  }
  return kept;
}

/**
 * Text as a person typed it, made safe to keep: NFC, white space collapsed, controls and bidirectional overrides
 * stripped, at most NAME_LIMIT code points. The result is text, never markup, and may be empty.
 */
export function cleanText(raw: string): { readonly text: string; readonly cut: boolean } {
  const start = raw.trimStart();
  const text = start
    .slice(0, RAW_LIMIT)
    .replace(/\s+/gu, " ")
    .replace(STRIPPED, "")
    .normalize("NFC")
    .replace(/ {2,}/gu, " ")
    .trim();
  const kept = cutText(text, NAME_LIMIT);
  return { text: kept, cut: kept.length < text.length || start.length > RAW_LIMIT };
}

const isVisible = (text: string): boolean => text.replace(INVISIBLE, "") !== "";

/** Whether a class can be called so. */
export const isName = (raw: string): boolean => isVisible(cleanText(raw).text);

/** The name of a class. @throws EngineError class-invalid when nothing visible is left. */
export function cleanName(raw: string): CleanName {
  const { text: name, cut } = cleanText(raw);
  if (!isVisible(name)) {
    throw new EngineError("class-invalid", "A class needs a name with at least one visible character.");
  }
  if (!cut) {
    return { name, notice: null };
  }
  const message = `The class name was cut to ${NAME_LIMIT} characters.`;
  return { name, notice: { code: "class-invalid", message, data: { length: raw.length, limit: NAME_LIMIT } } };
}

/** The name of a sub-category as it is kept; null for none, which is also what nothing visible is. */
export function cleanSubcategory(raw: string | null | undefined): string | null {
  const { text } = cleanText(raw ?? "");
  return isVisible(text) ? text : null;
}

/** An address that a link may lead to, or "": only http and https, and no longer than a link needs to be. */
function cleanAddress(raw: string): string {
  const url = raw.length <= ADDRESS_LIMIT && URL.canParse(raw) ? new URL(raw) : null;
  return url && (url.protocol === "https:" || url.protocol === "http:") ? url.href : "";
}

/** An attribution as it is kept: cleaned texts, and addresses that a link may lead to. */
export function cleanAttribution(raw: Attribution | null | undefined): Attribution | null {
  if (!raw) return null;
  return {
    provider: cleanText(raw.provider).text,
    title: cleanText(raw.title).text,
    author: cleanText(raw.author).text,
    licence: cleanText(raw.licence).text,
    licenceUrl: cleanAddress(raw.licenceUrl),
    pageUrl: cleanAddress(raw.pageUrl),
  };
}

/** Equal for names that count as the same class: case does not matter. */
export function nameKey(name: string): string {
  return name.toLowerCase().normalize("NFC");
}
