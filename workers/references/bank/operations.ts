import { type ClassId, EngineError, type ModelId, type ReferenceChange, type ReferenceId } from "../../contract.ts";
import { toHalves } from "../../half-floats.ts";
import { sha256 } from "../../imaging/hash.ts";
import { cleanAttribution, cleanName, cleanSubcategory, cleanText } from "./names.ts";
import { freeColour } from "./palette.ts";
import type { Records } from "./record-index.ts";
import {
  type AnchorDescriptors,
  classKey,
  type ClassRecord,
  type CropRecord,
  cropKey,
  descriptorKey,
  keyed,
  keyOf,
  RECORD_VERSION,
  type ReferenceDescriptors,
  type ReferenceDraft,
  referenceKey,
  type ReferenceRecord,
  type StoredRecord,
} from "./records.ts";
import type { Change } from "./store.ts";

/**
 * Operations on the bank: functions of the records as they stand when the lock is held, to what is to be written. They
 * hold wishes ("rename this class"), never copies of what a tab saw earlier, so two tabs cannot overwrite each other.
 */
export interface Planned<Value> extends Change {
  readonly value: Value;
  /** The step's name for the person ("Removed dog"); null for what is no step: descriptors. */
  readonly label: string | null;
}
export type Operation<Value> = (records: Records) => Planned<Value>;

export const plan = <Value>(
  label: string | null,
  puts: readonly StoredRecord[],
  deletes: readonly string[],
  value: Value,
): Planned<Value> => ({ label, puts: puts.map(keyed), deletes, value });

/** 64 random bits: works without a secure context, where randomUUID is missing. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
const newClassId = (): ClassId => `c${newId()}` as ClassId;
const newReferenceId = (): ReferenceId => `r${newId()}` as ReferenceId;

/** "a reference", "3 references". */
const counted = (count: number): string => (count === 1 ? "a reference" : `${count} references`);

export interface AddedClass {
  readonly record: ClassRecord;
  /** False: there was a class of that name already, and this is it. */
  readonly added: boolean;
}

/** #rrggbb, in lower case. */
export const isColour = (text: string): boolean => /^#[\da-f]{6}$/u.test(text);

export const classRecord = (name: string, colour: string, order: number): ClassRecord => ({
  kind: "class",
  version: RECORD_VERSION,
  id: newClassId(),
  name,
  colour,
  order,
});

/** A colour that no class has. */
export const newColour = (records: Records): string => freeColour(records.classes().map((one) => one.colour));

/** A new class at the end of the palette, or the one of that name. */
export function addClass(name: string): Operation<AddedClass> {
  return (records) => {
    const known = records.named(name);
    if (known) return plan(null, [], [], { record: known, added: false });
    const record = classRecord(name, newColour(records), records.nextOrder());
    return plan(`Added ${name}`, [record], [], { record, added: true });
  };
}

/** @throws EngineError class-missing; class-invalid for a name or colour that cannot be taken. */
export function changeClass(
  id: ClassId,
  change: { readonly name?: string; readonly colour?: string },
): Operation<ClassRecord> {
  return (records) => {
    const before = records.requireClass(id);
    const name = change.name === undefined ? before.name : cleanName(change.name).name;
    const colour = change.colour === undefined ? before.colour : change.colour.toLowerCase();
    if (!isColour(colour)) {
      throw new EngineError("class-invalid", `The colour of “${before.name}” must be given as #rrggbb.`);
    }
    const other = records.named(name);
    if (other && other.id !== id) {
      throw new EngineError("class-invalid", `Another class is already called “${other.name}”.`);
    }
    const after = { ...before, name, colour };
    const label = name === before.name ? `Recoloured ${name}` : `Renamed ${before.name} to ${name}`;
    return plan(label, name === before.name && colour === before.colour ? [] : [after], [], after);
  };
}

/** A reference's own key, and those of all that hangs on it. */
function keysOf(records: Records, { id }: ReferenceRecord): readonly string[] {
  const descriptors = [...records.descriptorsOf(id).keys()].map((model) => descriptorKey(model, id));
  return [referenceKey(id), cropKey(id), ...descriptors];
}

