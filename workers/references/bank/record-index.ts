import {
  type ClassId,
  type ClassInfo,
  EngineError,
  type ModelId,
  type ReferenceId,
  type ReferenceInfo,
} from "../../contract.ts";
import { nameKey } from "./names.ts";
import {
  type AnchorRecord,
  anchorKey,
  calibrationKey,
  type CalibrationRecord,
  type BankRecord,
  classKey,
  type ClassRecord,
  type DescriptorRecord,
  keyOf,
  referenceKey,
  type ReferenceRecord,
} from "./records.ts";

const inOrder = (
  a: { readonly order: number; readonly id: string },
  b: { readonly order: number; readonly id: string },
): number => a.order - b.order || (a.id < b.id ? -1 : 1);

const referenceInfo = (record: ReferenceRecord): ReferenceInfo => {
  const { id, source, provenance, enabled, subcategory, attribution } = record;
  return { id, source, provenance, enabled, subcategory, attribution };
};

/** What operations may know of the records. */
export type Records = Omit<RecordIndex, "put" | "delete" | "clear" | "takeTouched">;

const NO_DESCRIPTORS: ReadonlyMap<ModelId, DescriptorRecord> = new Map();

/**
 * The records as this tab knows them, crops aside. One change costs what it touches: lists and infos of the other
 * classes stay the same objects, so whoever is shown them can tell what changed by looking at them.
 */
export class RecordIndex {
  readonly #records = new Map<string, BankRecord>();
  readonly #references = new Map<ClassId, Map<ReferenceId, ReferenceRecord>>();
  readonly #descriptors = new Map<ReferenceId, Map<ModelId, DescriptorRecord>>();
  readonly #named = new Map<string, Set<ClassId>>();
  #highest = -1;

  #classes: readonly ClassRecord[] | null = null;
  readonly #sorted = new Map<ClassId, readonly ReferenceRecord[]>();
  readonly #infos = new Map<ClassId, ClassInfo>();
  readonly #touched = new Set<ClassId>();

  /** Puts a record in the place of the one of its key. */
  put(record: BankRecord): void {
    const key = keyOf(record);
    this.delete(key);
    this.#records.set(key, record);
    if ("order" in record) this.#highest = Math.max(this.#highest, record.order);
    switch (record.kind) {
      case "class":
        entryOf(this.#named, nameKey(record.name), () => new Set()).add(record.id);
        this.#classes = null;
        this.#forget(record.id);
        break;
      case "reference":
        entryOf(this.#references, record.classId, () => new Map()).set(record.id, record);
        this.#forget(record.classId);
        break;
      case "descriptor":
        entryOf(this.#descriptors, record.referenceId, () => new Map()).set(record.modelId, record);
        break;
      case "anchors":
      case "calibration":
    }
  }

  delete(key: string): void {
    const record = this.#records.get(key);
    if (!record) return;
    this.#records.delete(key);
    switch (record.kind) {
      case "class":
        this.#named.get(nameKey(record.name))?.delete(record.id);
        this.#classes = null;
        this.#forget(record.id);
        break;
      case "reference":
        this.#references.get(record.classId)?.delete(record.id);
        this.#forget(record.classId);
        break;
      case "descriptor":
        this.#descriptors.get(record.referenceId)?.delete(record.modelId);
        break;
      case "anchors":
      case "calibration":
    }
  }

  clear(): void {
    for (const { id } of this.classes()) this.#touched.add(id);
    for (const map of [this.#records, this.#references, this.#descriptors, this.#named, this.#sorted, this.#infos]) {
      map.clear();
    }
    this.#classes = null;
    this.#highest = -1;
  }

  #forget(id: ClassId): void {
    this.#touched.add(id);
    this.#sorted.delete(id);
    this.#infos.delete(id);
  }

  /** Classes that changed since this was last asked, removed ones included. */
  takeTouched(): ReadonlySet<ClassId> {
    const touched = new Set(this.#touched);
    this.#touched.clear();
    return touched;
  }

  get(key: string): BankRecord | undefined {
    return this.#records.get(key);
  }

  has(key: string): boolean {
    return this.#records.has(key);
  }

  entries(): IterableIterator<[string, BankRecord]> {
    return this.#records.entries();
  }

  records(): IterableIterator<BankRecord> {
    return this.#records.values();
  }

  /** In palette order. The same list until a class changes. */
  classes(): readonly ClassRecord[] {
    this.#classes ??= [...this.#records.values()].filter((record) => record.kind === "class").sort(inOrder);
    return this.#classes;
  }

  /** In the order in which they were added. The same list until one of them changes. */
  referencesOf(id: ClassId): readonly ReferenceRecord[] {
    return entryOf(this.#sorted, id, () => [...(this.#references.get(id)?.values() ?? [])].sort(inOrder));
  }

  /** Ids that references name as their class, whether there is such a class or not. */
  referencedClasses(): readonly ClassId[] {
    return [...this.#references].flatMap(([id, references]) => (references.size > 0 ? [id] : []));
  }

  /** What the page may know of a class. The same object until the class or a reference of it changes. */
  info({ id, name, colour }: ClassRecord): ClassInfo {
    return entryOf(this.#infos, id, () => ({
      id,
      name,
      colour,
      references: this.referencesOf(id).map(referenceInfo),
    }));
  }

  /** The class of that name, case aside. */
  named(name: string): ClassRecord | null {
    for (const id of this.#named.get(nameKey(name)) ?? []) return this.requireClass(id);
    return null;
  }

  /** One more than the highest order of anything that is or was in the bank. */
  nextOrder(): number {
    return this.#highest + 1;
  }

  /** @throws EngineError class-missing */
  requireClass(id: ClassId): ClassRecord {
    const record = this.#records.get(classKey(id));
    if (record?.kind === "class") return record;
    throw new EngineError("class-missing", "The class is no longer in the bank.", { class: id });
  }

  /** @throws EngineError reference-missing */
  requireReference(id: ReferenceId): ReferenceRecord {
    const record = this.#records.get(referenceKey(id));
    if (record?.kind === "reference") return record;
    throw new EngineError("reference-missing", "The example is no longer in the bank.", { reference: id });
  }

  /** What the models see in a reference. */
  descriptorsOf(id: ReferenceId): ReadonlyMap<ModelId, DescriptorRecord> {
    return this.#descriptors.get(id) ?? NO_DESCRIPTORS;
  }

  anchorsOf(model: ModelId): AnchorRecord | null {
    const record = this.#records.get(anchorKey(model));
    return record?.kind === "anchors" ? record : null;
  }

  calibrationOf(model: ModelId): CalibrationRecord | null {
    const record = this.#records.get(calibrationKey(model));
    return record?.kind === "calibration" ? record : null;
  }
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
