import type { ClassInfo, ReferenceSource } from "../../../workers/contract.ts";

export const SOURCE_WORDS: Readonly<Record<ReferenceSource, string>> = {
  example: "Your example",
  pictogram: "Pictogram",
  import: "Imported with its mask",
  "photo-search": "Openly licensed photograph",
  harvest: "Confirmed in your pictures",
};

/** Classes that a search finds, by their name, sub-categories or provenance, and that have references of a source. */
export function searched(
  classes: readonly ClassInfo[],
  query: string,
  source: ReferenceSource | "all",
): readonly ClassInfo[] {
  const wanted = query.trim().toLocaleLowerCase();
  const has = (text: string | null): boolean => text?.toLocaleLowerCase().includes(wanted) ?? false;
  return classes.filter(
    ({ name, references }) =>
      (source === "all" || references.some((reference) => reference.source === source)) &&
      (wanted === "" || has(name) || references.some((one) => has(one.subcategory) || has(one.provenance))),
  );
}
