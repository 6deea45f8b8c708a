import type { ClassId } from "../../contract.ts";
import type { Bank } from "../bank/bank.ts";
import { nameKey } from "../bank/names.ts";
import { classRecord, isColour, type Operation, plan, recordsOfDraft } from "../bank/operations.ts";
import { freeColour } from "../bank/palette.ts";
import type { Crop, StoredRecord } from "../bank/records.ts";
import { RECORD_VERSION } from "../bank/records.ts";
import type { ReadBank, ReadClass } from "./read.ts";

export interface Merged {
  readonly classes: number;
  readonly references: number;
  /** Classes that were there already, by name, and got references. */
  readonly joined: number;
  /** References that were there already. */
  readonly doubled: number;
}

type Runs = Crop["runs"];

/** References that a class has: masks by picture. */
export type KnownReferences = Map<string, Runs[]>;

const same = (a: Runs, b: Runs): boolean => a.length === b.length && a.every((value, at) => value === b[at]);

/** Notes a reference. False: there is one of that picture and mask. */
function note(known: KnownReferences, picture: string | null, runs: Runs): boolean {
  if (picture === null) return true;
  const masks = known.get(picture) ?? [];
  if (masks.some((mask) => same(mask, runs))) return false;
  known.set(picture, [...masks, runs]);
  return true;
}

/** What the bank has already of the classes that a file names, to tell equal references. */
export async function knownReferences(bank: Bank, file: ReadBank): Promise<ReadonlyMap<string, KnownReferences>> {
  const wanted = new Set(file.classes.map(({ name }) => nameKey(name)));
  const pictures = new Set(file.classes.flatMap((one) => one.references.map(({ draft }) => draft.picture)));
  const found = new Map<string, KnownReferences>();
  for (const { id, name } of bank.records.classes()) {
    if (!wanted.has(nameKey(name))) continue;
    const known: KnownReferences = new Map();
    for (const { id: reference, picture } of bank.records.referencesOf(id)) {
      if (picture === null || !pictures.has(picture)) continue;
      const crop = await bank.crop(reference).catch(() => null);
      if (crop) note(known, picture, crop.runs);
    }
    found.set(nameKey(name), known);
  }
  return found;
}

/** Joins classes of a file that are called the same: a bank has one of a name. */
function joinedByName(classes: readonly ReadClass[]): readonly ReadClass[] {
  const byName = new Map<string, ReadClass>();
  for (const one of classes) {
    const before = byName.get(nameKey(one.name));
    byName.set(nameKey(one.name), before ? { ...before, references: [...before.references, ...one.references] } : one);
  }
  return [...byName.values()];
}

/**
 * All of a file's classes and references, as one change: classes join those of their name, references that are there
 * already are not doubled.
 * @param known see knownReferences
 */
export function importBank(file: ReadBank, known: ReadonlyMap<string, KnownReferences>): Operation<Merged> {
  return (records) => {
    const puts: StoredRecord[] = [];
    const taken = new Set(records.classes().map((one) => one.colour));
    let order = records.nextOrder();
    let [classes, references, joined, doubled] = [0, 0, 0, 0];
    for (const { name, colour, references: read } of joinedByName(file.classes)) {
      const there = records.named(name);
      let classId: ClassId;
      if (there) {
        joined += 1;
        classId = there.id;
      } else {
        classes += 1;
        const isFree = isColour(colour) && !taken.has(colour);
        const record = classRecord(name, isFree ? colour : freeColour(taken), order);
        order += 1;
        taken.add(record.colour);
        puts.push(record);
        classId = record.id;
      }
      const own: KnownReferences = new Map(known.get(nameKey(name)));
      for (const { draft, enabled, descriptors } of read) {
        if (!note(own, draft.picture, draft.crop.runs)) {
          doubled += 1;
          continue;
        }
        const [reference, crop] = recordsOfDraft(draft, classId, order, enabled);
        order += 1;
        references += 1;
        puts.push(reference, crop);
        for (const seen of descriptors) {
          puts.push({ kind: "descriptor", version: RECORD_VERSION, referenceId: reference.id, ...seen });
        }
      }
    }
    return plan(`Imported ${file.name || "a bank"}`, puts, [], { classes, references, joined, doubled });
  };
}
