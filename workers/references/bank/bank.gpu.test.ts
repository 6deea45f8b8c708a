import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { draft } from "./bank.fixture.ts";
import type { Bank } from "./bank.ts";
import { BankShelf } from "./shelf.ts";

/** A tab with the browser's own IndexedDB, Web Locks and BroadcastChannel. */
async function tab(): Promise<Bank> {
  const shelf = await BankShelf.open();
  const bank = await shelf.openBank(shelf.choose(null));
  onTestFinished(() => shelf.close());
  onTestFinished(() => bank.close());
  return bank;
}

afterEach(async () => {
  const shelf = await BankShelf.open();
  const bank = await shelf.openBank(shelf.choose(null));
  for (const { id } of bank.snapshot().classes) {
    await bank.removeClass(id);
  }
  await bank.close();
  shelf.close();
});

describe("in a real browser", () => {
  it("the bank persists, crops included", async () => {
    const bank = await tab();
    const { info } = await bank.addClass("dog");
    const [reference] = await bank.addReferences(info.id, [draft("pixels")]);
    expect(bank.persists).toBe(true);
    const reopened = await tab();
    expect(reopened.snapshot()).toEqual(bank.snapshot());
    expect(reference && (await (await reopened.crop(reference.id)).image.text())).toBe("pixels");
  });

  it("two tabs that change the bank at the same time lose nothing and end up the same", async () => {
    const tabs = [await tab(), await tab()];
    await Promise.all(
      Array.from({ length: 24 }, async (_, index) => {
        const bank = tabs[index % 2];
        const added = await bank?.addClass(`class ${index % 16}`);
        return added && (await bank?.addReferences(added.info.id, [draft(`${index}`)]));
      }),
    );
    const fresh = (await tab()).snapshot();
    expect(fresh.classes).toHaveLength(16);
    expect(fresh.classes.flatMap((one) => one.references)).toHaveLength(24);
    await vi.waitFor(() => expect(tabs.map((bank) => bank.snapshot())).toEqual([fresh, fresh]));
  });

  it("a removed example comes back with its picture", async () => {
    const bank = await tab();
    const { info } = await bank.addClass("cat");
    const reopened = await tab();
    await bank.addReferences(info.id, [draft("whiskers")]);
    await vi.waitFor(() => expect(reopened.snapshot().classes[0]?.references).toHaveLength(1));
    await reopened.removeClass(info.id);
    await vi.waitFor(() => expect(bank.snapshot().classes).toEqual([]));
    expect(await reopened.undo()).toMatchObject({ label: "Removed cat" });
    const [reference] = reopened.snapshot().classes[0]?.references ?? [];
    expect(reference && (await (await reopened.crop(reference.id)).image.text())).toBe("whiskers");
  });
});
