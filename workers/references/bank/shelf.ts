import { createStore, get, set } from "idb-keyval";
import * as v from "valibot";
import { type BankId, type BankInfo, EngineError } from "../../contract.ts";
import { Bank } from "./bank.ts";
import { Journal } from "./journal.ts";
import { cleanText } from "./names.ts";
import { type BankPlatform, broadcastChannel, browserLock, type Channel, type Lock } from "./platform.ts";
import { indexedDbStore, memoryStore, type RecordStore } from "./store.ts";

/** The bank from before there were several: its records stay where they are. */
const FIRST = "first" as BankId;
const FIRST_NAME = "My classes";
const PREFIX = "lookalike-bank";

const shelfSchema = v.object({
  version: v.literal(1),
  last: v.string(),
  banks: v.array(
    v.object({
      id: v.pipe(v.string(), v.minLength(1)),
      name: v.string(),
      /** Set while a bank is being filled: until then it is no bank, and one that nobody fills any more is dropped. */
      arriving: v.boolean(),
      /** Set when the person removed it: it can be brought back while the tab lives that did so, and is dropped after. */
      removed: v.optional(v.boolean(), false),
    }),
  ),
});
type ShelfRecord = v.InferOutput<typeof shelfSchema>;

/** What the shelf needs of the browser; tests hand in their own. */
export interface ShelfPlatform {
  /** The stored list; undefined when there is none. Rejects where storage is refused. */
  read(): Promise<unknown>;
  write(list: unknown): Promise<void>;
  readonly lock: Lock | null;
  readonly channel: Channel | null;
  /** What a bank of that database is opened with. */
  bankPlatform(database: string): BankPlatform;
  /** Databases that are there, by name; null where the browser does not tell. */
  databases(): Promise<readonly string[] | null>;
  dropDatabase(name: string): Promise<void>;
  /** Runs a task while holding a lock of that name; null when somebody else holds it, or there are no locks. */
  whileFree<Value>(name: string, task: () => Promise<Value>): Promise<Value | null>;
}

const databaseOf = (id: BankId): string => (id === FIRST ? PREFIX : `${PREFIX}-${id}`);
const fillingLock = (id: BankId): string => `${databaseOf(id)}-filling`;
const removedLock = (id: BankId): string => `${databaseOf(id)}-removed`;

function browserShelf(): ShelfPlatform {
  const NAME = "lookalike-banks";
  const store = () => createStore(NAME, "shelf");
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  return {
    read: async () => get<unknown>("banks", store()),
    write: async (list) => set("banks", list, store()),
    lock: browserLock(NAME),
    channel: "BroadcastChannel" in globalThis ? broadcastChannel(NAME) : null,
    bankPlatform: (database) => ({
      store: indexedDbStore(database),
      lock: browserLock(database),
      channel: "BroadcastChannel" in globalThis ? broadcastChannel(database) : null,
    }),
    databases: async () =>
      "databases" in indexedDB ? (await indexedDB.databases()).flatMap(({ name }) => name ?? []) : null,
    dropDatabase: async (name) => {
      // Another tab may still have it open: what is in it goes at once, the empty shell when they let go.
      await createStore(name, "records")("readwrite", (records) => void records.clear());
      indexedDB.deleteDatabase(name);
    },
    whileFree: async (name, task) =>
      locks ? await locks.request(name, { ifAvailable: true }, (lock) => (lock ? task() : null)) : null,
  };
}

/**
 * The person's banks: each has its records for itself, in a database of its own. The list of them is shared by the tabs;
 * which of them a tab works with is the tab's own affair.
 */
export class BankShelf {
  readonly #platform: ShelfPlatform;
  #list: ShelfRecord = { version: 1, last: FIRST, banks: [entryOf(FIRST, FIRST_NAME)] };
  /** Banks in memory, where storage is refused. */
  readonly #memory: Map<BankId, RecordStore> | null;
  /** What this tab did to each bank: a bank that is opened again can still be taken back. */
  readonly #journals = new Map<BankId, Journal>();
  #listener: () => void = () => undefined;

