import { AppPage, expect, test } from "../app.ts";
import { goodPictures } from "../fixtures/pictures/good-pictures.ts";
import { asUpload } from "../fixtures/pictures/uploads.ts";
import type { ClassInfo } from "../../workers/contract.ts";

const byName = (classes: readonly ClassInfo[]): readonly ClassInfo[] =>
  classes.toSorted((a, b) => a.name.localeCompare(b.name));

test("a reload keeps classes, references, pictures and settings", async ({ app, page }) => {
  await app.open();
  const pictures = (await goodPictures()).slice(0, 3).map((picture) => asUpload(picture));
  await app.pick(pictures);
  await app.addClasses(["banana", "zorblax"]);
  await page.getByLabel("Colour of zorblax").fill("#0a64c8");
  const banana = app.classRow("banana");
  await banana.getByRole("button", { name: /reference/ }).click();
  await banana
    .getByRole("button", { name: /, in use$/ })
    .first()
    .click();
  await expect(banana).toContainText(/0 of 1 reference|\d+ of \d+ references/);
  await app.slide("How sure it must be", 55);
  await app.slide("Strength of the colours", 35);
  await app.tile(pictures[1]?.name ?? "").click();
  await page.getByRole("button", { name: "Models and settings" }).first().click();
  // The words are clicked: the button itself is drawn by its label, and the dialog may have to be scrolled to it.
  await page.getByRole("dialog").getByText("Dark", { exact: true }).click();
  await page.getByRole("button", { name: "Close" }).click();
  await app.segmented();
  const before = await app.snapshot();
  expect(before.classes.map(({ colour }) => colour)).toContain("#0a64c8");

  await app.reload();
  const shares = await app.shares();
  const after = await app.snapshot();
  expect(after.classes).toEqual(before.classes);
  expect(after.pictures.map(({ name }) => name)).toEqual(pictures.map(({ name }) => name));
  expect(after.current).toBe(pictures[1]?.name);
  expect(after.threshold).toBe(0.55);
  expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
  await expect(app.tiles).toHaveCount(3);
  await expect(page.getByRole("slider", { name: "How sure it must be" })).toHaveValue("0.55");
  await expect(page.getByRole("slider", { name: "Strength of the colours" })).toHaveValue("0.35");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("two tabs see each other's classes, and changes made at once in both all last", async ({ app, context }) => {
  await app.open();
  const other = new AppPage(await context.newPage());
  await other.open();

  await app.addClasses(["banana"]);
  await expect(other.classRow("banana")).toBeVisible();

  await Promise.all([app.addClasses(["apple", "zorblax"]), other.addClasses(["lemon", "quuxle"])]);
  const names = ["apple", "banana", "lemon", "quuxle", "zorblax"];
  for (const tab of [app, other]) {
    await expect
      .poll(async () => byName((await tab.snapshot()).classes).map(({ name }) => name), { timeout: 60_000 })
      .toEqual(names);
  }

  // One tab changes the colour while the other changes the name of the same class.
  const rename = async (): Promise<void> => {
    await other.classMenu("banana", "Rename…");
    const dialog = other.page.getByRole("dialog", { name: "Rename class" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("plantain");
    await dialog.getByRole("button", { name: "Rename" }).click();
  };
  await Promise.all([app.page.getByLabel("Colour of banana").fill("#0a64c8"), rename()]);
  for (const tab of [app, other]) {
    await expect(tab.classRow("plantain")).toBeVisible();
    await expect
      .poll(async () => (await tab.snapshot()).classes.find(({ name }) => name === "plantain")?.colour)
      .toBe("#0a64c8");
  }

  const before = byName((await other.snapshot()).classes);
  expect(byName((await app.snapshot()).classes)).toEqual(before);
  await other.page.close();
  await app.reload();
  expect(byName((await app.snapshot()).classes)).toEqual(before);
  expect(other.problems).toEqual([]);
});
