import { expect, test, type AppPage } from "../app.ts";
import { differingShare } from "../decode-png.ts";
import { sceneNamed, sceneUpload } from "../scenes.ts";

const garden = sceneUpload(sceneNamed("garden"));

/** Share of the picture that any class got. */
async function namedShare(app: AppPage): Promise<number> {
  return 1 - ((await app.shares())["other"] ?? 0);
}

test("names are added by comma and Enter, each once, and one without a pictogram says so", async ({ app, page }) => {
  await app.open();
  await app.typeNames("dog, banana,");
  await expect(app.classRow("dog")).toBeVisible();
  await expect(app.classRow("banana")).toBeVisible();
  await app.addClasses(["zorblax"]);
  await expect(app.classRow("zorblax")).toContainText("No pictogram is known by this name");
  await expect(app.classRow("dog")).toContainText(/\d+ references?/);

  await app.typeNames("Dog");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Messages" })).toContainText("Dog: already in your classes.");
  expect((await app.snapshot()).classes.map(({ name }) => name)).toEqual(["dog", "banana", "zorblax"]);
});

test("a class is given another colour and name, is removed, and comes back whole", async ({ app, page }) => {
  await app.open();
  await app.addClasses(["dog", "banana"]);

  await page.getByLabel("Colour of dog").fill("#12ab34");
  await expect.poll(async () => (await app.snapshot()).classes[0]?.colour).toBe("#12ab34");

  await app.classMenu("dog", "Rename…");
  const dialog = page.getByRole("dialog", { name: "Rename class" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("hound");
  await dialog.getByRole("button", { name: "Rename" }).click();
  await expect(app.classRow("hound")).toBeVisible();
  const [hound] = (await app.snapshot()).classes;
  expect(hound).toMatchObject({ name: "hound", colour: "#12ab34" });

  await app.classMenu("hound", "Remove");
  await expect(app.classRow("hound")).toBeHidden();
  const messages = page.getByRole("region", { name: "Messages" });
  await expect(messages).toContainText("hound was removed.");
  await messages.getByRole("button", { name: "Undo" }).click();
  await expect(app.classRow("hound")).toBeVisible();
  const { classes } = await app.snapshot();
  expect(classes.find(({ name }) => name === "hound")).toEqual(hound);
});

test("a class is hidden, or shown alone, in the picture", async ({ app, page }) => {
  await app.open();
  await app.pick([garden]);
  await app.addClasses(["sunflower", "dog"]);
  await app.slide("How sure it must be", 0);
  await app.segmented();
  await page.mouse.move(1, 1);
  const both = await app.canvasShot();

  await page.getByRole("button", { name: "Hide sunflower" }).click();
  await page.mouse.move(1, 1);
  const hidden = await app.canvasShot();
  expect(differingShare(both, hidden)).toBeGreaterThan(0.005);
  await page.getByRole("button", { name: "Show sunflower", exact: true }).click();
  await page.mouse.move(1, 1);
  expect(differingShare(both, await app.canvasShot())).toBeLessThan(0.001);

  await page.getByRole("button", { name: "Show sunflower alone" }).click();
  await page.mouse.move(1, 1);
  const alone = await app.canvasShot();
  expect(differingShare(both, alone)).toBeGreaterThan(0.005);
  expect(differingShare(hidden, alone)).toBeGreaterThan(0.005);
  await page.getByRole("button", { name: "Show all classes" }).click();
  await page.mouse.move(1, 1);
  expect(differingShare(both, await app.canvasShot())).toBeLessThan(0.001);
});

test("threshold, references and removal count at once, without another run of the model", async ({ app, page }) => {
  await app.open();
  await app.pick([garden]);
  await app.addClasses(["sunflower", "dog"]);
  await app.segmented();

  await app.slide("How sure it must be", 0);
  const loose = await namedShare(app);
  expect(loose).toBeGreaterThan(0.01);
  await app.slide("How sure it must be", 100);
  const strict = await namedShare(app);
  expect(strict).toBeLessThan(loose);
  const { timings } = await app.segmented();
  expect(timings).toHaveProperty("compose");
  for (const stage of ["decode", "describe", "propose"]) expect(timings).not.toHaveProperty(stage);

  await app.slide("How sure it must be", 0);
  const before = await app.shares();
  const dog = app.classRow("dog");
  await dog.getByRole("button", { name: /references/ }).click();
  const references = page.getByRole("list", { name: "References of dog" });
  const count = await references.getByRole("listitem").count();
  expect(count).toBeGreaterThan(1);
  const toggles = references.getByRole("button", { name: /, in use$/ });
  for (let at = 0; at < count; at += 1) await toggles.nth(at).click();
  await expect(dog).toContainText(`0 of ${count} references`);
  expect((await app.shares())["dog"]).toBe(0);
  for (const stage of ["decode", "describe", "propose"]) {
    expect((await app.segmented()).timings).not.toHaveProperty(stage);
  }
  for (let at = 0; at < count; at += 1) await toggles.nth(at).click();
  await expect(dog).toContainText(new RegExp(`(?<!of )${count} references`));
  expect(await app.shares()).toEqual(before);

  await references
    .getByRole("button", { name: /^Remove/ })
    .first()
    .click();
  await expect(references.getByRole("listitem")).toHaveCount(count - 1);
  await page.getByRole("region", { name: "Messages" }).getByRole("button", { name: "Undo" }).click();
  await expect(references.getByRole("listitem")).toHaveCount(count);
  expect(await app.shares()).toEqual(before);
});
