import "fake-indexeddb/auto";
import { del, entries, get, set } from "idb-keyval";
import { describe, expect, it } from "vitest";
import type { BankId, ModelId, ReferenceId } from "../../contract.ts";
import { browser, descriptorFor, draft, MODEL, raw } from "./bank.fixture.ts";
import { Bank, type BankEvent } from "./bank.ts";
import { indexedDbStore, memoryStore, type RecordStore } from "./store.ts";

const names = (bank: Bank): string[] => bank.snapshot().classes.map((one) => one.name);

describe("damaged records", () => {
  const damages: readonly [string, (record: Record<string, unknown>) => unknown][] = [
    ["replaced by text", () => "oops"],
    ["without a version", (record) => ({ ...record, version: undefined })],
    ["of a source nobody knows", (record) => ({ ...record, source: "rumour" })],
    [
      "of version 1 with a mask beyond the crop",
      (record) => ({ ...record, version: 1, crop: { ...draft().crop, runs: new Uint32Array([9, 9]) } }),
    ],
    [
      "of version 1 without its picture",
      (record) => ({ ...record, version: 1, crop: { ...draft().crop, image: "gone" } }),
    ],
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

  it.each([
    ["gone", undefined],
    ["with a mask beyond it", { runs: new Uint32Array([9, 9]) }],
    ["without its picture", { image: "gone" }],
  ])("of a picture stop nothing but that picture: one %s", async (_, damage) => {
    const { name, tab } = browser();
    const bank = await tab();
    const dog = (await bank.addClass("dog")).info;
    const [bad, good] = await bank.addReferences(dog.id, [draft("bad"), draft("good")]);
    const key = `crop:${bad?.id}`;
    const crop = await get<object>(key, raw(name));
    if (damage) await set(key, { ...crop, ...damage }, raw(name));
    else await del(key, raw(name));
    const reopened = await tab();
    expect(reopened.snapshot()).toEqual(bank.snapshot());
    await expect(bad && reopened.crop(bad.id)).rejects.toMatchObject({ code: "storage-damaged" });
    expect(good && (await (await reopened.crop(good.id)).image.text())).toBe("good");
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

describe("a bank that opens", () => {
  /** A bank with two references that a model saw, and a store whose descriptors come when they are let through. */
  async function slowStore() {
    const { name, tab } = browser();
    const before = await tab();
    const dog = (await before.addClass("dog")).info;
    const [one, two] = await before.addReferences(dog.id, [draft("one"), draft("two")]);
    if (!one || !two) throw new Error("There are no references.");
    await before.storeDescriptors(MODEL, [descriptorFor(one.id), descriptorFor(two.id)]);
    const disk = indexedDbStore(name);
    let letThrough = (): void => undefined;
    const gate = new Promise<void>((resolve) => (letThrough = resolve));
    const store: RecordStore = {
      ...disk,
      async read(since) {
        const reading = await disk.read(since);
        return { ...reading, rest: gate.then(async () => (await reading.rest) ?? []) };
      },
    };
    return { before, store, letThrough };
  }

  it("shows its classes and references before what models saw was read", async () => {
    const { before, store, letThrough } = await slowStore();
    const bank = await Bank.open({ store, lock: null, channel: null }, "tested" as BankId);
    expect(bank.snapshot().classes).toEqual(before.snapshot().classes);
    expect(bank.descriptorsOf(MODEL)[0]?.references).toEqual([]);
    const events: string[] = [];
    bank.subscribe(({ type }) => events.push(type));
    letThrough();
    await bank.settled;
    expect(events).toEqual(["descriptors"]);
    expect(bank.descriptorsOf(MODEL)).toHaveLength(1);
    expect(bank.missingDescriptors(MODEL)).toEqual([]);
    expect(bank.partsOf(MODEL)).toEqual(before.partsOf(MODEL));
  });

  it("makes a change that is wished meanwhile when all was read, and loses nothing by it", async () => {
    const { store, letThrough } = await slowStore();
    const bank = await Bank.open({ store, lock: null, channel: null }, "tested" as BankId);
    const removed = bank.removeClass(bank.snapshot().classes[0]?.id ?? (await bank.addClass("none")).info.id);
    letThrough();
    await removed;
    expect(names(bank)).toEqual([]);
    await bank.undo();
    expect(bank.descriptorsOf(MODEL)[0]?.references).toHaveLength(4);
  });

  it("reads again what models saw when that failed at first", async () => {
    const { store, letThrough } = await slowStore();
    let failures = 1;
    const shaky: RecordStore = {
      ...store,
      async read(since) {
        const reading = await store.read(since);
        failures -= 1;
        return failures < 0 ? reading : { ...reading, rest: Promise.reject(new DOMException("", "AbortError")) };
      },
    };
    letThrough();
    const bank = await Bank.open({ store: shaky, lock: null, channel: null }, "tested" as BankId);
    await bank.settled;
    expect([bank.persists, bank.missingDescriptors(MODEL).length]).toEqual([true, 0]);
  });

  it("reads more records than are fetched at once, whatever they are called", async () => {
    const { name, tab } = browser();
    const bank = await tab();
    const dog = (await bank.addClass("dog")).info;
    const added = await bank.addReferences(
      dog.id,
      Array.from({ length: 1203 }, (_, at) => draft(`${at}`)),
    );
    await bank.storeDescriptors(
      MODEL,
      added.map(({ id }) => descriptorFor(id)),
    );
    await bank.storeAnchors(MODEL, "set", { dimensions: 2, names: ["sky"], vectors: Float32Array.of(1, 2) });
    await set("zebra", "foreign", raw(name));
    const reopened = await tab();
    expect(reopened.snapshot().classes).toEqual(bank.snapshot().classes);
    expect(reopened.missingDescriptors(MODEL)).toEqual([]);
    expect(reopened.anchorsOf(MODEL, "set")?.names).toEqual(["sky"]);
    expect((await entries(raw(name))).map(([key]) => key)).toContain("quarantine:zebra");
  });
});

describe("a store that refuses", () => {
  const refusing = (error: Error): RecordStore => ({
    persists: true,
    async get() {
      throw error;
    },
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
      get: (keys) => trouble(() => memory.get(keys)),
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
      get: disk.get,
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

describe("a bank of version 1", () => {
  it("opens without loss, and is stored anew with its pictures apart from its references", async () => {
    const { name, tab } = browser();
    const { crop, ...rest } = draft("old");
    const views = new Float32Array([0.5, -2]);
    const classOf = { kind: "class", version: 1, id: "c1", name: "dog", colour: "#0793ee", order: 0 };
    const old = { ...rest, kind: "reference", version: 1, id: "r1", classId: "c1", enabled: true, order: 1, crop };
    const seen = { kind: "descriptor", version: 1, referenceId: "r1", modelId: "m", dimensions: 2, views };
    await set("class:c1", classOf, raw(name));
    await set("reference:r1", old, raw(name));
    await set("descriptor:r1:m", { ...seen, surroundings: null }, raw(name));
    const bank = await tab();
    const reference = { id: "r1", source: "example", provenance: "old", enabled: true };
    expect(bank.snapshot().classes).toEqual([
      {
        id: "c1",
        name: "dog",
        colour: "#0793ee",
        references: [{ ...reference, subcategory: null, attribution: null }],
      },
    ]);
    expect(bank.descriptorsOf("m" as ModelId)[0]?.references[0]?.vector).toEqual(views);
    expect(await get("reference:r1", raw(name))).not.toHaveProperty("crop");
    expect(await get("crop:r1", raw(name))).toMatchObject({ version: 2, width: 4, height: 3 });
    const reopened = await tab();
    expect(reopened.snapshot()).toEqual(bank.snapshot());
    expect(await (await reopened.crop("r1" as ReferenceId)).image.text()).toBe("old");
  });

  it("that cannot be stored anew, for want of room, still shows its pictures", async () => {
    const { name, tab } = browser();
    const { crop, ...rest } = draft("old");
    const old = { ...rest, kind: "reference", version: 1, id: "r1", classId: "c1", enabled: true, order: 1, crop };
    await set("reference:r1", old, raw(name));
    const disk = indexedDbStore(name);
    const full = { ...disk, write: () => Promise.reject(new DOMException("full", "QuotaExceededError")) };
    const bank = await tab({ store: full });
    expect(await (await bank.crop("r1" as ReferenceId)).image.text()).toBe("old");
  });
});
