import "fake-indexeddb/auto";
import { createStore, get, set } from "idb-keyval";
import { describe, expect, it, onTestFinished } from "vitest";
import type { BankId } from "../../contract.ts";
import { draft } from "./bank.fixture.ts";
import type { Bank } from "./bank.ts";
import type { Lock } from "./platform.ts";
import { BankShelf, type ShelfPlatform } from "./shelf.ts";
import { indexedDbStore } from "./store.ts";

let browsers = 0;

function namedLocks(): { lock: (name: string) => Lock; whileFree: ShelfPlatform["whileFree"] } {
  const tails = new Map<string, Promise<unknown>>();
  const held = new Set<string>();
  return {
    lock: (name) => (task) => {
      const turn = (tails.get(name) ?? Promise.resolve()).then(task);
      tails.set(
        name,
        turn.catch(() => null),
      );
      return turn;
    },
    async whileFree(name, task) {
      if (held.has(name)) return null;
      held.add(name);
      try {
        return await task();
      } finally {
        held.delete(name);
      }
    },
  };
}

/** Tabs of one browser. `kill` lets go of a tab's locks, as the end of its page does. */
function browser() {
  browsers += 1;
  const prefix = `browser-${browsers}-`;
  const names = new Set<string>();
  const list = () => createStore(`${prefix}banks`, "shelf");
  let locks = namedLocks();
  const platform = (over: Partial<ShelfPlatform> = {}): ShelfPlatform => ({
    read: () => get("banks", list()),
    write: (value) => set("banks", value, list()),
    lock: locks.lock("shelf"),
    channel: null,
    bankPlatform: (database) => {
      names.add(database);
      return { store: indexedDbStore(prefix + database), lock: locks.lock(database), channel: null };
    },
    databases: async () => [...names],
    dropDatabase: async (name) => {
      names.delete(name);
      await createStore(prefix + name, "records")("readwrite", (records) => void records.clear());
    },
    whileFree: locks.whileFree,
    ...over,
  });
  return {
    list,
    names,
    kill: () => void (locks = namedLocks()),
    tab: (over?: Partial<ShelfPlatform>) => BankShelf.open(platform(over)),
  };
}

const opened = async (shelf: BankShelf, id: BankId): Promise<Bank> => {
  const bank = await shelf.openBank(id);
  onTestFinished(() => bank.close());
  return bank;
};
const names = (shelf: BankShelf): string[] => shelf.banks.map(({ name }) => name);
const classes = (bank: Bank): string[] => bank.snapshot().classes.map(({ name }) => name);