/** Removes a class with all that hangs on it. @throws EngineError class-missing */
export function removeClass(id: ClassId): Operation<null> {
  return (records) => {
    const record = records.requireClass(id);
    const references = records.referencesOf(id).flatMap((one) => keysOf(records, one));
    return plan(`Removed ${record.name}`, [], [keyOf(record), ...references], null);
  };
}

/** @throws EngineError reference-missing */
export function removeReferences(ids: readonly ReferenceId[]): Operation<null> {
  return (records) => {
    const references = ids.map((id) => records.requireReference(id));
    const label = `Removed ${counted(ids.length)}${ofClass(records, references)}`;
    const keys = references.flatMap((one) => keysOf(records, one));
    return plan(label, [], keys, null);
  };
}

/** " of dog" when all of them are of one class. */
function ofClass(records: Records, references: readonly ReferenceRecord[]): string {
  const classes = new Set(references.map((one) => one.classId));
  const [only] = classes;
  return only !== undefined && classes.size === 1 ? ` of ${records.requireClass(only).name}` : "";
}

/** A draft with its picture's SHA-256; null where nobody has worked it out. */
export interface HashedDraft extends ReferenceDraft {
  readonly picture: string | null;
}

/** Notes the SHA-256 of the drafts' pictures; a picture that several share is looked at once. */
export async function hashed(drafts: readonly ReferenceDraft[]): Promise<readonly HashedDraft[]> {
  const known = new Map<Blob, string>();
  for (const { crop } of drafts) {
    if (!known.has(crop.image)) known.set(crop.image, await sha256(await crop.image.arrayBuffer()));
  }
  return drafts.map((draft) => ({ ...draft, picture: known.get(draft.crop.image) ?? null }));
}

/** Records of a draft: the reference and its crop. */
export function recordsOfDraft(
  draft: HashedDraft,
  classId: ClassId,
  order: number,
  enabled = true,
): readonly [ReferenceRecord, CropRecord] {
  const id = newReferenceId();
  const { source, domain, crop } = draft;
  return [
    {
      kind: "reference",
      version: RECORD_VERSION,
      id,
      classId,
      source,
      provenance: cleanText(draft.provenance).text,
      domain,
      enabled,
      order,
      subcategory: cleanSubcategory(draft.subcategory),
      attribution: cleanAttribution(draft.attribution),
      picture: draft.picture,
    },
    { kind: "crop", version: RECORD_VERSION, referenceId: id, ...crop },
  ];
}

/** Appends references in the order given. @throws EngineError class-missing */
export function addReferences(id: ClassId, drafts: readonly HashedDraft[]): Operation<readonly ReferenceRecord[]> {
  return (records) => {
    const { name } = records.requireClass(id);
    const first = records.nextOrder();
    const added = drafts.map((draft, at) => recordsOfDraft(draft, id, first + at));
    const references = added.map(([reference]) => reference);
    return plan(`Added ${counted(drafts.length)} to ${name}`, added.flat(), [], references);
  };
}

/** What a change of references is called. */
function labelOfChange(records: Records, references: readonly ReferenceRecord[], change: ReferenceChange): string {
  const which = `${counted(references.length)}${ofClass(records, references)}`;
  if (change.classId !== undefined) {
    return `Moved ${counted(references.length)} to ${records.requireClass(change.classId).name}`;
  }
  if (change.subcategory !== undefined) return `Changed the sub-category of ${which}`;
  return `${change.enabled === false ? "Switched off" : "Switched on"} ${which}`;
}

/** References that are moved go to the end of their new class. @throws EngineError reference-missing, class-missing */
export function changeReferences(ids: readonly ReferenceId[], change: ReferenceChange): Operation<null> {
  return (records) => {
    const references = ids.map((id) => records.requireReference(id));
    if (change.classId !== undefined) records.requireClass(change.classId);
    const first = records.nextOrder();
    const changed = references.flatMap((before, at): ReferenceRecord[] => {
      const classId = change.classId ?? before.classId;
      const moved = classId !== before.classId;
      const enabled = change.enabled ?? before.enabled;
      const subcategory = change.subcategory === undefined ? before.subcategory : cleanSubcategory(change.subcategory);
      if (!moved && enabled === before.enabled && subcategory === before.subcategory) return [];
      return [{ ...before, enabled, subcategory, classId, order: moved ? first + at : before.order }];
    });
    return plan(labelOfChange(records, references, change), changed, [], null);
  };
}

