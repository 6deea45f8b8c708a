import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "@playwright/test";
import { expect, test, type AppPage } from "../app.ts";
import { writeSubset } from "../fixtures/coco-subset.ts";
import { photographsOf, photographUpload } from "../photographs.ts";

const counts = async (app: AppPage): Promise<Readonly<Record<string, number>>> =>
  Object.fromEntries((await app.snapshot()).classes.map(({ name, references }) => [name, references.length]));

async function importSubset(app: AppPage, names: readonly string[]): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "lookalike-bank-"));
  try {
    writeSubset("coco-bank", root, names, 0.04);
    const chooser = app.page.waitForEvent("filechooser");
    await app.page.getByRole("button", { name: "Import a folder…" }).click();
    await (await chooser).setFiles(root);
    const dialog = app.page.getByRole("dialog", { name: "Import examples" });
    await dialog.getByRole("button", { name: /^Import \d+ class/ }).click();
    await expect(dialog).toContainText("Imported: ", { timeout: 180_000 });
    await dialog.getByRole("button", { name: "Done" }).click();
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

test("a bank of photographs is worked through as a person would, advice and other banks included, and undone to where it began", async ({
  app,
  page,
}, info) => {
  await app.open();
  await importSubset(app, ["cat", "laptop", "toilet"]);
  const began = await counts(app);
  await page.getByRole("button", { name: "All classes and references" }).click();
  const bank = page.getByRole("dialog", { name: "Bank: My classes" });
  const rows = bank.getByRole("grid", { name: "Classes of the bank" }).getByRole("row");
  const tiles = (name: string): Locator => bank.getByRole("grid", { name: `References of ${name}` }).getByRole("row");

  // Found by name; renamed and given another colour.
  await bank.getByRole("searchbox").fill("lap");
  await expect(rows).toHaveCount(1);
  await rows.first().click();
  await bank.getByRole("button", { name: "Rename laptop" }).click();
  await bank.getByRole("textbox", { name: "Name of the class" }).fill("computer");
  await page.keyboard.press("Enter");
  await expect(bank.getByRole("heading", { name: "computer" })).toBeVisible();
  await bank.getByLabel("Colour of computer").fill("#123456");
  await expect
    .poll(async () => (await app.snapshot()).classes.find(({ name }) => name === "computer")?.colour)
    .toBe("#123456");
  await bank.getByRole("searchbox").fill("");

  // Split: some references become a class of their own; merged again.
  await rows.filter({ hasText: "cat" }).click();
  await tiles("cat").nth(0).click();
  await tiles("cat")
    .nth(1)
    .click({ modifiers: ["ControlOrMeta"] });
  await expect(bank.getByText("2 chosen")).toBeVisible();
  await bank.getByRole("button", { name: "Move to a class…" }).click();
  await bank.getByRole("combobox", { name: /^To the class called/ }).fill("kitten");
  await page.keyboard.press("Enter");
  await expect.poll(() => counts(app)).toMatchObject({ kitten: 2, cat: (began["cat"] ?? 0) - 2 });
  await rows.filter({ hasText: "kitten" }).click({ modifiers: ["ControlOrMeta"] });
  await bank.getByRole("button", { name: "Merge into cat" }).click();
  await expect.poll(() => counts(app)).toEqual({ ...began, laptop: undefined, computer: began["laptop"] });

  // One reference: its sub-category, and its outline corrected in its own picture.
  await rows.filter({ hasText: "cat" }).click();
  await tiles("cat").first().click();
  await bank.getByRole("textbox", { name: "Sub-category" }).fill("tabby");
  await page.keyboard.press("Enter");
  await expect(tiles("cat").first()).toContainText("tabby");
  await page.screenshot({ path: info.outputPath("bank.png") });

  const tabby = async () =>
    (await app.snapshot()).classes.flatMap(({ references }) => references).find((one) => one.subcategory === "tabby")
      ?.id;
  const uncorrected = await tabby();
  await bank.getByRole("button", { name: "Correct its outline…" }).click();
  const outline = page.getByRole("dialog", { name: "Examples of cat" });
  await expect(outline.getByRole("application")).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  await outline.getByRole("application").locator("svg").click();
  await outline.getByRole("button", { name: "Use as example" }).click();
  await expect(outline).toBeHidden({ timeout: 60_000 });
  await expect.poll(tabby).not.toBe(uncorrected);
  expect((await counts(app))["cat"]).toBe(began["cat"]);
  await page.getByRole("button", { name: "All classes and references" }).click();

  // A toilet among the cats is unlike them; a photograph that is there twice is there twice.
  await rows.filter({ hasText: "toilet" }).click();
  await tiles("toilet").first().click();
  await bank.getByRole("button", { name: "Move to a class…" }).click();
  await bank.getByRole("combobox", { name: /^To the class called/ }).fill("cat");
  await page.keyboard.press("Enter");
  await expect.poll(() => counts(app)).toMatchObject({ toilet: (began["toilet"] ?? 0) - 1 });
  await page.keyboard.press("Escape");
  const [double] = photographsOf("coco-dev", "laptop", 0.1);
  if (!double) throw new Error("There is no laptop in coco-dev.");
  await app.drop(app.classRow("computer"), [
    photographUpload(double),
    { ...photographUpload(double), name: "copy.jpg" },
  ]);
  const examples = page.getByRole("dialog", { name: "Examples of computer" });
  await examples.getByRole("button", { name: "Use the whole picture" }).click();
  await expect(examples).toContainText("Picture 2 of 2", { timeout: 60_000 });
  await examples.getByRole("button", { name: "Use the whole picture" }).click();
  await expect(examples).toBeHidden({ timeout: 60_000 });
  await page.getByRole("button", { name: "All classes and references" }).click();
  await bank.getByRole("radio", { name: "Advice" }).check({ force: true });
  const advice = bank.getByRole("list", { name: "Advice" }).getByRole("listitem");
  await expect(advice.first()).toBeVisible({ timeout: 60_000 });
  await page.screenshot({ path: info.outputPath("advice.png") });
  const twice = advice.filter({ hasText: "show next to the same" });
  await expect(twice).toContainText("of computer");
  const computers = (await counts(app))["computer"] ?? 0;
  await twice.getByRole("button", { name: "Keep one" }).click();
  await expect.poll(async () => (await counts(app))["computer"]).toBe(computers - 1);
  const stranger = advice.filter({ hasText: /unlike the rest of cat|attract each other/ });
  await expect(stranger.first()).toBeVisible();

  // Another bank, and back: what was done here can still be undone, to where it began.
  await bank.getByRole("button", { name: "Banks" }).click();
  await page.getByRole("menuitem", { name: "New bank…" }).click();
  await page.getByRole("textbox", { name: "Name of the new bank" }).fill("Birds");
  await page.keyboard.press("Enter");
  await expect.poll(() => counts(app)).toEqual({});
  const birds = page.getByRole("dialog", { name: "Bank: Birds" });
  await birds.getByRole("button", { name: "Banks" }).click();
  await page.getByRole("menuitem", { name: "My classes" }).click();
  await expect.poll(async () => (await counts(app))["computer"]).toBe(computers - 1);
  const download = page.waitForEvent("download");
  await bank.getByRole("button", { name: "Save as a file" }).click();
  const file = readFileSync(await (await download).path());
  const saved = await counts(app);
  const newest = (): Promise<{ readonly id: number; readonly label: string } | null> =>
    page.evaluate(() => window.lookalike.store.getState().history.undo);
  for (let step = await newest(); step && step.label !== "Imported examples"; step = await newest()) {
    const { id } = step;
    await bank.getByRole("button", { name: `Undo: ${step.label}` }).click();
    await expect.poll(async () => (await newest())?.id).not.toBe(id);
  }
  await expect.poll(() => counts(app)).toEqual(began);
  // All that was imported together is one step.
  await bank.getByRole("button", { name: "Undo: Imported examples" }).click();
  await expect.poll(() => counts(app)).toEqual({});

  // The file gives all of it back, as a bank of its own.
  await bank.getByRole("button", { name: "Open a file…" }).click();
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "As a new bank" }).click();
  await (await chooser).setFiles({ name: "mine.zip", mimeType: "application/zip", buffer: file });
  await expect.poll(() => counts(app), { timeout: 60_000 }).toEqual(saved);
  expect(
    (await app.snapshot()).classes
      .flatMap(({ references }) => references)
      .filter(({ subcategory }) => subcategory === "tabby"),
  ).toHaveLength(1);

  // A bank that is removed can be brought back, whole.
  const copy = page.getByRole("dialog", { name: "Bank: My classes 2" });
  await copy.getByRole("button", { name: "Banks" }).click();
  await page.getByRole("menuitem", { name: "Remove this bank…" }).click();
  await copy.getByRole("button", { name: "Remove My classes 2" }).click();
  await expect.poll(() => counts(app)).not.toEqual(saved);
  const notice = page.locator(".notice").filter({ hasText: "My classes 2 was removed." });
  await notice.getByRole("button", { name: "Undo" }).click();
  await expect(copy).toBeVisible();
  await expect.poll(() => counts(app)).toEqual(saved);
});
