import type { ClassId, ReferenceId } from "../../contract.ts";
import { cleanName } from "./names.ts";
import { classRecord, type HashedDraft, newColour, type Operation, plan, recordsOfDraft } from "./operations.ts";

export interface ImportedClass {
  readonly id: ClassId;
  readonly name: string;
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
      references,
    });
  };
}
