import type { ClassId, ModelId, ReferenceChange, ReferenceId } from "../../contract.ts";
import { EngineError } from "../../contract.ts";
import { cleanAttribution, cleanName, cleanSubcategory, cleanText, nameKey } from "./names.ts";
import { freeColour } from "./palette.ts";
import {
  type AnchorDescriptors,
  type BankRecord,
  classKey,
  type ClassRecord,
  descriptorKey,
  keyed,
  RECORD_VERSION,
  type ReferenceDescriptors,
  type ReferenceDraft,
  referenceKey,
  type ReferenceRecord,
} from "./records.ts";
import type { Change } from "./store.ts";
import { classesOf, descriptorsOfReference, type Records, requireClass, requireReference } from "./state.ts";

/**
 * Operations on the bank: functions of the records as they stand when the lock is held, to what is to be written. They
 * hold wishes ("rename this class"), never copies of what a tab saw earlier, so two tabs cannot overwrite each other.
 */
interface Planned<Value> extends Change {
  readonly value: Value;
}
export type Operation<Value> = (records: Records) => Planned<Value>;

const plan = <Value>(puts: readonly BankRecord[], deletes: readonly string[], value: Value): Planned<Value> => ({
  puts: puts.map(keyed),
  deletes,
  value,
});

/** 64 random bits: works without a secure context, where randomUUID is missing. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
const newClassId = (): ClassId => `c${newId()}` as ClassId;
const newReferenceId = (): ReferenceId => `r${newId()}` as ReferenceId;

/** One more than the highest order of anything in the bank. */
function nextOrder(records: Records): number {
  let highest = -1;
  for (const record of records.values()) {
    if ("order" in record) {
      highest = Math.max(highest, record.order);
    }
  }
  return highest + 1;
}

function namedLike(records: Records, name: string): ClassRecord | undefined {
  const key = nameKey(name);
  return classesOf(records).find((record) => nameKey(record.name) === key);
}

export interface AddedClass {
  readonly record: ClassRecord;
  /** False: there was a class of that name already, and this is it. */
  readonly added: boolean;
}

/** A new class at the end of the palette, or the one of that name. */
export function addClass(name: string): Operation<AddedClass> {
  return (records) => {
    const known = namedLike(records, name);
    if (known) {
      return plan([], [], { record: known, added: false });
    }
    const classes = classesOf(records);
    const record: ClassRecord = {
      kind: "class",
      version: RECORD_VERSION,
      id: newClassId(),
      name,
      colour: freeColour(classes.map((one) => one.colour)),
      order: nextOrder(records),
    };
    return plan([record], [], { record, added: true });
  };
}

/** @throws EngineError class-missing; class-invalid for a name or colour that cannot be taken. */
export function changeClass(
  id: ClassId,
  change: { readonly name?: string; readonly colour?: string },
): Operation<ClassRecord> {
  return (records) => {
    const before = requireClass(records, id);
    const name = change.name === undefined ? before.name : cleanName(change.name).name;
    const colour = change.colour === undefined ? before.colour : change.colour.toLowerCase();
    if (!/^#[\da-f]{6}$/u.test(colour)) {
      throw new EngineError("class-invalid", `The colour of “${before.name}” must be given as #rrggbb.`);
    }
    const other = namedLike(records, name);
    if (other && other.id !== id) {
      throw new EngineError("class-invalid", `Another class is already called “${other.name}”.`);
    }
    const after = { ...before, name, colour };
    return plan(name === before.name && colour === before.colour ? [] : [after], [], after);
  };
}

const referencesOf = (records: Records, id: ClassId): ReferenceRecord[] =>
  [...records.values()].filter((record) => record.kind === "reference").filter((record) => record.classId === id);

/** Removes a class with all that hangs on it. The value is what restore() needs. */
export function removeClass(id: ClassId): Operation<readonly BankRecord[]> {
  return (records) => {
    const record = requireClass(records, id);
    const references = referencesOf(records, id);
    const descriptors = references.flatMap((one) => descriptorsOfReference(records, one.id));
    const removed = [record, ...references, ...descriptors];
    return plan(
      [],
      removed.map((one) => keyed(one)[0]),
      removed,
    );
  };
}

/** @throws EngineError reference-missing */
export function removeReference(id: ReferenceId): Operation<readonly BankRecord[]> {
  return (records) => {
    const removed = [requireReference(records, id), ...descriptorsOfReference(records, id)];
    return plan(
      [],
      removed.map((one) => keyed(one)[0]),
      removed,
    );
  };
}

/** A name that no class has: the wanted one, or the wanted one with a number. */
function freeName(records: Records, wanted: string): string {
  for (let number = 2, name = wanted; ; number++) {
    if (!namedLike(records, name)) {
      return name;
    }
    name = `${wanted} ${number}`;
  }
}

