import {
  type Bank as BankSnapshot,
  type BankId,
  type ClassId,
  type ClassInfo,
  EngineError,
  type Failure,
  type History,
  type ModelId,
  type ReferenceChange,
  type ReferenceId,
  type ReferenceInfo,
  type Step,
  type StepId,
} from "../../contract.ts";
import { Announcements, type BankEvent } from "./announcements.ts";
import { type ClassDescriptors, type ClassParts, type ReferenceDescriptor, seenBy } from "./descriptor-rows.ts";
import { Journal, planRestoring, type StepGroup } from "./journal.ts";
import { cleanName } from "./names.ts";
import * as operations from "./operations.ts";
import type { BankPlatform } from "./platform.ts";
import type { RecordIndex } from "./record-index.ts";
import {
  type AnchorDescriptors,
  type Crop,
  cropKey,
  type Domain,
  type ReferenceDescriptors,
  type ReferenceDraft,
  referenceKey,
  type ReferenceRecord,
  type StoredRecord,
} from "./records.ts";
import { readRecord } from "./schemas.ts";
import { SharedRecords } from "./shared-records.ts";
import type { Change } from "./store.ts";

export type { BankEvent } from "./announcements.ts";
export type { ClassDescriptors, ClassParts, ReferenceDescriptor } from "./descriptor-rows.ts";

/** A reference that a model has not seen yet. */
export interface MissingDescriptor {
  readonly referenceId: ReferenceId;
  readonly domain: Domain;
  readonly provenance: string;
  /** SHA-256 of the crop's picture, if it is known: references of one picture share it. */
  readonly picture: string | null;
}

export interface AddedClass {
  readonly info: ClassInfo;
  /** False: there was a class of that name (case aside) already, and this is it. */
  readonly added: boolean;
  /** Set when the name was cut. */
  readonly notice: Failure | null;
}

/**
 * A reference bank: classes, their references, and what each model sees in them, shared with the other tabs. What this
 * tab changed it can undo. All changing methods throw EngineError storage-full when the quota is used up; the bank is then as before. A `group`
 * makes changes one step to the person, though they are made one after another.
 */
export class Bank {
  readonly id: BankId;
  readonly #records: SharedRecords;
  readonly #journal: Journal;
  readonly #told: Announcements;

