import "fake-indexeddb/auto";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { type ClassId, EngineError, type ModelId, type ReferenceId } from "../../contract.ts";
import { MODEL, browser, descriptorFor, draft, raw } from "./bank.fixture.ts";
import { keepCalibration, keptCalibration } from "./calibrations.ts";
import type { Bank, BankEvent } from "./bank.ts";
import type { BankPlatform } from "./platform.ts";

const nextEvent = (bank: Bank, type: BankEvent["type"]): Promise<BankEvent> =>
  new Promise((resolve) => {
    const stop = bank.subscribe((event) => {
      if (event.type === type) {
        stop();
        resolve(event);
      }
    });
  });

const names = (bank: Bank): string[] => bank.snapshot().classes.map((one) => one.name);

describe("classes and references", () => {
  it("come back after a reload with names, colours, order, crops, masks and descriptors", async () => {
    const { tab } = browser();
    const first = await tab();
    const dog = (await first.addClass(" dog ")).info;
    await first.addClass("grass");
    const [reference] = await first.addReferences(dog.id, [draft("a.png"), draft("b.png")]);
    await first.storeDescriptors(MODEL, [descriptorFor(reference?.id ?? dog.references[0]?.id ?? ("" as ReferenceId))]);

    const second = await tab();
    expect(second.snapshot()).toEqual(first.snapshot());
    expect(names(second)).toEqual(["dog", "grass"]);
    const [known, unknown] = second.snapshot().classes[0]?.references ?? [];
    expect(known?.provenance).toBe("a.png");
    const crop = await second.crop(known?.id ?? ("" as ReferenceId));
    expect(await crop.image.text()).toBe("a.png");
    expect([...crop.runs]).toEqual([1, 2, 5, 2]);
    const vectors = second.descriptorsOf(MODEL)[0]?.references.map((row) => [row.referenceId, row.vector]);
    expect(vectors).toEqual([
      [known?.id, new Float32Array([1, 0])],
      [known?.id, new Float32Array([0, 1])],
    ]);
    expect(second.surroundingsOf(MODEL)).toMatchObject([
      { referenceId: known?.id, domain: "photo", vector: new Float32Array([-1, -1]) },
    ]);
    expect(second.missingDescriptors(MODEL).map((one) => one.referenceId)).toEqual([unknown?.id]);
  });

  it("of the same name but for case are one class", async () => {
    const bank = await browser().tab();
    const first = await bank.addClass("Straße Ä");
    const again = await bank.addClass("straße a\u0308");
    expect(again).toMatchObject({ added: false, info: { id: first.info.id, name: "Straße Ä" } });
    expect(bank.snapshot().revision).toBe(1);
  });

  it.each(["<img src=x onerror=alert(1)>", "كلب كبير", "👩‍👩‍👧‍👦 famille", "__proto__", "'; DROP TABLE"])(
    "come back under hostile or foreign names as the same text: %j",
    async (name) => {
      const { tab } = browser();
      const bank = await tab();
      const { info } = await bank.addClass(name);
      await bank.addReferences(info.id, [draft(name)]);
      const [found] = (await tab()).snapshot().classes;
      expect([found?.name, found?.references[0]?.provenance]).toEqual([name, name]);
    },
  );

  it("of 10,000 characters are cut, and the person is told", async () => {
    const { info, notice } = await (await browser().tab()).addClass("long ".repeat(2000));
    expect(info.name).toHaveLength(199);
    expect(notice).toMatchObject({ code: "class-invalid" });
  });

  it("get distinct colours, and a freed colour is given again", async () => {
    const bank = await browser().tab();
    const first = (await bank.addClass("a")).info;
    const second = (await bank.addClass("b")).info;
    expect(second.colour).not.toBe(first.colour);
    await bank.removeClass(first.id);
    expect((await bank.addClass("c")).info.colour).toBe(first.colour);
  });

  it("come back whole when a removal is undone", async () => {
    const { tab } = browser();
    const bank = await tab();
    const dog = (await bank.addClass("dog")).info;
    await bank.addClass("cat");
    const [one] = await bank.addReferences(dog.id, [draft()]);
    const id = one?.id ?? ("" as ReferenceId);
    await bank.storeDescriptors(MODEL, [descriptorFor(id)]);
    const before = bank.snapshot().classes;
    await bank.removeClass(dog.id);
    expect(names(await tab())).toEqual(["cat"]);
    await expect(bank.undo()).resolves.toMatchObject({ label: "Removed dog" });
    expect((await tab()).snapshot().classes).toEqual(before);
    await bank.removeReferences([id]);
    expect(bank.descriptorsOf(MODEL)[0]?.references).toEqual([]);
    await bank.undo();
    expect(bank.snapshot().classes).toEqual(before);
    expect(bank.missingDescriptors(MODEL)).toEqual([]);
  });

  it("restored under a name that was given again keep both classes", async () => {
    const bank = await browser().tab();
    const old = (await bank.addClass("dog")).info;
    const removed = await bank.removeClass(old.id);
    await bank.addClass("dog");
    await bank.undo(removed?.id);
    expect(names(bank)).toEqual(["dog 2", "dog"]);
  });

  it("that are disabled take no part in matching and need no descriptors", async () => {
    const bank = await browser().tab();
    const dog = (await bank.addClass("dog")).info;
    const [one, two] = await bank.addReferences(dog.id, [draft("1"), draft("2")]);
    const id = one?.id ?? ("" as ReferenceId);
    await bank.storeDescriptors(MODEL, [descriptorFor(id)]);
    await bank.changeReferences([id], { enabled: false });
    await bank.changeReferences([two?.id ?? id], { enabled: false });
    expect(bank.descriptorsOf(MODEL)[0]?.references).toEqual([]);
    expect(bank.surroundingsOf(MODEL)).toEqual([]);
    expect(bank.missingDescriptors(MODEL)).toEqual([]);
  });

  it("get a sub-category and move to another class's end, and come back so after a reload", async () => {
    const { tab } = browser();
    const bank = await tab();
    const dog = (await bank.addClass("dog")).info;
    const cat = (await bank.addClass("cat")).info;
    const [one] = await bank.addReferences(dog.id, [{ ...draft("1"), subcategory: " corgi\n" }, draft("2")]);
    await bank.addReferences(cat.id, [draft("3")]);
    expect(one?.subcategory).toBe("corgi");
    const id = one?.id ?? ("" as ReferenceId);
    await bank.changeReferences([id], { classId: cat.id });
    await bank.changeReferences([id], { subcategory: "tabby" });
    const { classes } = (await tab()).snapshot();
    expect(classes.map(({ references }) => references.map((it) => [it.provenance, it.subcategory]))).toEqual([
      [["2", null]],
      [
        ["3", null],
        ["1", "tabby"],
      ],
    ]);
    await bank.changeReferences([id], { subcategory: null });
    expect(bank.snapshot().classes[1]?.references[1]?.subcategory).toBeNull();
    const nowhere = bank.changeReferences([id], { classId: "gone" as ClassId });
    await expect(nowhere).rejects.toMatchObject({ code: "class-missing" });
  });

  it("keep whose photograph they are, as text and as links that lead to the web and nowhere else", async () => {
    const bank = await browser().tab();
    const dog = (await bank.addClass("dog")).info;
    const [one] = await bank.addReferences(dog.id, [
      {
        ...draft(),
        source: "photo-search",
        attribution: {
          provider: "Openverse",
          title: "<b>A dog</b>\u202e",
          author: "Ann",
          licence: "CC BY 4.0",
          licenceUrl: "https://creativecommons.org/licenses/by/4.0/",
          pageUrl: "javascript:alert(1)",
        },
      },
    ]);
    expect(one?.attribution).toEqual({
      provider: "Openverse",
      title: "<b>A dog</b>",
      author: "Ann",
      licence: "CC BY 4.0",
      licenceUrl: "https://creativecommons.org/licenses/by/4.0/",
      pageUrl: "",
    });
  });

  it("that are missing are refused by their codes", async () => {
    const bank = await browser().tab();
    const dog = (await bank.addClass("dog")).info;
    await bank.addClass("cat");
    await bank.removeClass(dog.id);
    const code = (attempt: Promise<unknown>): Promise<unknown> => attempt.catch((error: unknown) => error);
    expect(await code(bank.addReferences(dog.id, [draft()]))).toMatchObject({ code: "class-missing" });
    expect(await code(bank.removeReferences(["no" as ReferenceId]))).toMatchObject({ code: "reference-missing" });
    expect(await code(bank.crop("no" as ReferenceId))).toBeInstanceOf(EngineError);
    await bank.addClass("x");
    const cat = bank.snapshot().classes[0];
    expect(await code(bank.changeClass(cat?.id ?? dog.id, { name: "X" }))).toMatchObject({ code: "class-invalid" });
    expect(await code(bank.changeClass(cat?.id ?? dog.id, { colour: "red" }))).toMatchObject({ code: "class-invalid" });
  });

  it("with a mask outside the crop are refused before anything is written", async () => {
    const { tab } = browser();
    const bank = await tab();
    const dog = (await bank.addClass("dog")).info;
    const bad = { ...draft(), crop: { ...draft().crop, runs: new Uint32Array([11, 2]) } };
    await expect(bank.addReferences(dog.id, [draft(), bad])).rejects.toMatchObject({ code: "internal" });
    expect((await tab()).snapshot().classes[0]?.references).toEqual([]);
  });
});

