import {
  type Bank as BankSnapshot,
  type ClassId,
  type ClassInfo,
  EngineError,
  type Failure,
  type ModelId,
  type ReferenceChange,
  type ReferenceId,
  type ReferenceInfo,
} from "../../contract.ts";
import { cleanName } from "./names.ts";
import * as operations from "./operations.ts";
import { type BankPlatform, browserPlatform } from "./platform.ts";
import {
  type AnchorDescriptors,
  type BankRecord,
  type Crop,
  type Domain,
  readRecord,
  type ReferenceDescriptors,
  type ReferenceDraft,
  requireReadable,
} from "./records.ts";
import * as state from "./state.ts";
import { type Change, isQuarantineKey, memoryStore, quarantineKey, type RecordStore } from "./store.ts";

export type BankEvent =
  /** Classes or references changed, in whichever tab; descriptors may have come with them. */
  | { readonly type: "bank"; readonly bank: BankSnapshot }
  /** Descriptors or anchors were stored; what the page may see is as before. */
  | { readonly type: "descriptors" }
  | { readonly type: "notice"; readonly failure: Failure };

/** One row of the matcher's bank; a reference with several views has several rows. */
export interface ReferenceDescriptor {
  readonly referenceId: ReferenceId;
  readonly domain: Domain;
  /** D numbers, a view: not to be changed. */
  readonly vector: Float32Array<ArrayBuffer>;
}

export interface ClassDescriptors {
  readonly classId: ClassId;
  readonly name: string;
  readonly references: readonly ReferenceDescriptor[];
}

/** A reference that a model has not seen yet. */
export interface MissingDescriptor {
  readonly referenceId: ReferenceId;
  readonly domain: Domain;
  readonly crop: Crop;
}

export interface AddedClass {
  readonly info: ClassInfo;
  /** False: there was a class of that name (case aside) already, and this is it. */
  readonly added: boolean;
  /** Set when the name was cut. */
  readonly notice: Failure | null;
}

/**
 * The reference bank: classes, their references, and what each model sees in them. Kept in IndexedDB, or in memory where
 * that is refused. Every change is made while holding a Web Lock, on the records as they then stand, in one
 * transaction; it either happens whole or not at all, and other tabs take it over.
 *
 * All changing methods throw EngineError storage-full when the quota is used up; the bank is then as before.
 */
export class Bank {
  readonly #platform: BankPlatform;
  #store: RecordStore;
  readonly #records = new Map<string, BankRecord>();
  /** Keys of records of a later version: never written by this one. */
  readonly #untouchable = new Set<string>();
  /** Revision of the store when it was last read or written. */
  #stored = -1;
  /** What the page knows; ahead of the store only after somebody cleared it. */
  #revision = 0;
  #snapshot: BankSnapshot | null = null;
  #tail: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Set<(event: BankEvent) => void>();
  /** Notices from before anybody listened. */
  #unheard: BankEvent[] = [];
  readonly #removedClasses = new Map<ClassId, readonly BankRecord[]>();
  readonly #removedReferences = new Map<ReferenceId, readonly BankRecord[]>();

  private constructor(platform: BankPlatform) {
    this.#platform = platform;
    this.#store = platform.store;
  }

