import type { Bank as BankSnapshot, ClassId, ClassInfo, ModelId, ReferenceId, ReferenceInfo } from "../../contract.ts";
import { EngineError } from "../../contract.ts";
import {
  type AnchorRecord,
  anchorKey,
  type BankRecord,
  classKey,
  type ClassRecord,
  type DescriptorRecord,
  descriptorKey,
  referenceKey,
  type ReferenceRecord,
} from "./records.ts";

/** The records as this tab knows them, by key. Only applied changes and readings touch it. */
export type Records = ReadonlyMap<string, BankRecord>;

const inOrder = (
  a: { readonly order: number; readonly id: string },
  b: { readonly order: number; readonly id: string },
): number => a.order - b.order || (a.id < b.id ? -1 : 1);

export function classesOf(records: Records): readonly ClassRecord[] {
  return [...records.values()].filter((record) => record.kind === "class").sort(inOrder);
}

/** References by class, each list in the order in which they were added. */
export function referencesByClass(records: Records): ReadonlyMap<ClassId, readonly ReferenceRecord[]> {
  const references = [...records.values()].filter((record) => record.kind === "reference").sort(inOrder);
  const byClass = new Map<ClassId, ReferenceRecord[]>();
  for (const reference of references) {
    const list = byClass.get(reference.classId);
    if (list) {
      list.push(reference);
    } else {
      byClass.set(reference.classId, [reference]);
    }
  }
  return byClass;
}

/** @throws EngineError class-missing */
export function requireClass(records: Records, id: ClassId): ClassRecord {
  const record = records.get(classKey(id));
  if (record?.kind !== "class") {
    throw new EngineError("class-missing", "The class is no longer in the bank.", { class: id });
  }
  return record;
}

/** @throws EngineError reference-missing */
export function requireReference(records: Records, id: ReferenceId): ReferenceRecord {
  const record = records.get(referenceKey(id));
  if (record?.kind !== "reference") {
    throw new EngineError("reference-missing", "The example is no longer in the bank.", { reference: id });
  }
  return record;
}

export function descriptorOf(records: Records, model: ModelId, id: ReferenceId): DescriptorRecord | null {
  const record = records.get(descriptorKey(model, id));
  return record?.kind === "descriptor" ? record : null;
}

/** Descriptors of a reference under every model. */
export function descriptorsOfReference(records: Records, id: ReferenceId): readonly DescriptorRecord[] {
  return [...records.values()].filter((record) => record.kind === "descriptor").filter((one) => one.referenceId === id);
}

export function anchorsOf(records: Records, model: ModelId): AnchorRecord | null {
  const record = records.get(anchorKey(model));
  return record?.kind === "anchors" ? record : null;
}

export const referenceInfo = ({
  id,
  source,
  provenance,
  enabled,
  subcategory,
  attribution,
}: ReferenceRecord): ReferenceInfo => ({ id, source, provenance, enabled, subcategory, attribution });

export function classInfo(record: ClassRecord, references: readonly ReferenceRecord[]): ClassInfo {
  return { id: record.id, name: record.name, colour: record.colour, references: references.map(referenceInfo) };
}

/** What the page may know of the bank. */
export function snapshotOf(records: Records, revision: number): BankSnapshot {
  const references = referencesByClass(records);
  const classes = classesOf(records).map((record) => classInfo(record, references.get(record.id) ?? []));
  return { revision, classes };
}
