import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext } from "@playwright/test";
import { AppPage, expect, test } from "../app.ts";
import { writeSubset } from "../fixtures/coco-subset.ts";
import { photographsOf } from "../photographs.ts";

const CLASSES = ["cat", "dog", "laptop", "toilet"];
let root = "";

test.beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lookalike-photographs-"));
});
test.afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Chooses a folder by the button for it, and waits until its classes are listed. */
async function chooseFolder({ page }: AppPage, folder: string) {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Import a folder…" }).click();
  await (await chooser).setFiles(folder);
  const dialog = page.getByRole("dialog", { name: "Import examples" });
  await expect(dialog.getByRole("list", { name: "Classes to import" })).toBeVisible({ timeout: 60_000 });
  return dialog;
}

const IMPORT = /^Import \d+ class/;
type Counts = Readonly<Record<string, number>>;

async function countsOf(app: AppPage): Promise<Counts> {
  const { classes } = await app.snapshot();
  return Object.fromEntries(classes.map(({ name, references }) => [name, references.length]));
}

/** Begins an import in a page of its own, which is closed in the middle. */
async function killed(context: BrowserContext, folder: string, wait: number): Promise<void> {
  const victim = new AppPage(await context.newPage());
  await victim.open();
  const dialog = await chooseFolder(victim, folder);
  await dialog.getByRole("button", { name: IMPORT }).click();
  await victim.page.waitForTimeout(wait);
  await victim.page.close({ runBeforeUnload: false });
}

/** How many references have no picture that can be shown. */
function unshown({ page }: AppPage): Promise<number> {
  return page.evaluate(async () => {
    const { engine } = window.lookalike;
    const ids = (await engine.bank()).classes.flatMap(({ references }) => references.map(({ id }) => id));
    const shown = await Promise.allSettled(ids.map((id) => engine.referenceImage(id)));
    return shown.filter(({ status }) => status === "rejected").length;
  });
}

test("a page killed while it imports photographs leaves each class whole or not at all; imported again, what is missing comes and nothing twice", async ({
  app,
  context,
}) => {
  const coco = join(root, "coco");
  writeSubset("coco-bank", coco, CLASSES, 0.04);
  const folders = join(root, "folders");
  for (const name of ["pizza", "bear"]) {
    mkdirSync(join(folders, name), { recursive: true });
    for (const { path, file } of photographsOf("coco-bank", name, 0.04)) cpSync(path, join(folders, name, file));
  }
  await app.open();
  await app.addClasses(["banana"]);
  await expect.poll(async () => (await countsOf(app))["banana"]).toBeGreaterThan(0);
  const own = (await countsOf(app))["banana"];
  const seen: Counts[] = [];
  for (const [folder, wait] of [
    [coco, 700],
    [coco, 2000],
    [folders, 1500],
  ] as const) {
    await killed(context, folder, wait);
    seen.push(await countsOf(app));
    expect(await unshown(app)).toBe(0);
  }

  for (const folder of [coco, folders]) {
    const dialog = await chooseFolder(app, folder);
    await dialog.getByRole("button", { name: IMPORT }).click();
    await expect(dialog).toContainText(/Imported: |Nothing could be imported/, { timeout: 180_000 });
    await dialog.getByRole("button", { name: "Done" }).click();
  }
  const whole = await countsOf(app);
  expect(whole["banana"]).toBe(own);
  expect(Object.keys(whole).toSorted()).toEqual(["banana", "bear", ...CLASSES, "pizza"].toSorted());
  for (const [name, count] of seen.flatMap((counts) => Object.entries(counts)))
    expect([name, whole[name]]).toEqual([name, count]);

  const again = await chooseFolder(app, coco);
  await again.getByRole("button", { name: IMPORT }).click();
  await expect(again).toContainText("Nothing could be imported.", { timeout: 180_000 });
  await expect(again).toContainText("Things are among the references already");
  await again.getByRole("button", { name: "Done" }).click();
  expect(await countsOf(app)).toEqual(whole);
});