/** Keeps descriptors; those of references that were removed meanwhile are dropped. */
export function storeDescriptors(
  model: ModelId,
  computed: readonly (ReferenceDescriptors & { readonly referenceId: ReferenceId })[],
): Operation<null> {
  return (records) => {
    const standing = computed.filter((one) => records.has(referenceKey(one.referenceId)));
    const puts = standing.map(({ referenceId, dimensions, views, surroundings, parts }): StoredRecord => ({
      kind: "descriptor",
      version: RECORD_VERSION,
      referenceId,
      modelId: model,
      dimensions,
      views: toHalves(views),
      surroundings: surroundings && toHalves(surroundings),
      parts: parts && { ...parts, vectors: toHalves(parts.vectors) },
    }));
    return plan(null, puts, [], null);
  };
}

export function storeAnchors(model: ModelId, set: string, anchors: AnchorDescriptors): Operation<null> {
  return () => plan(null, [{ ...anchors, kind: "anchors", version: RECORD_VERSION, modelId: model, set }], [], null);
}

/** Everything kept for a model: its descriptors, anchors and calibration. */
export function dropModel(model: ModelId): Operation<null> {
  return (records) => {
    const keys = [...records.records()].flatMap((record) =>
      "modelId" in record && record.modelId === model ? [keyOf(record)] : [],
    );
    return plan(null, [], keys, null);
  };
}

/**
 * Gives all references of some classes to another and removes those classes. @throws EngineError class-missing
 */
export function mergeClasses(into: ClassId, from: readonly ClassId[]): Operation<null> {
  return (records) => {
    const { name } = records.requireClass(into);
    const merged = from.filter((id) => id !== into).map((id) => records.requireClass(id));
    const first = records.nextOrder();
    const moved = merged
      .flatMap((one) => records.referencesOf(one.id))
      .map((one, at): ReferenceRecord => Object.assign({}, one, { classId: into, order: first + at }));
    const names = merged.length > 3 ? `${merged.length} classes` : merged.map((one) => one.name).join(", ");
    const deletes = merged.map((one) => classKey(one.id));
    return plan(`Merged ${names} into ${name}`, moved, deletes, null);
  };
}

/**
 * Makes a new class of some references. @throws EngineError reference-missing; class-invalid for a name that is taken or
 * not one
 */
export function splitClass(ids: readonly ReferenceId[], rawName: string): Operation<ClassRecord> {
  return (records) => {
    const { name } = cleanName(rawName);
    const other = records.named(name);
    if (other) throw new EngineError("class-invalid", `Another class is already called “${other.name}”.`);
    const references = ids.map((id) => records.requireReference(id));
    const order = records.nextOrder();
    const record = classRecord(name, newColour(records), order);
    const moved = references.map((one, at): ReferenceRecord => ({ ...one, classId: record.id, order: order + 1 + at }));
    return plan(
      `Made ${name} of ${counted(ids.length)}${ofClass(records, references)}`,
      [record, ...moved],
      [],
      record,
    );
  };
}

/**
 * Puts another crop in a reference's place, which stays where and what it was otherwise. It is a new reference to the
 * models. @throws EngineError reference-missing
 */
export function replaceReference(id: ReferenceId, draft: HashedDraft): Operation<ReferenceRecord> {
  return (records) => {
    const before = records.requireReference(id);
    const kept: HashedDraft = { ...before, crop: draft.crop, picture: draft.picture };
    const [reference, crop] = recordsOfDraft(kept, before.classId, before.order, before.enabled);
    const label = `Corrected a reference of ${records.requireClass(before.classId).name}`;
    return plan(label, [reference, crop], keysOf(records, before), reference);
  };
}
