import "fake-indexeddb/auto";
import * as fc from "fast-check";
import { entries } from "idb-keyval";
import { describe, expect, it } from "vitest";
import { EngineError, type ReferenceId } from "../../contract.ts";
import { browser, descriptorFor, draft, MODEL, raw } from "./bank.fixture.ts";
import type { Bank } from "./bank.ts";

/** All that is stored but for the head, pictures as text: equal for banks that are the same bit for bit. */
async function stored(name: string): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const [key, value] of await entries<string, Record<string, unknown>>(raw(name))) {
    const { image, ...rest } = value;
    if (key !== "head") all[key] = { ...rest, picture: image instanceof Blob ? await image.text() : null };
  }
  return all;
}

type Wish = { readonly kind: number; readonly pick: number; readonly other: number };

/** Something a person could do now; some of it is refused, which must change nothing. */
async function act(bank: Bank, { kind, pick, other }: Wish): Promise<unknown> {
  const { classes } = bank.snapshot();
  const one = classes[pick % Math.max(1, classes.length)];
  const two = classes[other % Math.max(1, classes.length)];
  if (!one || !two || kind < 2) return bank.addClass(`class ${pick}`);
  const ids = one.references.slice(other % 3).map(({ id }) => id);
  switch (kind) {
    case 2:
    case 3: {
      const group = other % 2 === 0 ? { label: "Added several" } : null;
      const [first] = await bank.addReferences(one.id, [draft(`${pick}`), draft(`${other}`)], group);
      await bank.addReferences(two.id, [{ ...draft(`of ${other}`), subcategory: "sub" }], group);
      return first && bank.storeDescriptors(MODEL, [descriptorFor(first.id, pick)]);
    }
    case 4:
      return bank.removeClass(one.id);
    case 5:
      return bank.removeReferences(ids);
    case 6:
      return bank.changeClass(one.id, { name: `class ${other}` });
    case 7:
      return bank.changeClass(one.id, { colour: `#0000${(16 + other).toString(16)}` });
    case 8:
      return bank.mergeClasses(one.id, [two.id]);
    case 9:
      return bank.splitClass(ids, `split ${pick}`);
    case 10:
      return bank.changeReferences(ids, { classId: two.id, enabled: other % 2 === 0 });
    default:
      return ids[0] && bank.replaceReference(ids[0], draft(`corrected ${pick}`));
  }
}

const wishes = fc.array(fc.record({ kind: fc.nat(11), pick: fc.nat(20), other: fc.nat(20) }), { maxLength: 16 });

