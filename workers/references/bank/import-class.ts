import type { ClassId, ReferenceId } from "../../contract.ts";
import { cleanName } from "./names.ts";
import {
  classRecord,
  type HashedDraft,
  newColour,
  type Operation,
  plan,
  recordsOfDraft,
  removeReferences,
} from "./operations.ts";
import { classKey, referenceKey } from "./records.ts";

export interface ImportedClass {
  readonly id: ClassId;
  readonly name: string;
  /** Whether the class was made for them. */
  readonly isNew: boolean;
  readonly references: readonly ReferenceId[];
}

/**
 * Adds references to the class of a name, which is made when there is none, in one change: a class is never seen without
 * what it was made for.
 * @throws EngineError class-invalid for a name without a character
 */
export function importClass(rawName: string, drafts: readonly HashedDraft[]): Operation<ImportedClass> {
  const { name } = cleanName(rawName);
  return (records) => {
    const known = records.named(name);
    const order = records.nextOrder();
    const owner = known ?? classRecord(name, newColour(records), order);
    const added = drafts.map((draft, at) => recordsOfDraft(draft, owner.id, order + 1 + at));
    const label = `Imported ${drafts.length} ${drafts.length === 1 ? "reference" : "references"} to ${owner.name}`;
    const references = added.map(([reference]) => reference.id);
    return plan(label, [...(known ? [] : [owner]), ...added.flat()], [], {
      id: owner.id,
      name: owner.name,
      isNew: !known,
      references,
    });
  };
}

/** Takes back what an import gave a class, and the class itself when it was made for that and has nothing else. */
export function takeBackImport({ id, name, isNew, references }: ImportedClass): Operation<null> {
  return (records) => {
    const standing = references.filter((one) => records.has(referenceKey(one)));
    const removed = removeReferences(standing)(records);
    const isEmpty = records.has(classKey(id)) && records.referencesOf(id).length === standing.length;
    const deletes = [...removed.deletes, ...(isNew && isEmpty ? [classKey(id)] : [])];
    return plan(`Took back what was imported to ${name}`, [], deletes, null);
  };
}