  /** Opens the bank; never fails: refused storage means memory only, damaged records are set aside and reported. */
  static async open(platform: BankPlatform = browserPlatform()): Promise<Bank> {
    const bank = new Bank(platform);
    await bank.#exclusively(() => bank.#catchUp());
    platform.channel?.listen(() => void bank.#exclusively(() => bank.#catchUp()));
    return bank;
  }

  /** Stops listening to other tabs. */
  close(): void {
    this.#platform.channel?.close();
    this.#listeners.clear();
  }

  /** False: everything is gone on reload. */
  get persists(): boolean {
    return this.#store.persists;
  }

  /** Classes in palette order with their references. The same object until something changes. */
  snapshot(): BankSnapshot {
    this.#snapshot ??= state.snapshotOf(this.#records, this.#revision);
    return this.#snapshot;
  }

  /** Calls the listener after every change and with every notice. Returns what ends it. */
  subscribe(listener: (event: BankEvent) => void): () => void {
    this.#listeners.add(listener);
    const unheard = this.#unheard;
    this.#unheard = [];
    unheard.forEach(listener);
    return () => this.#listeners.delete(listener);
  }

  // ------------------------------------------------------------------------------------------------ classes

  /** Adds a class, or finds the one of that name. @throws EngineError class-invalid for a name without a character. */
  async addClass(rawName: string): Promise<AddedClass> {
    const { name, notice } = cleanName(rawName);
    const { record, added } = await this.#change(operations.addClass(name));
    return { info: this.#classInfo(record.id), added, notice };
  }

  /** @throws EngineError class-missing, class-invalid (also for the name of another class) */
  async changeClass(id: ClassId, change: { readonly name?: string; readonly colour?: string }): Promise<ClassInfo> {
    const record = await this.#change(operations.changeClass(id, change));
    return this.#classInfo(record.id);
  }

  /** Kept aside in this tab for restoreClass. @throws EngineError class-missing */
  async removeClass(id: ClassId): Promise<void> {
    this.#removedClasses.set(id, await this.#change(operations.removeClass(id)));
  }

  /** @throws EngineError class-missing when this tab did not remove it. */
  async restoreClass(id: ClassId): Promise<ClassInfo> {
    const removed = this.#removedClasses.get(id);
    if (removed) {
      await this.#change(operations.restoreClass(removed));
      this.#removedClasses.delete(id);
    }
    return this.#classInfo(id);
  }

  // ------------------------------------------------------------------------------------------------ references

  /** @throws EngineError class-missing */
  async addReferences(id: ClassId, drafts: readonly ReferenceDraft[]): Promise<readonly ReferenceInfo[]> {
    const records = await this.#change(operations.addReferences(id, drafts));
    return records.map(state.referenceInfo);
  }

  /** @throws EngineError reference-missing; class-missing when it is to be moved to a class that is gone */
  async changeReference(id: ReferenceId, change: ReferenceChange): Promise<void> {
    await this.#change(operations.changeReference(id, change));
  }

  /** Kept aside in this tab for restoreReference. @throws EngineError reference-missing */
  async removeReference(id: ReferenceId): Promise<void> {
    this.#removedReferences.set(id, await this.#change(operations.removeReference(id)));
  }

  /** @throws EngineError reference-missing when this tab did not remove it, class-missing when its class is gone. */
  async restoreReference(id: ReferenceId): Promise<void> {
    const removed = this.#removedReferences.get(id);
    if (!removed) {
      state.requireReference(this.#records, id);
      return;
    }
    await this.#change(operations.restoreReference(removed));
    this.#removedReferences.delete(id);
  }

  /** @throws EngineError reference-missing */
  crop(id: ReferenceId): Crop {
    return state.requireReference(this.#records, id).crop;
  }

  // ------------------------------------------------------------------------------------------------ descriptors

  /** What the matcher compares with: enabled references that the model has seen, by class, classes in palette order. */
  descriptorsOf(model: ModelId): readonly ClassDescriptors[] {
    const references = state.referencesByClass(this.#records);
    return state.classesOf(this.#records).map(({ id, name }) => ({
      classId: id,
      name,
      references: (references.get(id) ?? [])
        .filter((reference) => reference.enabled)
        .flatMap(({ id: referenceId, domain }) => {
          const found = state.descriptorOf(this.#records, model, referenceId);
          return found ? rowsOf(found).map((vector) => ({ referenceId, domain, vector })) : [];
        }),
    }));
  }

  /** What surrounds the things in enabled references: examples of "other". */
  surroundingsOf(model: ModelId): readonly ReferenceDescriptor[] {
    return [...state.referencesByClass(this.#records).values()]
      .flat()
      .filter((reference) => reference.enabled)
      .flatMap(({ id: referenceId, domain }) => {
        const vector = state.descriptorOf(this.#records, model, referenceId)?.surroundings;
        return vector ? [{ referenceId, domain, vector }] : [];
      });
  }

  /** Enabled references that the model has not seen, in palette order. */
  missingDescriptors(model: ModelId): readonly MissingDescriptor[] {
    const references = state.referencesByClass(this.#records);
    return state
      .classesOf(this.#records)
      .flatMap((one) => references.get(one.id) ?? [])
      .filter((reference) => reference.enabled && !state.descriptorOf(this.#records, model, reference.id))
      .map(({ id: referenceId, domain, crop }) => ({ referenceId, domain, crop }));
  }

  /** Descriptors of references that are gone by now are dropped without a word. */
  async storeDescriptors(
    model: ModelId,
    computed: readonly (ReferenceDescriptors & { readonly referenceId: ReferenceId })[],
  ): Promise<void> {
    await this.#remember(operations.storeDescriptors(model, computed));
  }

  /** Descriptors of the anchors under a model; null when they were never stored or belong to another set. */
  anchorsOf(model: ModelId, set: string): AnchorDescriptors | null {
    const record = state.anchorsOf(this.#records, model);
    return record?.set === set ? record : null;
  }

  async storeAnchors(model: ModelId, set: string, anchors: AnchorDescriptors): Promise<void> {
    await this.#remember(operations.storeAnchors(model, set, anchors));
  }

  /** Forgets what a model saw, so that all is embedded anew. */
  async dropModel(model: ModelId): Promise<void> {
    await this.#change(operations.dropModel(model));
  }

  // ------------------------------------------------------------------------------------------------ the inside

  #classInfo(id: ClassId): ClassInfo {
    const record = state.requireClass(this.#records, id);
    return state.classInfo(record, state.referencesByClass(this.#records).get(id) ?? []);
  }

  /** One task after the other in this tab, and, where the store is shared, among all tabs. */
  #exclusively<Value>(task: () => Promise<Value>): Promise<Value> {
    const { lock } = this.#platform;
    const turn = this.#tail.then(() => (lock && this.#store.persists ? lock(task) : task()));
    this.#tail = turn.catch(() => null);
    return turn;
  }

  async #change<Value>(operation: operations.Operation<Value>): Promise<Value> {
    return this.#exclusively(async () => {
      // Again only when a tab without Web Locks wrote between our reading and our writing.
      for (;;) {
        await this.#catchUp();
        const planned = operation(this.#records);
        planned.puts.forEach(requireReadable);
        if ((planned.puts.length === 0 && planned.deletes.length === 0) || (await this.#write(planned))) {
          return planned.value;
        }
      }
    });
  }

  /** A change of what can be computed again: with no room left on disk it lives in this tab's memory. */
  async #remember(operation: operations.Operation<null>): Promise<void> {
    try {
      await this.#change(operation);
    } catch (error) {
      if (!(error instanceof EngineError && error.code === "storage-full")) throw error;
      const { puts, deletes } = operation(this.#records);
      const entries = [...deletes.map((key) => [key, undefined] as const), ...puts];
      this.#take(entries);
      this.#announce(entries.map(([key]) => key));
      this.#notify("storage-full", error.message, {});
    }
  }

  /** Writes, then takes over. False: somebody else wrote first. @throws EngineError storage-full */
  async #write(change: Change): Promise<boolean> {
    const next = this.#revision + 1;
    if (!(await this.#tried((store) => store.write(this.#stored, next, change)))) {
      return false;
    }
    this.#stored = next;
    this.#revision = next;
    const entries = [...change.deletes.map((key) => [key, undefined] as const), ...change.puts];
    this.#take(entries);
    this.#announce(entries.map(([key]) => key));
    this.#platform.channel?.post(next);
    return true;
  }

  /** Takes over what other tabs wrote. */
  async #catchUp(): Promise<void> {
    const { revision, whole, entries } = await this.#tried((store) => store.read(this.#stored));
    if (revision === this.#stored && !whole) {
      return;
    }
    // A store that went back was cleared by hand: that is a change too, and the page's revision never goes back.
    this.#revision = Math.max(revision, this.#revision + (revision < this.#stored ? 1 : 0));
    this.#stored = revision;
    const known = whole ? [...this.#records.keys()] : [];
    if (whole) {
      this.#records.clear();
      this.#untouchable.clear();
    }
    const damaged = this.#take(entries);
    this.#announce([...known, ...entries.map(([key]) => key)]);
    await this.#repair(damaged, whole);
  }

  /** Puts entries in the place of what was known (undefined: nothing any more); returns those that cannot be read. */
  #take(entries: Change["puts"]): Change["puts"] {
    const damaged: (readonly [string, unknown])[] = [];
    for (const [key, value] of entries) {
      this.#records.delete(key);
      this.#untouchable.delete(key);
      if (value === undefined || isQuarantineKey(key)) {
        continue;
      }
      const read = readRecord(key, value);
      if (read.state === "good") {
        this.#records.set(key, read.record);
        continue;
      }
      if (read.state === "newer") {
        this.#untouchable.add(key);
      } else {
        damaged.push([key, value]);
      }
      const why = read.state === "newer" ? "was written by a later version" : `is damaged (${read.reason})`;
      this.#notify("storage-damaged", `A stored record of the class bank ${why} and was left out.`, { key });
    }
    return damaged;
  }

  /** Moves damaged records out of the way, keeping them, and gives references without a class a class again. */
  async #repair(damaged: Change["puts"], whole: boolean): Promise<void> {
    const orphans =
      whole || damaged.length > 0
        ? operations.adoptOrphans(this.#records, this.#untouchable)
        : { puts: [], deletes: [] };
    const puts = [...damaged.map(([key, value]) => [quarantineKey(key), value] as const), ...orphans.puts];
    // A key that gets a new record is not deleted: the adopted class stands where the damaged one stood.
    const replaced = new Set(puts.map(([key]) => key));
    const deletes = [...damaged.map(([key]) => key), ...orphans.deletes].filter((key) => !replaced.has(key));
    if (puts.length > 0 || deletes.length > 0) {
      // Best effort: a full disk must not keep the bank from opening, and the next opening tries again.
      await this.#write({ puts, deletes }).catch(() => false);
    }
  }

  /** The store is asked twice; when it still refuses, the bank goes on in memory with all it knows. */
  async #tried<Value>(action: (store: RecordStore) => Promise<Value>): Promise<Value> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await action(this.#store);
      } catch (error) {
        if (isQuotaExceeded(error)) {
          throw new EngineError("storage-full", "The class bank could not be saved: no room is left.", {}, error);
        }
        if (!this.#store.persists) {
          throw error;
        }
        if (attempt === 2) {
          this.#store = memoryStore(Math.max(0, this.#stored), [...this.#records]);
          const reason = error instanceof Error ? error.name : "unknown";
          this.#notify("storage-unavailable", "The class bank cannot be stored in this browser.", { reason });
        }
      }
    }
  }

  #announce(keys: readonly string[]): void {
    this.#snapshot = null;
    const visible = keys.some((key) => key.startsWith("class:") || key.startsWith("reference:"));
    this.#emit(visible ? { type: "bank", bank: this.snapshot() } : { type: "descriptors" });
  }

  #notify(code: Failure["code"], message: string, data: Failure["data"]): void {
    const event: BankEvent = { type: "notice", failure: { code, message, data } };
    if (this.#listeners.size === 0) {
      this.#unheard.push(event);
    }
    this.#emit(event);
  }

  #emit(event: BankEvent): void {
    this.#listeners.forEach((listener) => listener(event));
  }
}

const isQuotaExceeded = (error: unknown): boolean => error instanceof Error && error.name === "QuotaExceededError";

/** The views of a reference, each a window on the stored numbers. */
function rowsOf({ views, dimensions }: ReferenceDescriptors): Float32Array<ArrayBuffer>[] {
  return Array.from({ length: views.length / dimensions }, (_, row) =>
    views.subarray(row * dimensions, (row + 1) * dimensions),
  );
}
