import "fake-indexeddb/auto";
import { entries, get, set } from "idb-keyval";
import { describe, expect, it } from "vitest";
import type { ModelId } from "../../contract.ts";
import { browser, draft, raw } from "./bank.fixture.ts";
import type { Bank, BankEvent } from "./bank.ts";
import { indexedDbStore, memoryStore, type RecordStore } from "./store.ts";

const names = (bank: Bank): string[] => bank.snapshot().classes.map((one) => one.name);

describe("damaged records", () => {
  const damages: readonly [string, (record: Record<string, unknown>) => unknown][] = [
    ["replaced by text", () => "oops"],
    ["without a version", (record) => ({ ...record, version: undefined })],
    [
      "with a mask beyond the crop",
      (record) => ({ ...record, crop: { ...draft().crop, runs: new Uint32Array([9, 9]) } }),
    ],
    ["without its picture", (record) => ({ ...record, crop: { ...draft().crop, image: "gone" } })],
    ["under another record's key", (record) => ({ ...record, id: "elsewhere" })],
  ];

  it.each(damages)("are set aside and reported, the rest kept: a reference %s", async (_, damage) => {
    const { name, tab } = browser();
    const bank = await tab();
    const dog = (await bank.addClass("dog")).info;
    const [bad, good] = await bank.addReferences(dog.id, [draft("bad"), draft("good")]);
    const key = `reference:${bad?.id}`;
    await set(key, damage((await get<Record<string, unknown>>(key, raw(name))) ?? {}), raw(name));

    const events: BankEvent[] = [];
    const reopened = await tab();
    reopened.subscribe((event) => events.push(event));
    expect(reopened.snapshot().classes[0]?.references).toEqual([good]);
    expect(events).toMatchObject([{ type: "notice", failure: { code: "storage-damaged", data: { key } } }]);
    expect(await get(key, raw(name))).toBeUndefined();
    expect(await get(`quarantine:${key}`, raw(name))).toBeDefined();
    const later: BankEvent[] = [];
    (await tab()).subscribe((event) => later.push(event));
    expect(later).toEqual([]);
  });

  it("of a class leave its references in reach, under a recovered class", async () => {
    const { name, tab } = browser();
    const bank = await tab();
    const dog = (await bank.addClass("dog")).info;
    const references = await bank.addReferences(dog.id, [draft()]);
    await set(`class:${dog.id}`, 7, raw(name));
    const reopened = await tab();
    expect(reopened.snapshot().classes).toMatchObject([{ id: dog.id, name: "Recovered class", references }]);
    expect((await tab()).snapshot()).toEqual(reopened.snapshot());
  });

  it("of the head leave all records readable", async () => {
    const { name, tab } = browser();
    await (await tab()).addClass("dog");
    await set("head", { revision: "x" }, raw(name));
    const reopened = await tab();
    await reopened.addClass("cat");
    expect(names(await tab())).toEqual(["dog", "cat"]);
  });

  it("of a later version are left where they are", async () => {
    const { name, tab } = browser();
    const bank = await tab();
    const dog = (await bank.addClass("dog")).info;
    await bank.addReferences(dog.id, [draft()]);
    const key = `class:${dog.id}`;
    const later = { ...(await get<object>(key, raw(name))), version: 3, shape: "new" };
    await set(key, later, raw(name));
    const reopened = await tab();
    expect(names(reopened)).toEqual([]);
    await reopened.addClass("cat");
    expect(await get(key, raw(name))).toEqual(later);
    expect((await entries(raw(name))).map(([one]) => one)).not.toContain(`quarantine:${key}`);
  });
});

describe("a store that refuses", () => {
  const refusing = (error: Error): RecordStore => ({
    persists: true,
    async read() {
      throw error;
    },
    async write() {
      throw error;
    },
  });

  it("from the start leaves a bank in memory that says so", async () => {
    const bank = await browser().tab({ store: refusing(new DOMException("no", "SecurityError")) });
    const events: BankEvent[] = [];
    bank.subscribe((event) => events.push(event));
    expect(bank.persists).toBe(false);
    expect(events).toMatchObject([{ type: "notice", failure: { code: "storage-unavailable" } }]);
    const dog = (await bank.addClass("dog")).info;
    await bank.addReferences(dog.id, [draft()]);
    expect(bank.snapshot().classes[0]?.references).toHaveLength(1);
  });

  it("when IndexedDB is missing altogether leaves a bank in memory", async () => {
    const { indexedDB } = globalThis;
    Reflect.deleteProperty(globalThis, "indexedDB");
    const bank = await browser().tab();
    globalThis.indexedDB = indexedDB;
    await bank.addClass("dog");
    expect([bank.persists, ...names(bank)]).toEqual([false, "dog"]);
  });

  it("later on keeps everything that was there, and goes on in memory", async () => {
    const memory = memoryStore();
    let broken = false;
    const trouble = <Value>(work: () => Promise<Value>): Promise<Value> =>
      broken ? Promise.reject(new DOMException("closing", "InvalidStateError")) : work();
    const store: RecordStore = {
      persists: true,
      read: (since) => trouble(() => memory.read(since)),
      write: (expected, next, change) => trouble(() => memory.write(expected, next, change)),
    };
    const bank = await browser().tab({ store });
    await bank.addClass("dog");
    broken = true;
    await bank.addClass("cat");
    expect([bank.persists, bank.snapshot().revision, ...names(bank)]).toEqual([false, 2, "dog", "cat"]);
  });

  it("for want of room leaves the bank unchanged, here and on disk", async () => {
    const { name, tab } = browser();
    const disk = indexedDbStore(name);
    let full = false;
    const store: RecordStore = {
      persists: true,
      read: disk.read,
      write: (...args) => (full ? Promise.reject(new DOMException("full", "QuotaExceededError")) : disk.write(...args)),
    };
    const bank = await tab({ store });
    const dog = (await bank.addClass("dog")).info;
    const before = bank.snapshot();
    full = true;
    await expect(bank.addReferences(dog.id, [draft()])).rejects.toMatchObject({ code: "storage-full" });
    await expect(bank.removeClass(dog.id)).rejects.toMatchObject({ code: "storage-full" });
    expect(bank.snapshot()).toBe(before);
    expect(bank.persists).toBe(true);
    // What a model saw can be computed again: it is kept in memory, or nothing could be segmented on a full disk.
    const model = "a-model" as ModelId;
    await bank.storeAnchors(model, "set", { dimensions: 2, names: ["sky"], vectors: Float32Array.of(1, 2) });
    expect(bank.anchorsOf(model, "set")?.names).toEqual(["sky"]);
    full = false;
    await bank.addReferences(dog.id, [draft()]);
    expect((await tab()).snapshot()).toEqual(bank.snapshot());
  });
});
