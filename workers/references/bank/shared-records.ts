import { EngineError, type ErrorCode, type Failure } from "../../contract.ts";
import { adoptOrphans } from "./orphans.ts";
import type { BankPlatform } from "./platform.ts";
import { RecordIndex } from "./record-index.ts";
import { cropKey, type StoredRecord } from "./records.ts";
import { readRecord, requireReadable } from "./schemas.ts";
import { type Change, isQuarantineKey, memoryStore, quarantineKey, type Reading, type RecordStore } from "./store.ts";

/** What whoever keeps the records is told. */
export interface RecordsListener {
  /** Records changed, in whichever tab, under these keys. */
  changed(keys: readonly string[]): void;
  notice(failure: Failure): void;
}

/**
 * Records shared by the tabs of a browser: kept in IndexedDB, or in memory where that is refused. Every change is made
 * while holding a Web Lock, on the records as they then stand, in one transaction; it either happens whole or not at
 * all, and other tabs take it over.
 */
export class SharedRecords {
  readonly index = new RecordIndex();
  readonly #platform: BankPlatform;
  readonly #listener: RecordsListener;
  #store: RecordStore;
  /** Keys of records of a later version: never written by this one. */
  readonly #untouchable = new Set<string>();
  /** Revision of the store when it was last read or written. */
  #stored = -1;
  /** What the page knows; ahead of the store only after somebody cleared it. */
  #revision = 0;
  #tail: Promise<unknown> = Promise.resolve();
  #settled: Promise<void> = Promise.resolve();
  /** Called when what the person made is known. */
  #shown: () => void = () => undefined;

  constructor(platform: BankPlatform, listener: RecordsListener) {
    this.#platform = platform;
    this.#store = platform.store;
    this.#listener = listener;
  }