  private constructor(platform: ShelfPlatform, persists: boolean) {
    this.#platform = platform;
    this.#memory = persists ? null : new Map();
  }

  /** Reads the list; never fails. A list that was lost is made anew of the banks that are there. */
  static async open(platform: ShelfPlatform = browserShelf()): Promise<BankShelf> {
    const persists = await platform.read().then(
      () => true,
      () => false,
    );
    const shelf = new BankShelf(platform, persists);
    if (!persists) return shelf;
    await shelf.#exclusively(() => shelf.#read());
    await shelf.#dropAbandoned();
    platform.channel?.listen(() => void shelf.#exclusively(() => shelf.#read()).then(() => shelf.#listener()));
    return shelf;
  }

  /** Hears that another tab changed the list. */
  onChange(listener: () => void): void {
    this.#listener = listener;
  }

  close(): void {
    this.#platform.channel?.close();
  }

  /** False: the browser refuses storage, and everything is gone on reload. */
  get persists(): boolean {
    return this.#memory === null;
  }

  get banks(): readonly BankInfo[] {
    return this.#list.banks.flatMap(({ id, name, arriving, removed }) =>
      arriving || removed ? [] : [{ id: id as BankId, name }],
    );
  }

  /** The wished bank when it is there, else the one used last, else any. */
  choose(wished: BankId | null): BankId {
    const ids = this.banks.map(({ id }) => id);
    return [wished, this.#list.last as BankId, ids[0]].find((id) => id && ids.includes(id)) ?? FIRST;
  }

  has(id: BankId): boolean {
    return this.banks.some((one) => one.id === id);
  }

  /** Opens a bank's records. @throws EngineError bank-missing */
  async openBank(id: BankId): Promise<Bank> {
    this.#require(id);
    await this.#change((list) => ({ ...list, last: id })).catch(() => null);
    const journal = this.#journals.get(id) ?? new Journal();
    this.#journals.set(id, journal);
    return this.#opened(id, journal);
  }

  /** Adds an empty bank. */
  async add(rawName: string): Promise<BankId> {
    const id = newId();
    await this.#change((list) => withEntry(list, entryOf(id, freeName(list, rawName))));
    return id;
  }

  /**
   * Adds a bank that is filled before it is one: when that fails, or the tab is closed meanwhile, there is none.
   * @throws whatever `fill` throws
   */
  async addFilled<Value>(rawName: string, fill: (bank: Bank) => Promise<Value>): Promise<{ id: BankId; value: Value }> {
    const id = newId();
    const work = async (): Promise<{ id: BankId; value: Value }> => {
      await this.#change((list) => withEntry(list, { ...entryOf(id, freeName(list, rawName)), arriving: true }));
      const bank = await this.#opened(id, new Journal());
      try {
        const value = await fill(bank);
        await bank.close();
        await this.#change((list) => changed(list, id, { arriving: false }));
        return { id, value };
      } catch (cause) {
        await bank.close();
        await this.#drop(id).catch(() => null);
        throw cause;
      }
    };
    // While this lock is held, other tabs leave the half-filled bank alone.
    return (await this.#platform.whileFree(fillingLock(id), work)) ?? (await work());
  }

  /** @throws EngineError bank-missing */
  async rename(id: BankId, rawName: string): Promise<void> {
    this.#require(id);
    await this.#change((list) => changed(list, id, { name: freeName(without(list, id), rawName) }));
  }

  /**
   * Removes a bank with all that is in it. The last one leaves an empty one behind. What is stored is dropped when the app
   * is next opened after this tab is gone; until then the bank can be restored. @throws EngineError bank-missing
   */
  async remove(id: BankId): Promise<void> {
    this.#require(id);
    if (this.banks.length === 1) await this.add(FIRST_NAME);
    void this.#platform.whileFree(removedLock(id), () => new Promise<never>(() => undefined));
    await this.#change((list) => changed(list, id, { removed: true }));
  }

  /** Brings a removed bank back, under another name when its own was taken. @throws EngineError bank-missing */
  async restore(id: BankId): Promise<void> {
    await this.#change((list) => {
      const entry = list.banks.find((one) => one.id === id);
      if (!entry) throw new EngineError("bank-missing", "The bank is no longer there.", { bank: id });
      return changed(list, id, { removed: false, name: freeName(without(list, id), entry.name) });
    });
  }

