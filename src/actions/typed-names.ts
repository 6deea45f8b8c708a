import type { TypedName } from "../../workers/contract.ts";

/** Equal for names that a person would call the same. */
export const nameKey = (name: string): string => name.normalize("NFKC").trim().toLocaleLowerCase();

/** What parts one class from the next, always; and what parts names, unless they are sub-categories of one class. */
const BETWEEN_CLASSES = /[;\n\r؛]+/u;
const BETWEEN_NAMES = /[,，、،]+/u;

/** "dog: corgi": a colon, then a blank (not after a full-width one), makes a class with sub-categories. */
const WITH_SUBCATEGORY = /^(?<name>[^:：]*[^:：\s])\s*(?::\s|：)(?<first>.*)$/su;

function withUniqueNames(names: readonly string[]): readonly string[] {
  const unique = new Map<string, string>();
  for (const name of names) {
    const key = nameKey(name);
    if (key !== "" && !unique.has(key)) unique.set(key, name.trim());
  }
  return [...unique.values()];
}

/**
 * The names in a typed list, each class once, in order. Commas, semicolons and line breaks part the classes; after a
 * colon, commas part the sub-categories of the class before it: "cat, dog: corgi, poodle; grass".
 */
export function parseTypedNames(text: string): readonly TypedName[] {
  const classes = new Map<string, { readonly name: string; readonly subcategories: string[] }>();
  const add = (raw: string): { readonly subcategories: string[] } | null => {
    const name = raw.trim();
    if (name === "") return null;
    const known = classes.get(nameKey(name)) ?? { name, subcategories: [] };
    classes.set(nameKey(name), known);
    return known;
  };
  for (const part of text.split(BETWEEN_CLASSES)) {
    let owner: { readonly subcategories: string[] } | null = null;
    for (const piece of part.split(BETWEEN_NAMES)) {
      const groups = owner ? undefined : WITH_SUBCATEGORY.exec(`${piece.trimStart()} `)?.groups;
      if (owner) owner.subcategories.push(piece);
      else if (groups) {
        owner = add(groups["name"] ?? "");
        owner?.subcategories.push(groups["first"] ?? "");
      } else add(piece);
    }
  }
  return [...classes.values()].map(({ name, subcategories }) => ({
    name,
    subcategories: withUniqueNames(subcategories),
  }));
}

/**
 * Where what is being typed begins: what stands before is finished and can be added. A comma finishes a name, but in a
 * class with sub-categories only the next of these.
 */
export function startOfUnfinished(text: string): number {
  const classes = Math.max(text.lastIndexOf(";"), text.lastIndexOf("\n"), text.lastIndexOf("؛")) + 1;
  const rest = text.slice(classes);
  const commas = [...rest.matchAll(/[,，、،]/gu)].map(({ index }) => index + 1);
  // The first piece with a colon holds on to all commas that follow it.
  const starts = [0, ...commas];
  const holding = starts.find((start, at) => {
    const piece = rest.slice(start, (starts[at + 1] ?? rest.length + 1) - 1);
    return WITH_SUBCATEGORY.test(`${piece.trimStart()} `);
  });
  return classes + (holding ?? starts.at(-1) ?? 0);
}

/** The name in an unfinished text that suggestions are for: a class, or the last of its sub-categories. */
export function nameBeingTyped(unfinished: string): { readonly before: string; readonly name: string } {
  if (!WITH_SUBCATEGORY.test(`${unfinished.trimStart()} `)) return { before: "", name: unfinished };
  const at = Math.max(...[",", "，", "、", "،", ":", "："].map((mark) => unfinished.lastIndexOf(mark))) + 1;
  return { before: `${unfinished.slice(0, at).trimEnd()} `, name: unfinished.slice(at) };
}
