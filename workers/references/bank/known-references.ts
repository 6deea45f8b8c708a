import type { Bank } from "./bank.ts";
import { nameKey } from "./names.ts";
import type { Crop } from "./records.ts";

type Runs = Crop["runs"];

/** References that a class has: masks by the SHA-256 of their picture. */
export type KnownReferences = Map<string, Runs[]>;

const same = (a: Runs, b: Runs): boolean => a.length === b.length && a.every((value, at) => value === b[at]);

/** Notes a reference. False: there is one of that picture and mask. */
export function noteReference(known: KnownReferences, picture: string | null, runs: Runs): boolean {
  if (picture === null) return true;
  const masks = known.get(picture) ?? [];
  if (masks.some((mask) => same(mask, runs))) return false;
  known.set(picture, [...masks, runs]);
  return true;
}

/**
 * What the bank has of some pictures in classes of some names, to tell equal references.
 * @param names as they are compared: see nameKey. @returns by such a name; none for classes that are not there
 */
export async function knownReferences(
  bank: Bank,
  names: ReadonlySet<string>,
  pictures: ReadonlySet<string | null>,
): Promise<ReadonlyMap<string, KnownReferences>> {
  const found = new Map<string, KnownReferences>();
  for (const { id, name } of bank.records.classes()) {
    if (!names.has(nameKey(name))) continue;
    const known: KnownReferences = new Map();
    for (const { id: reference, picture } of bank.records.referencesOf(id)) {
      if (picture === null || !pictures.has(picture)) continue;
      const crop = await bank.crop(reference).catch(() => null);
      if (crop) noteReference(known, picture, crop.runs);
    }
    found.set(nameKey(name), known);
  }
  return found;
}
