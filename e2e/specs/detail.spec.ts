import { expect, test, type AppPage } from "../app.ts";
import { overlap, sceneNamed, truthOf } from "../scenes.ts";

const garden = sceneNamed("garden");

/** Patches along the current picture's long side, as the model in use saw it. */
function patchesOf(app: AppPage): Promise<number> {
  return app.page.evaluate(async () => {
    const { engine, store } = window.lookalike;
    const { pictures, currentId } = store.getState();
    const current = pictures.find(({ source }) => source.id === currentId);
    if (!current) throw new Error("There is no current picture.");
    const { rows, columns } = await engine.describePicture(current.source);
    return Math.max(rows, columns);
  });
}

async function chooseDetail(app: AppPage, name: "Standard" | "Fine"): Promise<void> {
  const { page } = app;
  await page.getByRole("button", { name: "Models and settings" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Models and settings" });
  await dialog.locator("label").filter({ hasText: name }).first().click();
  const detail = name === "Fine" ? "fine" : "standard";
  await expect
    .poll(async () => (await app.snapshot()).status?.model?.detail, { timeout: 120_000, intervals: [250] })
    .toBe(detail);
  await app.ready();
  await expect(dialog.getByRole("radio", { name })).toBeChecked();
  await dialog.getByRole("button", { name: "Close" }).click();
}

test("at fine detail the model is shown larger pictures, the page keeps to it, and standard detail comes back as it was", async ({
  app,
  page,
}) => {
  await app.open();
  await page.getByRole("button", { name: garden.name }).click();
  const standard = await app.segmented();
  expect(await patchesOf(app)).toBe(42);

  await chooseDetail(app, "Fine");
  const fine = await app.segmented();
  expect(fine.model).not.toBe(standard.model);
  expect(await patchesOf(app)).toBe(60);
  const truth = truthOf(garden, "sunflower");
  const everywhere = truth.filter(Boolean).length / truth.length;
  expect(overlap(await app.found("sunflower"), truth)).toBeGreaterThan(everywhere + 0.15);

  await app.reload();
  await app.ready();
  await app.segmented();
  expect((await app.snapshot()).status?.model).toMatchObject({ detail: "fine", origin: "starter" });
  expect(await patchesOf(app)).toBe(60);

  await chooseDetail(app, "Standard");
  const again = await app.segmented();
  expect(await patchesOf(app)).toBe(42);
  expect(again.model).toBe(standard.model);
  expect(again.areas).toEqual(standard.areas);
});
