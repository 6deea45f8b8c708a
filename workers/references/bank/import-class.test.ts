import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { browser, draft } from "./bank.fixture.ts";
import type { Bank } from "./bank.ts";
import { importClass, takeBackImport } from "./import-class.ts";
import { hashed } from "./operations.ts";

const shown = (bank: Bank): Readonly<Record<string, number>> =>
  Object.fromEntries(bank.snapshot().classes.map(({ name, references }) => [name, references.length]));

const drafts = (count: number) => hashed(Array.from({ length: count }, (_, at) => draft(`imported ${at}`)));

describe("classes that are imported", () => {
  it("are one step, whichever of them were there already", async () => {
    const bank = await browser().tab();
    await bank.addClass("Dog");
    const group = { label: "Imported examples" };
    await bank.apply(importClass("dog", await drafts(2)), group);
    await bank.apply(importClass("cat", await drafts(3)), group);
    expect(shown(bank)).toEqual({ Dog: 2, cat: 3 });
    expect(await bank.undo()).toMatchObject({ label: "Imported examples" });
    expect(shown(bank)).toEqual({ Dog: 0 });
    await bank.redo();
    expect(shown(bank)).toEqual({ Dog: 2, cat: 3 });
  });

  it("are taken back with the class that was made for them, and without one that has something else", async () => {
    const bank = await browser().tab();
    const { info } = await bank.addClass("dog");
    await bank.addReferences(info.id, [draft("own")]);
    const group = { label: "Imported examples" };
    const dog = (await bank.apply(importClass("dog", await drafts(2)), group)).value;
    const cat = (await bank.apply(importClass("cat", await drafts(2)), group)).value;
    const bird = (await bank.apply(importClass("bird", await drafts(2)), group)).value;
    await bank.addReferences(bird.id, [draft("another tab's")]);
    await bank.removeReferences(bird.references.slice(1));
    for (const one of [bird, cat, dog]) await bank.apply(takeBackImport(one), group);
    expect(shown(bank)).toEqual({ dog: 1, bird: 1 });
    const [gone] = cat.references;
    if (!gone) throw new Error("Nothing was imported.");
    await expect(bank.crop(gone)).rejects.toMatchObject({ code: "reference-missing" });
  });
});