  private constructor(platform: BankPlatform, id: BankId, journal: Journal) {
    this.id = id;
    this.#journal = journal;
    this.#records = new SharedRecords(platform, {
      changed: (keys) => this.#told.changed(keys),
      notice: (failure) => this.#told.notify(failure),
    });
    this.#told = new Announcements(id, this.#records);
  }

  /**
   * Opens a bank; never fails: refused storage means memory only, damaged records are set aside and reported. Classes and
   * references are known then; what models saw in them, which is much more, once the bank is settled.
   * @param journal what this tab did to the bank when it had it open before
   */
  static async open(platform: BankPlatform, id: BankId, journal = new Journal()): Promise<Bank> {
    const bank = new Bank(platform, id, journal);
    await bank.#records.open();
    return bank;
  }

  /** Resolves when it is known what models saw: no descriptor may be asked for before. */
  get settled(): Promise<void> {
    return this.#records.settled;
  }

  /** Tells nobody anything from now on. Resolves when what is under way is written. */
  async close(): Promise<void> {
    this.#told.stop();
    await this.#records.close();
  }

  /** False: everything is gone on reload. */
  get persists(): boolean {
    return this.#records.persists;
  }

  /** The records, for what is read out of a whole bank. Not to be changed. */
  get records(): Pick<RecordIndex, "classes" | "referencesOf" | "descriptorsOf" | "calibrationOf"> {
    return this.#records.index;
  }

  /** Classes in palette order with their references. The same objects until something of them changes. */
  snapshot(): BankSnapshot {
    return this.#told.snapshot();
  }

  /** Calls the listener after every change and with every notice. Returns what ends it. */
  subscribe(listener: (event: BankEvent) => void): () => void {
    return this.#told.subscribe(listener);
  }

  // ------------------------------------------------------------------------------------------------ classes

  /** Adds a class, or finds the one of that name. @throws EngineError class-invalid for a name without a character. */
  async addClass(rawName: string, group: StepGroup | null = null): Promise<AddedClass> {
    const { name, notice } = cleanName(rawName);
    const { record, added } = (await this.#change(operations.addClass(name), group)).value;
    return { info: this.#classInfo(record.id), added, notice };
  }

  /** @throws EngineError class-missing, class-invalid (also for the name of another class) */
  async changeClass(id: ClassId, change: { readonly name?: string; readonly colour?: string }): Promise<ClassInfo> {
    const { value } = await this.#change(operations.changeClass(id, change));
    return this.#classInfo(value.id);
  }

  /** @throws EngineError class-missing */
  async removeClass(id: ClassId): Promise<Step | null> {
    return (await this.#change(operations.removeClass(id))).step;
  }

  /** @throws EngineError class-missing */
  async mergeClasses(into: ClassId, from: readonly ClassId[]): Promise<Step | null> {
    return (await this.#change(operations.mergeClasses(into, from))).step;
  }

  /** Makes a new class of some references. @throws EngineError reference-missing, class-invalid */
  async splitClass(references: readonly ReferenceId[], name: string): Promise<ClassInfo> {
    return this.#classInfo((await this.#change(operations.splitClass(references, name))).value.id);
  }

  // ------------------------------------------------------------------------------------------------ references

  /** @throws EngineError class-missing */
  async addReferences(
    id: ClassId,
    drafts: readonly ReferenceDraft[],
    group: StepGroup | null = null,
  ): Promise<readonly ReferenceInfo[]> {
    const { value } = await this.#change(operations.addReferences(id, await operations.hashed(drafts)), group);
    return value.map((record) => this.#referenceInfo(record));
  }

  /** @throws EngineError reference-missing; class-missing when they are to be moved to a class that is gone */
  async changeReferences(
    ids: readonly ReferenceId[],
    change: ReferenceChange,
    group: StepGroup | null = null,
  ): Promise<Step | null> {
    return (await this.#change(operations.changeReferences(ids, change), group)).step;
  }

  /** @throws EngineError reference-missing */
  async removeReferences(ids: readonly ReferenceId[], group: StepGroup | null = null): Promise<Step | null> {
    return (await this.#change(operations.removeReferences(ids), group)).step;
  }

  /** Puts another crop in a reference's place. @throws EngineError reference-missing */
  async replaceReference(id: ReferenceId, draft: ReferenceDraft): Promise<ReferenceInfo> {
    const [hashed] = await operations.hashed([draft]);
    if (!hashed) throw new EngineError("internal", "A correction without a picture.");
    return this.#referenceInfo((await this.#change(operations.replaceReference(id, hashed))).value);
  }

  has(id: ReferenceId): boolean {
    return this.#records.index.has(referenceKey(id));
  }

  /** @throws EngineError reference-missing, storage-damaged */
  async crop(id: ReferenceId): Promise<Crop> {
    this.#records.index.requireReference(id);
    const keys = [cropKey(id), referenceKey(id)] as const;
    const [crop, reference] = await this.#records.get(keys);
    const read = readRecord(keys[0], crop);
    if (read.state === "good" && read.record.kind === "crop") return read.record;
    // Of version 1, and not written anew yet: the crop was part of the reference.
    const old = readRecord(keys[1], reference);
    for (const [, part] of (old.state === "good" && old.migrated) || []) if (part.kind === "crop") return part;
    throw new EngineError("storage-damaged", "The picture of an example could not be read.", { reference: id });
  }

  /** A change that was planned elsewhere: an import. */
  async apply<Value>(
    operation: operations.Operation<Value>,
    group: StepGroup | null = null,
  ): Promise<{ readonly value: Value; readonly step: Step | null }> {
    return this.#change(operation, group);
  }

  /** Makes a copy of all that is in another bank, in this one, which is empty. */
  async fillFrom(other: Bank): Promise<void> {
    await other.settled;
    await this.#records.exclusively(async () => {
      const puts = await other.#records.whole();
      await this.#records.change(() => ({ puts, deletes: [] }));
    });
  }

  // ------------------------------------------------------------------------------------------------ steps

  /** What can be undone and redone in this tab. */
  get history(): History {
    return this.#journal.history;
  }

  /**
   * Undoes a step of this tab, the newest if none is named. Null: there was none.
   * @throws EngineError undo-outdated when what it changed was changed again since; nothing is done then
   */
  undo(id: StepId | null = null): Promise<Step | null> {
    return this.#records.exclusively(async () => {
      const step = this.#journal.undoable(id);
      if (!step) return null;
      const { before, left } = await this.#write((records) => planRestoring(records, step));
      this.#journal.undone(step, before, left);
      this.#told.emit({ type: "history", history: this.history });
      return { id: step.id, label: step.label };
    });
  }

  /** Redoes the step undone last. @throws EngineError undo-outdated */
  redo(): Promise<Step | null> {
    return this.#records.exclusively(async () => {
      const step = this.#journal.redoable;
      if (!step) return null;
      const { before, left } = await this.#write((records) => planRestoring(records, step));
      this.#journal.redone(step, before, left);
      this.#told.emit({ type: "history", history: this.history });
      return { id: step.id, label: step.label };
    });
  }

  // ------------------------------------------------------------------------------------------------ descriptors

  /** What the matcher compares with: enabled references that the model has seen, by class, classes in palette order. */
  descriptorsOf(model: ModelId): readonly ClassDescriptors[] {
    return seenBy(this.#records.index, model).map(({ classId, name, rows }) => ({
      classId,
      name,
      references: rows.flatMap(({ things }) => things),
    }));
  }

  /** What surrounds the things in enabled references: examples of "other". */
  surroundingsOf(model: ModelId): readonly ReferenceDescriptor[] {
    return seenBy(this.#records.index, model).flatMap(({ rows }) =>
      rows.flatMap(({ surroundings }) => surroundings ?? []),
    );
  }

  /** Pieces of the enabled references, by class, classes in palette order. */
  partsOf(model: ModelId): readonly ClassParts[] {
    return seenBy(this.#records.index, model).map(({ classId, rows }) => ({
      classId,
      parts: rows.flatMap((one) => one.parts),
    }));
  }

  /** Enabled references that the model has not seen, in palette order. */
  missingDescriptors(model: ModelId): readonly MissingDescriptor[] {
    const { index } = this.#records;
    return index
      .classes()
      .flatMap((one) => index.referencesOf(one.id))
      .filter((reference) => reference.enabled && !index.descriptorsOf(reference.id).has(model))
      .map(({ id: referenceId, domain, provenance, picture }) => ({ referenceId, domain, provenance, picture }));
  }

  /** Descriptors of references that are gone by now are dropped without a word. */
  async storeDescriptors(
    model: ModelId,
    computed: readonly (ReferenceDescriptors & { readonly referenceId: ReferenceId })[],
  ): Promise<void> {
    await this.remember(operations.storeDescriptors(model, computed));
  }

  /** Descriptors of the anchors under a model; null when they were never stored or belong to another set. */
  anchorsOf(model: ModelId, set: string): AnchorDescriptors | null {
    const record = this.#records.index.anchorsOf(model);
    return record?.set === set ? record : null;
  }

  async storeAnchors(model: ModelId, set: string, anchors: AnchorDescriptors): Promise<void> {
    await this.remember(operations.storeAnchors(model, set, anchors));
  }

  /** Forgets what a model saw, so that all is embedded anew. */
  async dropModel(model: ModelId): Promise<void> {
    await this.#change(operations.dropModel(model));
  }

  /** A change of what can be computed again: with no room left on disk it lives in this tab's memory. */
  async remember(operation: operations.Operation<null>): Promise<void> {
    try {
      await this.#change(operation);
    } catch (error) {
      if (!(error instanceof EngineError && error.code === "storage-full")) throw error;
      this.#records.keepInMemory(operation(this.#records.index));
      this.#told.notify({ code: "storage-full", message: error.message, data: {} });
    }
  }

  // ------------------------------------------------------------------------------------------------ inside

  #classInfo(id: ClassId): ClassInfo {
    return this.#records.index.info(this.#records.index.requireClass(id));
  }

  #referenceInfo({ id, classId }: ReferenceRecord): ReferenceInfo {
    const info = this.#classInfo(classId).references.find((one) => one.id === id);
    if (info) return info;
    throw new EngineError("reference-missing", "The example is no longer in the bank.", { reference: id });
  }

  async #change<Value>(
    operation: operations.Operation<Value>,
    group: StepGroup | null = null,
  ): Promise<{ readonly value: Value; readonly step: Step | null }> {
    return this.#records.exclusively(async () => {
      const { planned, before, left } = await this.#write(operation);
      if (planned.label === null || left.length === 0) return { value: planned.value, step: null };
      const { id, label } = this.#journal.record(planned.label, before, left, group);
      this.#told.emit({ type: "history", history: this.history });
      return { value: planned.value, step: { id, label } };
    });
  }

  /** Writes a change, and tells what stood at its keys before and what it left there. */
  async #write<Planned extends Change>(plan: (records: RecordIndex) => Planned) {
    type Entry = readonly [string, StoredRecord | undefined];
    let before: readonly Entry[] = [];
    const planned = await this.#records.change(async (records) => {
      const wish = plan(records);
      const keys = [...wish.puts.map(([key]) => key), ...wish.deletes];
      const crops = wish.deletes.filter((key) => key.startsWith("crop:"));
      const pictures = new Map<string, StoredRecord>();
      if (crops.length > 0) {
        const values = await this.#records.get(crops);
        crops.forEach((key, at) => {
          const read = readRecord(key, values[at]);
          if (read.state === "good") pictures.set(key, read.record);
        });
      }
      before = keys.map((key): Entry => [key, records.get(key) ?? pictures.get(key)]);
      return wish;
    });
    const left = before.map(([key]): Entry => [key, this.#records.index.get(key)]);
    return { planned, before, left };
  }
}