describe("two tabs", () => {
  it("see each other's changes without asking", async () => {
    const { tab } = browser();
    const [here, there] = [await tab(), await tab()];
    const heard = nextEvent(there, "bank");
    const dog = (await here.addClass("dog")).info;
    expect(await heard).toMatchObject({ type: "bank", bank: here.snapshot() });
    const [one] = await here.addReferences(dog.id, [draft()]);
    await here.storeDescriptors(MODEL, [descriptorFor(one?.id ?? ("" as ReferenceId))]);
    const vectors = (bank: Bank): unknown =>
      bank.descriptorsOf(MODEL).map(({ references }) => references.map(({ vector }) => vector));
    await vi.waitFor(() => expect(vectors(there)).toEqual(vectors(here)));
    expect(here.descriptorsOf(MODEL)[0]?.references).toHaveLength(2);
  });

  it.each(["with a lock", "without Web Locks"])("lose nothing that either did at the same time, %s", async (mode) => {
    const lockless: Partial<BankPlatform> = mode === "with a lock" ? {} : { lock: null };
    const wish = fc.record({ tab: fc.nat(1), kind: fc.nat(5), pick: fc.nat(50) });
    await fc.assert(
      fc.asyncProperty(fc.array(wish, { maxLength: 24 }), async (wishes) => {
        const { tab } = browser();
        const tabs = [await tab({ ...lockless, channel: null }), await tab({ ...lockless, channel: null })];
        const revisions: number[][] = [[], []];
        tabs.forEach((bank, at) =>
          bank.subscribe((event) => event.type === "bank" && revisions[at]?.push(event.bank.revision)),
        );
        const added = new Set<string>();
        const removed = new Set<string>();
        const act = async ({ tab: at, kind, pick }: { tab: number; kind: number; pick: number }): Promise<void> => {
          const bank = tabs[at];
          const target = bank?.snapshot().classes[pick % Math.max(1, bank.snapshot().classes.length)];
          if (!bank || kind < 3 || !target) {
            added.add((await bank?.addClass(`class ${pick}`))?.info.id ?? "");
          } else if (kind === 3) {
            (await bank.addReferences(target.id, [draft(`${pick}`)])).forEach((one) => added.add(one.id));
          } else if (kind === 4) {
            await bank.changeClass(target.id, { colour: `#0000${(16 + pick).toString(16)}` });
          } else {
            await bank.removeClass(target.id);
            [target.id, ...target.references.map((one) => one.id)].forEach((id) => removed.add(id));
          }
        };
        const refused = (error: unknown): void => expect(error).toMatchObject({ code: "class-missing" });
        await Promise.all(wishes.map((one) => act(one).catch(refused)));

        const { classes } = (await tab({ channel: null })).snapshot();
        const standing = new Set(
          classes.flatMap((one) => [one.id, ...one.references.map((reference) => reference.id)]),
        );
        const gone = [...added].filter((id) => !standing.has(id as ReferenceId));
        const classIds = new Set(classes.map((one) => one.id as string));
        // A reference goes only with its class: whatever is missing was removed, or belonged to a removed class.
        expect(gone.filter((id) => id.startsWith("c") && !removed.has(id))).toEqual([]);
        expect(removed.size === 0 ? gone : []).toEqual([]);
        expect([...removed].filter((id) => classIds.has(id))).toEqual([]);
        expect(new Set(classes.map((one) => one.name)).size).toBe(classes.length);
        revisions.forEach((list) => expect(list).toEqual([...new Set(list)].sort((a, b) => a - b)));
      }),
      { numRuns: 40 },
    );
  });

  it("catch up by reading everything when they are many changes behind", async () => {
    const { tab } = browser();
    const [here, there] = [await tab(), await tab({ channel: null })];
    for (let index = 0; index < 40; index++) {
      await here.addClass(`class ${index}`);
    }
    await there.addClass("last");
    expect(names(there)).toHaveLength(41);
    expect(there.snapshot().revision).toBe(41);
  });

  it("start over with a growing revision when the store was cleared", async () => {
    const { name, tab } = browser();
    const bank = await tab({ channel: null });
    await bank.addClass("a");
    await bank.addClass("b");
    const use = raw(name);
    await use("readwrite", (records) => void records.clear());
    await bank.addClass("c");
    expect(names(bank)).toEqual(["c"]);
    expect(bank.snapshot().revision).toBeGreaterThan(2);
    expect((await tab()).snapshot()).toEqual(bank.snapshot());
  });
});

