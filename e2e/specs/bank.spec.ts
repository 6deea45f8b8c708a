import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { AppPage, expect, test, type Upload } from "../app.ts";
import { sceneNamed, sceneUpload } from "../scenes.ts";

const garden = sceneUpload(sceneNamed("garden"));

const LOOKS = [
  { colorScheme: "light", width: 1280, height: 800 },
  { colorScheme: "dark", width: 1280, height: 800 },
  { colorScheme: "light", width: 380, height: 740 },
] as const;

const openBank = async (page: Page): Promise<void> => {
  await page.getByRole("button", { name: "All classes and references" }).click();
  await expect(page.getByRole("grid", { name: "Classes of the bank" })).toBeVisible();
};
const rows = (page: Page) => page.getByRole("grid", { name: "Classes of the bank" }).getByRole("row");
const names = async (app: AppPage): Promise<readonly string[]> =>
  (await app.snapshot()).classes.map(({ name }) => name);

async function chooseFile(page: Page, into: "Into this bank" | "As a new bank", file: Upload): Promise<void> {
  await page.getByRole("button", { name: "Open a file…" }).click();
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: into }).click();
  await (await chooser).setFiles(file);
}

test("the bank is worked through by keyboard: chosen, looked at, merged and undone, with nothing for axe to find", async ({
  app,
  page,
}, info) => {
  await app.open();
  await app.addClasses(["dog", "cat", "banana"]);
  await page.locator("body").press("Escape");
  await openBank(page);
  const search = page.getByRole("searchbox", { name: "Search classes and references" });
  await search.focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await expect(page.getByRole("heading", { name: "dog" })).toBeVisible();
  const tiles = page.getByRole("grid", { name: "References of dog" }).getByRole("row");
  await expect(tiles.first()).toBeVisible();
  await tiles.first().click();
  await expect(page.getByText("1 chosen")).toBeVisible();
  for (const { colorScheme, width, height } of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: info.outputPath(`bank-${colorScheme}-${width}.png`) });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 800 });

  await rows(page)
    .nth(1)
    .click({ modifiers: ["ControlOrMeta"] });
  await page.getByRole("button", { name: "Merge into dog" }).click();
  await expect.poll(() => names(app)).toEqual(["dog", "banana"]);
  await page.getByRole("button", { name: "Undo: Merged cat into dog" }).click();
  await expect.poll(() => names(app)).toEqual(["dog", "cat", "banana"]);

  await page.getByRole("radio", { name: "Advice" }).check({ force: true });
  await expect(page.getByRole("list", { name: "Advice" }).or(page.getByText("Nothing stands out"))).toBeVisible();
  await page.screenshot({ path: info.outputPath("bank-advice.png") });
});

test("a bank saved, cleared and opened again segments the picture as before; what is no bank is refused plainly", async ({
  app,
  page,
}) => {
  await app.open();
  await app.pick([garden]);
  await app.addClasses(["tree", "house", "grass"]);
  const before = await app.shares();
  await openBank(page);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as a file" }).click();
  const saved = readFileSync(await (await download).path());
  expect((await download).suggestedFilename()).toBe("My classes.lookalike.zip");

  await rows(page).first().click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.getByRole("button", { name: "Merge into tree" }).click();
  await page.getByRole("button", { name: "Remove tree" }).click();
  await expect.poll(() => names(app)).toEqual([]);

  await chooseFile(page, "Into this bank", {
    name: "x.zip",
    mimeType: "application/zip",
    buffer: Buffer.from("no bank"),
  });
  await expect(page.getByText("The file is not a bank of Lookalike, or it was cut short.")).toBeVisible();
  expect(await names(app)).toEqual([]);

  await chooseFile(page, "Into this bank", { name: "mine.zip", mimeType: "application/zip", buffer: saved });
  await expect(page.getByText(/Opened: 3 new classes/)).toBeVisible();
  await page.keyboard.press("Escape");
  expect(await app.shares()).toEqual(before);
});

test("two tabs on one bank: what one undoes the other sees, and what was changed elsewhere is not undone", async ({
  app,
  context,
}) => {
  await app.open();
  const other = new AppPage(await context.newPage());
  await other.open();
  await app.addClasses(["banana"]);
  await expect(other.classRow("banana")).toBeVisible();
  await other.page.evaluate(async () => {
    const { engine, store } = window.lookalike;
    const [first] = store.getState().bank.classes;
    if (first) await engine.changeClass(first.id, { name: "plantain" });
  });
  await expect(app.classRow("plantain")).toBeVisible();
  await app.page.locator("body").press("ControlOrMeta+z");
  await expect(app.page.getByText(/cannot be undone: what it changed was changed again since/)).toBeVisible();
  await other.page.locator("body").press("ControlOrMeta+z");
  await expect(app.classRow("banana")).toBeVisible();

  // Another bank in the other tab leaves this one alone.
  await other.page.evaluate(() => window.lookalike.engine.newBank("Birds"));
  await expect.poll(() => names(other)).toEqual([]);
  expect(await names(app)).toEqual(["banana"]);
  await other.reload();
  expect(await names(other)).toEqual([]);
  await app.reload();
  expect(await names(app)).toEqual(["banana"]);
});

test("a page that is killed while it opens a bank's file has all of it afterwards, or nothing, and loses none of its own", async ({
  app,
  context,
}) => {
  await app.open();
  await app.addClasses(["banana"]);
  const archive = await app.page.evaluate(async () => {
    const { engine } = window.lookalike;
    for (let index = 0; index < 40; index += 1) await engine.addClass(`class ${index}`);
    const { archive } = await engine.exportBank();
    return [...new Uint8Array(await archive.arrayBuffer())];
  });
  const own = await names(app);
  for (const wait of [0, 150]) {
    const victim = new AppPage(await context.newPage());
    await victim.open();
    await victim.page.evaluate((bytes) => {
      void window.lookalike.engine.importBank(new Blob([new Uint8Array(bytes)]), "new");
    }, archive);
    await victim.page.waitForTimeout(wait);
    await victim.page.close({ runBeforeUnload: false });
  }
  const later = new AppPage(await context.newPage());
  await later.open();
  const banks = await later.page.evaluate(async () => {
    const { engine } = window.lookalike;
    const found: Record<string, number> = {};
    for (const { id, name } of (await engine.banks()).banks) {
      await engine.useBank(id);
      found[name] = (await engine.bank()).classes.length;
    }
    return found;
  });
  const { "My classes": mine, ...opened } = banks;
  expect(mine).toBe(own.length);
  expect(Object.values(opened).filter((count) => count !== own.length)).toEqual([]);
});