  /**
   * Reads what the person made; what models saw follows, see `settled`. Other tabs are followed from then on. Never fails.
   */
  async open(): Promise<void> {
    const shown = new Promise<void>((resolve) => (this.#shown = resolve));
    this.#settled = this.exclusively(() => this.#catchUp());
    this.#platform.channel?.listen(() => void this.exclusively(() => this.#catchUp()));
    await Promise.race([shown, this.#settled]);
  }

  /** Resolves when everything but the crops was read. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** Stops listening to other tabs. What is under way is finished first. */
  async close(): Promise<void> {
    this.#platform.channel?.close();
    await this.#tail;
  }

  /** False: everything is gone on reload. */
  get persists(): boolean {
    return this.#store.persists;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Stored values as they are, crops too. */
  get(keys: readonly string[]): Promise<readonly unknown[]> {
    return this.#tried((store) => store.get(keys));
  }

  /** Everything that is in there, crops too, as far as it can be read. */
  async whole(): Promise<Change["puts"]> {
    const records = [...this.index.entries()];
    const crops = records.flatMap(([, record]) => (record.kind === "reference" ? [cropKey(record.id)] : []));
    const values = await this.get(crops);
    const readable = crops.flatMap((key, at) => {
      const read = readRecord(key, values[at]);
      return read.state === "good" ? [[key, read.record] as const] : [];
    });
    return [...records, ...readable];
  }

  /** One task after the other in this tab, and, where the store is shared, among all tabs. */
  exclusively<Value>(task: () => Promise<Value>): Promise<Value> {
    const { lock } = this.#platform;
    const turn = this.#tail.then(() => (lock && this.#store.persists ? lock(task) : task()));
    this.#tail = turn.catch(() => null);
    return turn;
  }

  /**
   * Plans a change on the records as they stand, and writes it. To be called inside `exclusively`.
   * @param plan may throw: then nothing is written
   * @throws EngineError storage-full; the records are then as before
   */
  async change<Planned extends Change>(plan: (records: RecordIndex) => Planned | Promise<Planned>): Promise<Planned> {
    // Again only when a tab without Web Locks wrote between our reading and our writing.
    for (;;) {
      await this.#catchUp();
      const planned = await plan(this.index);
      planned.puts.forEach(requireReadable);
      if ((planned.puts.length === 0 && planned.deletes.length === 0) || (await this.#write(planned))) return planned;
    }
  }

  /** Takes a change over in memory alone: for what can be computed again when there is no room left on disk. */
  keepInMemory(change: Change): void {
    const entries = entriesOf(change);
    this.#take(entries);
    this.#listener.changed(entries.map(([key]) => key));
  }

  /** Writes, then takes over. False: somebody else wrote first. @throws EngineError storage-full */
  async #write(change: Change): Promise<boolean> {
    const next = this.#revision + 1;
    if (!(await this.#tried((store) => store.write(this.#stored, next, change)))) return false;
    this.#stored = next;
    this.#revision = next;
    this.keepInMemory(change);
    this.#platform.channel?.post(next);
    return true;
  }

  /** Takes over what other tabs wrote. */
  async #catchUp(): Promise<void> {
    const reading = await this.#tried((store) => store.read(this.#stored));
    const { revision, whole } = reading;
    if (revision === this.#stored && !whole) return;
    const isFirst = this.#stored < 0;
    // Only at first may what models saw come later: missing later on, it would be computed anew.
    const entries = isFirst ? reading.entries : [...reading.entries, ...(await this.#restOf(reading))];
    // A store that went back was cleared by hand: that is a change too, and the page's revision never goes back.
    this.#revision = Math.max(revision, this.#revision + (revision < this.#stored ? 1 : 0));
    this.#stored = revision;
    const known = whole ? [...this.index.entries()].map(([key]) => key) : [];
    if (whole) {
      this.index.clear();
      this.#untouchable.clear();
    }
    const taken = this.#take(entries);
    this.#listener.changed([...known, ...entries.map(([key]) => key)]);
    this.#shown();
    const rest = isFirst ? await this.#restOf(reading) : [];
    const later = this.#take(rest);
    if (rest.length > 0) this.#listener.changed(rest.map(([key]) => key));
    await this.#repair([...taken.damaged, ...later.damaged], [...taken.migrated, ...later.migrated], whole);
  }

  /** What of a reading comes later; read again when that fails. */
  #restOf({ rest }: Reading): Promise<Change["puts"]> {
    let first = rest;
    return this.#tried(async (store) => {
      const coming = first ?? (await store.read(-1)).rest;
      first = null;
      return (await coming) ?? [];
    });
  }

  /** Puts entries in the place of what was known (undefined: nothing any more); returns what is to be written anew. */
  #take(entries: Change["puts"]): { readonly damaged: Change["puts"]; readonly migrated: Change["puts"] } {
    const damaged: (readonly [string, unknown])[] = [];
    const migrated: (readonly [string, StoredRecord])[] = [];
    for (const [key, value] of entries) {
      this.index.delete(key);
      this.#untouchable.delete(key);
      if (value === undefined || isQuarantineKey(key)) continue;
      const read = readRecord(key, value);
      if (read.state === "good") {
        if (read.record.kind !== "crop") this.index.put(read.record);
        if (read.migrated) migrated.push(...read.migrated);
        continue;
      }
      if (read.state === "newer") this.#untouchable.add(key);
      else damaged.push([key, value]);
      const why = read.state === "newer" ? "was written by a later version" : `is damaged (${read.reason})`;
      this.#notify("storage-damaged", `A stored record of the class bank ${why} and was left out.`, { key });
    }
    return { damaged, migrated };
  }

  /** Moves damaged records out of the way, keeping them, writes old ones anew, and gives lost references a class again. */
  async #repair(damaged: Change["puts"], migrated: Change["puts"], whole: boolean): Promise<void> {
    const orphans =
      whole || damaged.length > 0 ? adoptOrphans(this.index, this.#untouchable) : { puts: [], deletes: [] };
    const quarantined = damaged.map(([key, value]) => [quarantineKey(key), value] as const);
    const puts = [...quarantined, ...migrated, ...orphans.puts];
    // A key that gets a new record is not deleted: the adopted class stands where the damaged one stood.
    const replaced = new Set(puts.map(([key]) => key));
    const deletes = [...damaged.map(([key]) => key), ...orphans.deletes].filter((key) => !replaced.has(key));
    if (puts.length === 0 && deletes.length === 0) return;
    // Best effort: a full disk must not keep the bank from opening, and the next opening tries again.
    await this.#write({ puts, deletes }).catch(() => false);
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
        if (!this.#store.persists) throw error;
        if (attempt === 2) {
          this.#store = memoryStore(Math.max(0, this.#stored), [...this.index.entries()], this.#store);
          const reason = error instanceof Error ? error.name : "unknown";
          this.#notify("storage-unavailable", "The class bank cannot be stored in this browser.", { reason });
        }
      }
    }
  }

  #notify(code: ErrorCode, message: string, data: Failure["data"]): void {
    this.#listener.notice({ code, message, data });
  }
}

const entriesOf = ({ puts, deletes }: Change): Change["puts"] => [
  ...deletes.map((key) => [key, undefined] as const),
  ...puts,
];

const isQuotaExceeded = (error: unknown): boolean => error instanceof Error && error.name === "QuotaExceededError";
