import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test, type AppPage } from "../app.ts";
import { writeSubset } from "../fixtures/coco-subset.ts";
import { maskOfClass, overlapOf, type Photograph, placeInside } from "../fixtures/coco.ts";
import { photographsOf, photographUpload } from "../photographs.ts";

const CLASSES = ["cat", "dog", "laptop", "toilet", "tv"];
const LOOKS = [
  { colorScheme: "light", width: 1280, height: 800 },
  { colorScheme: "dark", width: 1280, height: 800 },
  { colorScheme: "light", width: 380, height: 740 },
] as const;

/** A shot of the page as it stands in each look, with nothing for axe to find. */
async function look(page: Page, pathOf: (name: string) => string, name: string): Promise<void> {
  for (const { colorScheme, width, height } of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height });
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await page.screenshot({ path: pathOf(`${name}-${colorScheme}-${width}.png`) });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(
      violations.map(({ id, nodes }) => `${name}, ${width}: ${id} ${nodes.map(({ html }) => html).join(" ")}`),
    ).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(LOOKS[0]);
}

/** Clicks into the cat of the photograph that is shown. */
async function clickCat(app: AppPage, photograph: Photograph): Promise<void> {
  await app.segmented();
  const { x, y } = placeInside(maskOfClass(photograph, "cat"), photograph.width);
  const at = await app.placeOf(x + 0.5, y + 0.5);
  await app.page.mouse.move(at.x, at.y, { steps: 3 });
  await app.page.mouse.click(at.x, at.y);
}

const referencesOf = async (app: AppPage, name: string): Promise<number> =>
  (await app.snapshot()).classes.find((entry) => entry.name === name)?.references.length ?? 0;

test("a region of a photograph is explained, shown as heat, named by key, and what it taught is offered and found in other photographs", async ({
  app,
  page,
}, info) => {
  const root = mkdtempSync(join(tmpdir(), "lookalike-teaching-"));
  const [first, second, ...others] = photographsOf("coco-dev", "cat", 0.1);
  if (!first || !second) throw new Error("There are too few cats in coco-dev.");
  try {
    writeSubset("coco-bank", root, CLASSES, 0.03);
    await app.open();
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Import a folder…" }).click();
    await (await chooser).setFiles(root);
    const dialog = page.getByRole("dialog", { name: "Import examples" });
    await expect(dialog.getByRole("button", { name: "Import 5 classes" })).toBeVisible({ timeout: 60_000 });
    await look(page, (name) => info.outputPath(name), "import");
    await dialog.getByRole("button", { name: "Import 5 classes" }).click();
    await expect(dialog).toContainText("Imported: 5 classes", { timeout: 180_000 });
    await dialog.getByRole("button", { name: "Done" }).click();
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  await app.pick([first, second, ...others].map(photographUpload));
  await app.slide("How sure it must be", 0);
  await expect(page.getByText(/^Expect .* of the named regions to be wrong/)).toBeVisible({ timeout: 60_000 });
  await clickCat(app, first);

  // Why: ranked classes, the nearest references as pictures, where they come from, what would change it.
  const inspector = page.getByRole("tabpanel", { name: "Inspector" });
  const why = (heading: string) =>
    inspector.locator("section").filter({ has: page.getByRole("heading", { name: heading }) });
  await expect.poll(() => why("It was compared with").getByRole("listitem").count()).toBeGreaterThan(2);
  const nearest = why("It resembles most").getByRole("listitem");
  await expect(nearest.first().getByRole("img")).toBeVisible({ timeout: 60_000 });
  await expect(nearest.first()).toContainText("imported");
  await expect(why("What would change it").getByRole("listitem").first()).toContainText(/^Without/, {
    timeout: 60_000,
  });
  await expect(why("Whether the order is usual").getByRole("figure").first()).toBeVisible();
  await page.screenshot({ path: info.outputPath("why.png") });

  // Heat: of one reference, of a class, of what is under the pointer.
  const legend = page.getByRole("region", { name: "Heat map" });
  const value = legend.getByRole("definition").first();
  await nearest
    .first()
    .getByRole("button", { name: /^Heat map of/ })
    .click();
  await expect(legend.getByRole("heading", { level: 2 })).toContainText(/: \d+\.jpg/);
  await page.screenshot({ path: info.outputPath("heat-reference.png") });
  await legend.getByRole("button", { name: "Compare with…" }).click();
  await page.getByRole("menuitem", { name: "cat", exact: true }).click();
  await expect(legend.getByRole("heading", { name: "Like cat" })).toBeVisible();
  await legend.getByRole("button", { name: "Compare with…" }).click();
  await page.getByRole("menuitem", { name: "What is under the pointer" }).click();
  const { x, y } = placeInside(maskOfClass(first, "cat"), first.width);
  const cat = await app.placeOf(x, y);
  await page.mouse.move(cat.x, cat.y, { steps: 3 });
  await expect.poll(async () => Number(await value.textContent()), { timeout: 60_000 }).toBeGreaterThan(0.3);
  await page.screenshot({ path: info.outputPath("heat-patch.png") });
  await app.canvas.focus();
  await page.keyboard.press("m");
  await expect(legend).toBeHidden();

  // Named by key: a new class, known here at once, for good, and looked for in the other photographs.
  await app.canvas.focus();
  await page.keyboard.press("t");
  await page.keyboard.type("zorblax");
  await page.getByRole("menuitem", { name: /New class “zorblax”/ }).click();
  await expect.poll(() => referencesOf(app, "zorblax"), { timeout: 60_000 }).toBe(1);
  await app.segmented();
  expect((await app.shares())["zorblax"]).toBeGreaterThan(0.01);
  await app.tile(second.file).click();
  await app.segmented();
  // What was imported is found in photographs that it did not come from.
  const { both, either } = overlapOf(Uint8Array.from(await app.found("cat"), Number), maskOfClass(second, "cat"));
  process.stdout.write(`overlap with the cat of another photograph: ${(both / either).toFixed(3)}\n`);
  expect(both / either).toBeGreaterThan(0.1);

  // What is likely of a class is offered; confirmed, it is a reference.
  await app.openTab("Classes");
  const strip = page.getByRole("region", { name: "From your own pictures" });
  const offer = strip.getByRole("button", { name: /likely/ }).first();
  await expect(offer).toBeVisible({ timeout: 120_000 });
  await offer.click();
  await expect(strip.locator("img").first()).toBeVisible({ timeout: 60_000 });
  await strip.scrollIntoViewIfNeeded();
  await look(page, (name) => info.outputPath(name), "harvest");
  const before = (await app.snapshot()).classes.flatMap(({ references }) => references).length;
  await strip
    .getByRole("button", { name: /^Yes, region/ })
    .first()
    .click();
  await expect
    .poll(async () => (await app.snapshot()).classes.flatMap(({ references }) => references).length, {
      timeout: 60_000,
    })
    .toBe(before + 1);
});
