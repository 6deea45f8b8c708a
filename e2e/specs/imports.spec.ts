import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import type { Locator } from "@playwright/test";
import { expect, test, type AppPage } from "../app.ts";
import { type Scene, sceneNamed, sceneUpload, truthOf } from "../scenes.ts";

const SAMPLES = fileURLToPath(new URL("../../public/samples/", import.meta.url));
let root = "";

test.beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lookalike-import-"));
});
test.afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Writes a folder of a data set; files that begin with "sample:" are copies of samples. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = join(root, "data");
  for (const [path, content] of Object.entries(files)) {
    const to = join(folder, path);
    mkdirSync(join(to, ".."), { recursive: true });
    if (content.startsWith("sample:")) cpSync(join(SAMPLES, content.slice("sample:".length)), to);
    else writeFileSync(to, content);
  }
  return folder;
}

/** Chooses a folder with the button for it; gives the dialog. */
async function chooseFolder(app: AppPage, folder: string): Promise<Locator> {
  const chooser = app.page.waitForEvent("filechooser");
  await app.page.getByRole("button", { name: "Import a folder…" }).click();
  await (await chooser).setFiles(folder);
  return app.page.getByRole("dialog", { name: "Import examples" });
}

const referencesOf = async (app: AppPage, name: string): Promise<number> =>
  (await app.snapshot()).classes.find((entry) => entry.name === name)?.references.length ?? 0;

/** A scene with its label picture and the names of its values, among what cannot be used. */
function labelFolder(first: Scene): string {
  return folderOf({
    [`images/${first.file}`]: `sample:${first.file}`,
    [`labels/${first.file.replace(/\.webp$/, ".png")}`]: `sample:${first.mask}`,
    "images/lonely.webp": `sample:${first.file}`,
    "labels/nothing.png": `sample:${first.mask}`,
    "labels/broken.png": "no picture",
    "images/broken.webp": `sample:${first.file}`,
    "notes.pdf": "not of any use",
    "classes.json": JSON.stringify(["background", ...first.classes]),
  });
}

test("label pictures become references with their masks, and what cannot be used is named", async ({ app, page }) => {
  const scene = sceneNamed("breakfast");
  await app.open();
  const dialog = await chooseFolder(app, labelFolder(scene));
  await expect(dialog.getByRole("list", { name: "Classes to import" })).toBeVisible({ timeout: 120_000 });
  for (const name of scene.classes) await expect(dialog.getByRole("checkbox", { name })).toBeChecked();
  await expect(dialog).toContainText("Label pictures have no picture (1): nothing.png");
  await expect(dialog).toContainText("Pictures have no labels (1): lonely.webp");
  await expect(dialog).toContainText("Label pictures are no PNG files (1): broken.png");
  await expect(dialog).toContainText("Files are neither pictures nor annotations (1): notes.pdf");
  const { violations } = await new AxeBuilder({ page }).include(".modal").analyze();
  expect(violations).toEqual([]);
  await page.screenshot({ path: ".cache/shots/import-labels.png" });
  await page.setViewportSize({ width: 380, height: 780 });
  await page.screenshot({ path: ".cache/shots/import-narrow.png" });
  await page.setViewportSize({ width: 1280, height: 800 });

  const [kept = "", ...others] = scene.classes;
  for (const name of others) await dialog.getByRole("checkbox", { name }).uncheck();
  await dialog.getByRole("button", { name: "Import 1 class" }).click();
  await expect(dialog).toContainText("Imported: 1 class, 1 reference.", { timeout: 180_000 });
  await dialog.getByRole("button", { name: "Done" }).click();
  expect((await app.snapshot()).classes.map(({ name }) => name)).toEqual([kept]);

  // The example's own picture must show it where its mask was.
  await app.pick([sceneUpload(scene)]);
  await app.slide("How sure it must be", 0);
  await app.segmented();
  const truth = truthOf(scene, kept);
  const found = await app.found(kept);
  const covered = found.filter((is, at) => is && truth[at]).length;
  expect(covered / truth.filter(Boolean).length).toBeGreaterThan(0.5);
});