/** Brings a removed class back whole; under another name when its own was given to a new class meanwhile. */
export function restoreClass(removed: readonly BankRecord[]): Operation<null> {
  return (records) => {
    const renamed = removed.map((record) =>
      record.kind === "class" && !records.has(classKey(record.id))
        ? { ...record, name: freeName(records, record.name) }
        : record,
    );
    const missing = renamed.filter((record) => !records.has(keyed(record)[0]));
    return plan(missing, [], null);
  };
}

/** @throws EngineError class-missing when its class is gone. */
export function restoreReference(removed: readonly BankRecord[]): Operation<null> {
  return (records) => {
    removed.forEach((record) => record.kind === "reference" && requireClass(records, record.classId));
    return plan(removed, [], null);
  };
}

/** Appends references in the order given. @throws EngineError class-missing */
export function addReferences(id: ClassId, drafts: readonly ReferenceDraft[]): Operation<readonly ReferenceRecord[]> {
  return (records) => {
    requireClass(records, id);
    const first = nextOrder(records);
    const added = drafts.map((draft, at): ReferenceRecord => ({
      kind: "reference",
      version: RECORD_VERSION,
      id: newReferenceId(),
      classId: id,
      source: draft.source,
      provenance: cleanText(draft.provenance).text,
      domain: draft.domain,
      crop: draft.crop,
      enabled: true,
      order: first + at,
      subcategory: cleanSubcategory(draft.subcategory),
      attribution: cleanAttribution(draft.attribution),
    }));
    return plan(added, [], added);
  };
}

/** A reference that is moved goes to the end of its new class. @throws EngineError reference-missing, class-missing */
export function changeReference(id: ReferenceId, change: ReferenceChange): Operation<ReferenceRecord> {
  return (records) => {
    const before = requireReference(records, id);
    const classId = change.classId ?? before.classId;
    requireClass(records, classId);
    const moved = classId !== before.classId;
    const after: ReferenceRecord = {
      ...before,
      enabled: change.enabled ?? before.enabled,
      subcategory: change.subcategory === undefined ? before.subcategory : cleanSubcategory(change.subcategory),
      classId,
      order: moved ? nextOrder(records) : before.order,
    };
    const changed = moved || after.enabled !== before.enabled || after.subcategory !== before.subcategory;
    return plan(changed ? [after] : [], [], after);
  };
}

/** Keeps descriptors; those of references that were removed meanwhile are dropped. */
export function storeDescriptors(
  model: ModelId,
  computed: readonly (ReferenceDescriptors & { readonly referenceId: ReferenceId })[],
): Operation<null> {
  return (records) => {
    const standing = computed.filter((one) => records.has(referenceKey(one.referenceId)));
    const puts = standing.map(({ referenceId, dimensions, views, surroundings }): BankRecord => ({
      kind: "descriptor",
      version: RECORD_VERSION,
      referenceId,
      modelId: model,
      dimensions,
      views,
      surroundings,
    }));
    return plan(puts, [], null);
  };
}

export function storeAnchors(model: ModelId, set: string, anchors: AnchorDescriptors): Operation<null> {
  return () => plan([{ ...anchors, kind: "anchors", version: RECORD_VERSION, modelId: model, set }], [], null);
}

/** Everything kept for a model: its descriptors and anchors. */
export function dropModel(model: ModelId): Operation<null> {
  return (records) => {
    const of = [...records.values()].filter((record) => "modelId" in record && record.modelId === model);
    return plan(
      [],
      of.map((record) => keyed(record)[0]),
      null,
    );
  };
}

/**
 * Gives references whose class record was lost a class again, so that no example is out of reach.
 * @param untouchable keys of records that stand in the store but are not for this version to read.
 */
export function adoptOrphans(records: Records, untouchable: ReadonlySet<string>): Change {
  const references = [...records.values()].filter((record) => record.kind === "reference");
  const lost = [...new Set(references.map((one) => one.classId))].filter(
    (id) => !records.has(classKey(id)) && !untouchable.has(classKey(id)),
  );
  const known = new Map(records);
  for (const id of lost) {
    const colour = freeColour(classesOf(known).map((one) => one.colour));
    const name = freeName(known, "Recovered class");
    const record: ClassRecord = { kind: "class", version: RECORD_VERSION, id, name, colour, order: nextOrder(known) };
    known.set(classKey(id), record);
  }
  const adopted = lost.flatMap((id) => known.get(classKey(id)) ?? []);
  const stale = [...records.values()]
    .filter((record) => record.kind === "descriptor")
    .filter(({ referenceId: id }) => !records.has(referenceKey(id)) && !untouchable.has(referenceKey(id)))
    .map((record) => descriptorKey(record.modelId, record.referenceId));
  return { puts: adopted.map(keyed), deletes: stale };
}