describe("banks", () => {
  it("begin with the one from before there were several, as “My classes”, with all that is in it", async () => {
    const { tab, names: databases } = browser();
    databases.add("lookalike-bank");
    const first = await tab();
    const bank = await opened(first, first.choose(null));
    await bank.addClass("dog");
    expect(names(first)).toEqual(["My classes"]);
    const again = await tab();
    expect(classes(await opened(again, again.choose(null)))).toEqual(["dog"]);
    expect([...databases]).toEqual(["lookalike-bank"]);
  });

  it("are each for themselves, are found again, and the one used last is the one to start with", async () => {
    const { tab } = browser();
    const shelf = await tab();
    await (await opened(shelf, shelf.choose(null))).addClass("dog");
    const id = await shelf.add(" Birds ");
    await (await opened(shelf, id)).addClass("robin");
    const later = await tab();
    expect(names(later)).toEqual(["My classes", "Birds"]);
    expect(later.choose(null)).toBe(id);
    expect(classes(await opened(later, id))).toEqual(["robin"]);
    expect(later.choose(later.banks[0]?.id ?? id)).toBe(later.banks[0]?.id);
    expect(later.choose("gone" as BankId)).toBe(id);
  });

  it("keep what was done to them for undo while another is open, each its own", async () => {
    const shelf = await browser().tab();
    const first = shelf.choose(null);
    const bank = await opened(shelf, first);
    await bank.addClass("dog");
    await bank.addClass("cat");
    await bank.undo();
    await bank.close();
    const id = await shelf.add("Birds");
    const other = await opened(shelf, id);
    expect(other.history).toEqual({ undo: null, redo: null });
    await other.addClass("robin");
    await other.close();
    const again = await opened(shelf, first);
    expect([again.history.undo?.label, again.history.redo?.label]).toEqual(["Added dog", "Added cat"]);
    await again.undo();
    await again.redo();
    await again.redo();
    expect(classes(again)).toEqual(["dog", "cat"]);
    expect((await opened(shelf, id)).history.undo?.label).toBe("Added robin");
    await shelf.remove(id);
    expect((await opened(shelf, await shelf.add("Birds"))).history.undo).toBeNull();
    await shelf.restore(id);
    expect((await opened(shelf, id)).history.undo?.label).toBe("Added robin");
  });

  it("have names of their own, of visible characters", async () => {
    const shelf = await browser().tab();
    await shelf.add("birds");
    const id = await shelf.add("Birds");
    await shelf.add("\u202e ");
    expect(names(shelf)).toEqual(["My classes", "birds", "Birds 2", "New bank"]);
    await shelf.rename(id, "Birds 2");
    await shelf.rename(id, "my classes");
    expect(names(shelf)[2]).toBe("my classes 2");
    await expect(shelf.rename("gone" as BankId, "x")).rejects.toMatchObject({ code: "bank-missing" });
  });

  it("that are removed are gone with all that is in them once their tab is; the last leaves an empty one", async () => {
    const { tab, kill, names: databases } = browser();
    const shelf = await tab();
    const id = await shelf.add("Birds");
    await (await opened(shelf, id)).addClass("robin");
    await shelf.remove(id);
    expect(names(shelf)).toEqual(["My classes"]);
    await expect(shelf.openBank(id)).rejects.toMatchObject({ code: "bank-missing" });
    expect(names(await tab())).toEqual(["My classes"]);
    expect(databases.has(`lookalike-bank-${id}`)).toBe(true);
    kill();
    expect(names(await tab())).toEqual(["My classes"]);
    expect(databases.has(`lookalike-bank-${id}`)).toBe(false);
    await expect(shelf.restore(id)).rejects.toMatchObject({ code: "bank-missing" });
    const bank = await opened(shelf, shelf.choose(null));
    await bank.addClass("dog");
    await shelf.remove(bank.id);
    expect(names(shelf)).toHaveLength(1);
    expect(classes(await opened(shelf, shelf.choose(null)))).toEqual([]);
  });

  it("that are removed can be brought back whole, with what was done to them, as long as their tab lives", async () => {
    const { tab, kill } = browser();
    const shelf = await tab();
    const id = await shelf.add("Birds");
    const bank = await opened(shelf, id);
    await bank.addClass("robin");
    await bank.close();
    await shelf.remove(id);
    await tab();
    await shelf.add("birds");
    await shelf.restore(id);
    expect(names(shelf)).toEqual(["My classes", "Birds 2", "birds"]);
    const again = await opened(shelf, id);
    expect([classes(again), again.history.undo?.label]).toEqual([["robin"], "Added robin"]);
    kill();
    expect(names(await tab())).toEqual(["My classes", "Birds 2", "birds"]);
  });

  it("can be copied, with pictures, and go their own ways then", async () => {
    const shelf = await browser().tab();
    const bank = await opened(shelf, shelf.choose(null));
    const { info } = await bank.addClass("dog");
    await bank.addReferences(info.id, [draft("a")]);
    const { id } = await shelf.addFilled("Copy", (copy) => copy.fillFrom(bank));
    await bank.addClass("cat");
    const copy = await opened(shelf, id);
    expect(classes(copy)).toEqual(["dog"]);
    const [reference] = copy.snapshot().classes[0]?.references ?? [];
    expect(reference && (await (await copy.crop(reference.id)).image.text())).toBe("a");
  });

  it("are the same list in two tabs, whoever changes it", async () => {
    const { tab } = browser();
    const [here, there] = [await tab(), await tab()];
    await Promise.all([here.add("a"), there.add("b"), here.add("c"), there.add("d")]);
    expect(names(await tab()).sort()).toEqual(["My classes", "a", "b", "c", "d"]);
  });

  it("whose list was lost or damaged are all found again", async () => {
    const { tab, list } = browser();
    const shelf = await tab();
    await opened(shelf, shelf.choose(null));
    await (await opened(shelf, await shelf.add("Birds"))).addClass("robin");
    await set("banks", { version: 1, banks: "oops" }, list());
    const later = await tab();
    expect(names(later)).toEqual(["My classes", "Recovered bank 1"]);
    expect(classes(await opened(later, later.banks[1]?.id ?? ("" as BankId)))).toEqual(["robin"]);
  });

  it("live in memory, several too, where storage is refused", async () => {
    const refuse = () => Promise.reject(new DOMException("no", "SecurityError"));
    const shelf = await browser().tab({ read: refuse, write: refuse });
    const id = await shelf.add("Birds");
    const first = await opened(shelf, shelf.choose(null));
    await first.addClass("dog");
    await (await opened(shelf, id)).addClass("robin");
    expect(classes(await opened(shelf, id))).toEqual(["robin"]);
    expect(names(shelf)).toEqual(["My classes", "Birds"]);
  });
});

describe("a bank that is being filled", () => {
  it("is none until it is full, and none when filling fails", async () => {
    const { tab, names: databases } = browser();
    const shelf = await tab();
    const failed = shelf.addFilled("Birds", async (bank) => {
      await bank.addClass("robin");
      expect(names(await tab())).toEqual(["My classes"]);
      throw new Error("no");
    });
    await expect(failed).rejects.toThrow("no");
    expect([names(shelf), [...databases]]).toEqual([["My classes"], []]);
  });

  it("is left alone by other tabs meanwhile, and dropped by the next tab when its own was closed", async () => {
    const { tab, kill, names: databases } = browser();
    const shelf = await tab();
    const never = new Promise<never>(() => undefined);
    let begun: () => void = () => undefined;
    const filling = new Promise<void>((resolve) => (begun = resolve));
    void shelf.addFilled("Birds", async (bank) => {
      await bank.addClass("robin");
      begun();
      return never;
    });
    await filling;
    await tab();
    expect(databases.size).toBe(1);
    kill();
    expect(names(await tab())).toEqual(["My classes"]);
    expect(databases.size).toBe(0);
  });
});