  async #drop(id: BankId): Promise<void> {
    await this.#change((list) => without(list, id));
    this.#memory?.delete(id);
    this.#journals.delete(id);
    if (!this.#memory) await this.#platform.dropDatabase(databaseOf(id));
  }

  #require(id: BankId): BankInfo {
    const found = this.banks.find((one) => one.id === id);
    if (!found) throw new EngineError("bank-missing", "The bank is no longer there.", { bank: id });
    return found;
  }

  async #opened(id: BankId, journal: Journal): Promise<Bank> {
    if (!this.#memory) return Bank.open(this.#platform.bankPlatform(databaseOf(id)), id, journal);
    const store = this.#memory.get(id) ?? memoryStore();
    this.#memory.set(id, store);
    return Bank.open({ store, lock: null, channel: null }, id, journal);
  }

  #exclusively<Value>(task: () => Promise<Value>): Promise<Value> {
    return this.#platform.lock ? this.#platform.lock(task) : task();
  }

  async #change(change: (list: ShelfRecord) => ShelfRecord): Promise<void> {
    if (this.#memory) {
      this.#list = change(this.#list);
      return;
    }
    await this.#exclusively(async () => {
      await this.#read();
      const next = change(this.#list);
      await this.#platform.write(next);
      this.#list = next;
    });
    this.#platform.channel?.post(0);
  }

  async #read(): Promise<void> {
    const parsed = v.safeParse(shelfSchema, await this.#platform.read());
    if (parsed.success && parsed.output.banks.some(({ arriving, removed }) => !arriving && !removed)) {
      this.#list = parsed.output;
      return;
    }
    // No list yet, or a damaged one: the banks are there all the same.
    const names = (await this.#platform.databases().catch(() => null)) ?? [];
    const others = names.flatMap((name) => (name.startsWith(`${PREFIX}-`) ? [name.slice(PREFIX.length + 1)] : []));
    const recovered = others.map((id, at) => entryOf(id, `Recovered bank ${at + 1}`));
    this.#list = { version: 1, last: FIRST, banks: [entryOf(FIRST, FIRST_NAME), ...recovered] };
  }

  /** Banks that were being filled when their tab was closed, and those that were removed in a tab that is gone. */
  async #dropAbandoned(): Promise<void> {
    for (const { id, arriving, removed } of this.#list.banks) {
      const bank = id as BankId;
      if (removed) await this.#platform.whileFree(removedLock(bank), () => this.#drop(bank)).catch(() => null);
      if (arriving) await this.#platform.whileFree(fillingLock(bank), () => this.#drop(bank)).catch(() => null);
    }
  }
}

function newId(): BankId {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") as BankId;
}

type Entry = ShelfRecord["banks"][number];

function entryOf(id: string, name: string): Entry {
  return { id, name, arriving: false, removed: false };
}

const withEntry = (list: ShelfRecord, entry: Entry): ShelfRecord => ({ ...list, banks: [...list.banks, entry] });
const without = (list: ShelfRecord, id: BankId): ShelfRecord => ({
  ...list,
  banks: list.banks.filter((entry) => entry.id !== id),
});
const changed = (list: ShelfRecord, id: BankId, change: Partial<Entry>): ShelfRecord => ({
  ...list,
  banks: list.banks.map((entry) => (entry.id === id ? Object.assign({}, entry, change) : entry)),
});

/** A name that no other bank has: the wished one, or the wished one with a number. */
function freeName({ banks }: ShelfRecord, raw: string): string {
  const wished = cleanText(raw).text || "New bank";
  const taken = new Set(banks.flatMap(({ name, removed }) => (removed ? [] : [name.toLowerCase()])));
  for (let number = 2, name = wished; ; number += 1) {
    if (!taken.has(name.toLowerCase())) return name;
    name = `${wished} ${number}`;
  }
}