test("a folder of folders makes a class of each, whole, and damaged pictures are left out by name", async ({ app }) => {
  await app.open();
  const folder = folderOf({
    "garden things/a.webp": "sample:garden.webp",
    "garden things/b.webp": "sample:breakfast.webp",
    "garden things/again.webp": "sample:garden.webp",
    "garden things/bad.jpg": "no picture at all",
    "trees/c.webp": "sample:forest.webp",
    "loose.webp": "sample:forest.webp",
  });
  const dialog = await chooseFolder(app, folder);
  await expect(dialog).toContainText("Pictures lie in no folder of a class (1): loose.webp", { timeout: 120_000 });
  await dialog.getByRole("button", { name: "Import 2 classes" }).click();
  await expect(dialog).toContainText("Imported: 2 classes, 3 references.", { timeout: 200_000 });
  await expect(dialog).toContainText("Pictures are none that can be opened (1): bad.jpg");
  await dialog.getByRole("button", { name: "Done" }).click();
  expect(await referencesOf(app, "garden things")).toBe(2);
  expect(await referencesOf(app, "trees")).toBe(1);
});

test("COCO annotations are taken over with their masks, and every kind of fault is counted", async ({ app }) => {
  await app.open();
  const { width, height, file } = sceneNamed("garden");
  const box = [10, 10, 200, 10, 200, 150, 10, 150];
  const image = { id: 1, file_name: file, width, height };
  const thing = (change: object): object => ({
    image_id: 1,
    category_id: 1,
    segmentation: [box],
    area: 26_600,
    ...change,
  });
  const folder = folderOf({
    [`images/${file}`]: `sample:${file}`,
    "images/cut.jpg": "no picture",
    "annotations.json": JSON.stringify({
      images: [image, { ...image, id: 2, file_name: "gone.jpg" }, { ...image, id: 3, file_name: "cut.jpg" }, { id: 4 }],
      categories: [
        { id: 1, name: "thing" },
        { id: 2, name: "<img src=x onerror=alert(1)>" },
      ],
      annotations: [
        thing({}),
        thing({ category_id: 2, segmentation: { size: [height, width], counts: [5, 500, height * width - 505] } }),
        thing({ category_id: 9 }),
        thing({ image_id: 2 }),
        thing({ image_id: 3 }),
        thing({ image_id: 77 }),
        thing({ iscrowd: 1 }),
        thing({ segmentation: [] }),
        thing({ segmentation: { size: [3, 3], counts: [9] } }),
        "nonsense",
      ],
    }),
  });
  const dialog = await chooseFolder(app, folder);
  await expect(dialog).toContainText("Pictures are missing (1): gone.jpg", { timeout: 120_000 });
  for (const reason of [
    "Annotations are of an unknown class id (1): 9",
    "Annotations are of an unknown picture id (1): 77",
    "Annotations are of crowds, where things are not told apart (1)",
    "Annotations have no mask (1)",
    "Annotations are not well-formed (1)",
    "Picture entries are not well-formed (1)",
  ]) {
    await expect(dialog).toContainText(reason);
  }
  await dialog.getByRole("button", { name: "Import 2 classes" }).click();
  await expect(dialog).toContainText("Imported: 2 classes, 2 references.", { timeout: 180_000 });
  await expect(dialog).toContainText("Pictures are none that can be opened (1): cut.jpg");
  await expect(dialog).toContainText("Masks are of another size than their picture (1)");
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(app.classRow("<img src=x onerror=alert(1)>")).toBeVisible();
});

test("a folder without any picture says what is wanted", async ({ app }) => {
  await app.open();
  const dialog = await chooseFolder(app, folderOf({ "readme.txt": "hello" }));
  await expect(dialog.getByRole("alert")).toContainText("There are no pictures in what was given.", {
    timeout: 60_000,
  });
});
