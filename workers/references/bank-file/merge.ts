import type { ClassId } from "../../contract.ts";
import type { Bank } from "../bank/bank.ts";
import { type KnownReferences, knownReferences, noteReference } from "../bank/known-references.ts";
import { nameKey } from "../bank/names.ts";
import { classRecord, isColour, type Operation, plan, recordsOfDraft } from "../bank/operations.ts";
import { freeColour } from "../bank/palette.ts";
import type { StoredRecord } from "../bank/records.ts";
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

/** What the bank has already of what is in a file. */
export function knownOf(bank: Bank, { classes }: ReadBank): Promise<ReadonlyMap<string, KnownReferences>> {
  const names = new Set(classes.map(({ name }) => nameKey(name)));
  const pictures = new Set(classes.flatMap((one) => one.references.map(({ draft }) => draft.picture)));
  return knownReferences(bank, names, pictures);
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
 * @param known see knownOf
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
        if (!noteReference(own, draft.picture, draft.crop.runs)) {
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
