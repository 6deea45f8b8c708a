import type { Locator } from "@playwright/test";
import { expect, test, type AppPage } from "../app.ts";
import { overlap, placeInside, sceneNamed, sceneUpload, truthOf, type Scene } from "../scenes.ts";

const garden = sceneNamed("garden");
const forest = sceneNamed("forest");

/** What the dialog says of the proposed region, once it has one. */
async function proposal(dialog: Locator): Promise<{ place: number; count: number; percent: number }> {
  const words = dialog.getByText(/^Proposal \d+ of \d+/);
  await expect(words).toHaveText(/percent/, { timeout: 120_000 });
  await expect(dialog.getByRole("application")).toHaveAttribute("aria-busy", "false", { timeout: 120_000 });
  const [place = 0, count = 0, percent = 0] = (await words.innerText()).match(/\d+/g)?.map(Number) ?? [];
  return { place, count, percent };
}

/** Clicks the dialog's picture where it shows a class. */
async function clickOn(app: AppPage, dialog: Locator, scene: Scene, className: string): Promise<void> {
  const box = await dialog.getByRole("application").locator("img").boundingBox();
  if (!box) throw new Error("The dialog shows no picture.");
  const { x, y } = placeInside(scene, className);
  await app.page.mouse.click(box.x + x * box.width, box.y + y * box.height);
}

test("an object is pointed at in an example picture, and its class is found in another picture", async ({
  app,
  page,
}) => {
  await app.open();
  await app.drop(page.getByRole("button", { name: "New class from examples" }), [sceneUpload(garden)]);
  const dialog = page.getByRole("dialog", { name: "A new class from examples" });
  const salient = await proposal(dialog);
  expect(salient.count).toBe(1);

  await clickOn(app, dialog, garden, "sunflower");
  await expect.poll(async () => (await proposal(dialog)).count).toBeGreaterThan(2);
  const pointed = await proposal(dialog);
  expect(pointed.percent).not.toBe(salient.percent);

  const smaller = dialog.getByRole("button", { name: "Smaller" });
  const bigger = dialog.getByRole("button", { name: "Bigger" });
  if (await bigger.isEnabled()) {
    await bigger.click();
    expect((await proposal(dialog)).place).toBe(pointed.place + 1);
    expect((await proposal(dialog)).percent).toBeGreaterThanOrEqual(pointed.percent);
    await smaller.click();
  }
  expect(await proposal(dialog)).toEqual(pointed);

  await clickOn(app, dialog, garden, "grass");
  await expect.poll(async () => (await proposal(dialog)).percent).not.toBe(pointed.percent);

  const confirm = dialog.getByRole("button", { name: "Use as example" });
  await confirm.click();
  await expect(dialog.getByText("Give it a name first.")).toBeVisible();
  await dialog.getByRole("textbox", { name: "What does it show?" }).fill("zorblax");
  await confirm.click();
  await expect(dialog).toBeHidden({ timeout: 120_000 });
  await expect(app.classRow("zorblax")).toContainText("1 reference");
  expect((await app.snapshot()).pictures).toEqual([]);
  const [zorblax] = (await app.snapshot()).classes;
  expect(zorblax?.references.map(({ source, provenance }) => ({ source, provenance }))).toEqual([
    { source: "example", provenance: garden.file },
  ]);

  // The name means nothing: only the example can tell what to look for.
  await app.pick([sceneUpload(forest)]);
  await app.segmented();
  expect(overlap(await app.found("zorblax"), truthOf(forest, "grass"))).toBeGreaterThan(0.3);
});

test("several dropped examples are shown one after another, and any can be skipped or used whole", async ({
  app,
  page,
}) => {
  await app.open();
  await app.addClasses(["zorblax"]);
  const row = app.classRow("zorblax");
  await app.drop(row, [sceneUpload(garden), sceneUpload(forest)]);
  const dialog = page.getByRole("dialog", { name: "Examples of zorblax" });
  await expect(dialog).toContainText(`Picture 1 of 2: ${garden.file}`);
  await dialog.getByRole("button", { name: "Skip this picture" }).click();
  await expect(dialog).toContainText(`Picture 2 of 2: ${forest.file}`);
  await dialog.getByRole("button", { name: "Use the whole picture" }).click();
  await expect(dialog).toBeHidden({ timeout: 120_000 });
  await expect(row).toContainText("1 reference");
  const [zorblax] = (await app.snapshot()).classes;
  expect(zorblax?.references.map(({ provenance }) => provenance)).toEqual([forest.file]);
});