describe("steps", () => {
  it("undone one by one give back every state before them, bit for bit, and redone every state after", async () => {
    await fc.assert(
      fc.asyncProperty(wishes, wishes, async (before, after) => {
        const { name, tab } = browser();
        const first = await tab({ channel: null });
        for (const wish of before) await act(first, wish).catch(() => null);
        // Another tab: what is in the bank already is not its to undo.
        const bank = await tab({ channel: null });
        const states = [await stored(name)];
        for (const wish of after) {
          const from = bank.history.undo?.id;
          const code = await act(bank, wish).then(
            () => "done",
            (error: unknown) => (error instanceof EngineError ? error.code : "unknown"),
          );
          expect(["done", "class-invalid"]).toContain(code);
          if (bank.history.undo?.id !== from) states.push(await stored(name));
        }
        // A wish may have been two steps; only the ends are sure to be states of the list.
        while (await bank.undo());
        expect(await stored(name)).toEqual(states[0]);
        while (await bank.redo());
        expect(await stored(name)).toEqual(states.at(-1));
        const reopened = await tab({ channel: null });
        expect(reopened.snapshot()).toEqual(bank.snapshot());
      }),
      { numRuns: 20 },
    );
  }, 60_000);

  it("say what they did, newest first", async () => {
    const bank = await browser().tab();
    const dog = (await bank.addClass("dog")).info;
    const cat = (await bank.addClass("cat")).info;
    const [one, two] = await bank.addReferences(dog.id, [draft("1"), draft("2")]);
    const ids = [one, two].flatMap((reference) => reference?.id ?? []);
    await bank.changeClass(dog.id, { name: "hound" });
    await bank.changeClass(dog.id, { colour: "#102030" });
    await bank.changeReferences(ids.slice(1), { enabled: false });
    await bank.changeReferences(ids, { subcategory: "corgi" });
    await bank.changeReferences(ids.slice(1), { classId: cat.id });
    await bank.splitClass(ids, "corgi");
    await bank.mergeClasses(dog.id, [cat.id]);
    await bank.removeReferences(ids.slice(1));
    await bank.removeClass(dog.id);
    const labels: string[] = [];
    for (let step = await bank.undo(); step; step = await bank.undo()) labels.push(step.label);
    expect(labels).toEqual([
      "Removed hound",
      "Removed a reference of corgi",
      "Merged cat into hound",
      "Made corgi of 2 references",
      "Moved a reference to cat",
      "Changed the sub-category of 2 references of hound",
      "Switched off a reference of hound",
      "Recoloured hound",
      "Renamed dog to hound",
      "Added 2 references to dog",
      "Added cat",
      "Added dog",
    ]);
    expect(await bank.redo()).toMatchObject({ label: "Added dog" });
    await bank.addClass("other");
    expect(await bank.redo()).toBeNull();
  });

  it("of a group are one", async () => {
    const bank = await browser().tab();
    const group = { label: "Added dog" };
    const { info } = await bank.addClass("dog", group);
    await bank.addReferences(info.id, [draft()], group);
    expect(bank.history.undo?.label).toBe("Added dog");
    await bank.undo();
    expect([bank.snapshot().classes, bank.history.undo]).toEqual([[], null]);
    await bank.redo();
    expect(bank.snapshot().classes[0]?.references).toHaveLength(1);
  });

  it("that adds and removes references takes both back, and makes both again", async () => {
    const bank = await browser().tab();
    const { info } = await bank.addClass("dog");
    const shown = (): readonly string[] | undefined =>
      bank.snapshot().classes[0]?.references.map(({ provenance }) => provenance);
    const before = await bank.addReferences(info.id, [draft("a"), draft("b")]);
    const old = shown();
    const group = { label: "Changed the pictograms of dog" };
    await bank.addReferences(info.id, [draft("c")], group);
    await bank.removeReferences(
      before.map(({ id }) => id),
      group,
    );
    const fresh = shown();
    expect(fresh).toHaveLength(1);
    expect(await bank.undo()).toMatchObject({ label: "Changed the pictograms of dog" });
    expect(shown()).toEqual(old);
    await bank.redo();
    expect(shown()).toEqual(fresh);
  });

  it("can be undone out of turn while what they changed stands", async () => {
    const bank = await browser().tab();
    const dog = (await bank.addClass("dog")).info;
    await bank.addClass("cat");
    const step = await bank.removeClass(dog.id);
    await bank.addClass("bird");
    await bank.undo(step?.id);
    expect(bank.snapshot().classes.map(({ name }) => name)).toEqual(["dog", "cat", "bird"]);
    expect(await bank.undo(step?.id)).toBeNull();
  });

  it.each([
    ["renamed", (bank: Bank) => bank.changeClass(first(bank), { name: "wolf" })],
    ["removed", (bank: Bank) => bank.removeClass(first(bank))],
    ["given a reference", (bank: Bank) => bank.addReferences(first(bank), [draft()])],
  ])("are refused, with nothing half done, when another tab has meanwhile %s the class", async (_, meanwhile) => {
    const { name, tab } = browser();
    const [here, there] = [await tab({ channel: null }), await tab({ channel: null })];
    await here.addClass("dog");
    await there.addClass("dog");
    await meanwhile(there);
    const before = await stored(name);
    await expect(here.undo()).rejects.toMatchObject({ code: "undo-outdated", message: /Added dog/u });
    expect(await stored(name)).toEqual(before);
    expect(here.history.undo?.label).toBe("Added dog");
  });

  it("that brought references are refused when their class is gone", async () => {
    const { tab } = browser();
    const [here, there] = [await tab({ channel: null }), await tab({ channel: null })];
    const dog = (await here.addClass("dog")).info;
    const [one] = await here.addReferences(dog.id, [draft()]);
    await here.removeReferences([one?.id ?? ("" as ReferenceId)]);
    await there.addClass("dog");
    await there.removeClass(dog.id);
    await expect(here.undo()).rejects.toMatchObject({ code: "undo-outdated" });
  });
});

function first(bank: Bank): NonNullable<ReturnType<Bank["snapshot"]>["classes"][0]>["id"] {
  const id = bank.snapshot().classes[0]?.id;
  if (!id) throw new Error("There is no class.");
  return id;
}