describe("what was found out about the match", () => {
  it("is there again when the bank is opened, for as long as it is of the same things, and is no step to undo", async () => {
    const { tab } = browser();
    const bank = await tab();
    const [of, other] = ["a".repeat(64), "b".repeat(64)];
    const found = { basis: "bank", samples: 40, wrong: Float64Array.of(0.5, 0.25) } as const;
    await keepCalibration(bank, MODEL, of, found);
    expect(bank.history.undo).toBeNull();
    const reopened = await tab();
    expect(keptCalibration(reopened, MODEL, of)).toEqual(found);
    expect(keptCalibration(reopened, MODEL, other)).toBeNull();
    expect(keptCalibration(reopened, "other" as ModelId, of)).toBeNull();
    await keepCalibration(reopened, MODEL, other, found);
    expect(keptCalibration(reopened, MODEL, of)).toBeNull();
  });
});

describe("anchors", () => {
  it("are kept per model and asked for again when the set is another one", async () => {
    const { tab } = browser();
    const bank = await tab();
    const anchors = { dimensions: 2, vectors: new Float32Array([1, 2, 3, 4]), names: ["sky", "sky"] };
    await bank.storeAnchors(MODEL, "one", anchors);
    const reopened = await tab();
    expect(reopened.anchorsOf(MODEL, "one")).toMatchObject(anchors);
    expect(reopened.anchorsOf(MODEL, "two")).toBeNull();
    expect(reopened.anchorsOf("other" as ModelId, "one")).toBeNull();
    await reopened.dropModel(MODEL);
    expect(reopened.anchorsOf(MODEL, "one")).toBeNull();
  });
});
