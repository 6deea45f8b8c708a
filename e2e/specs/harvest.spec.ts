import type { Locator } from "@playwright/test";
import { expect, test, type AppPage } from "../app.ts";
import { placeInside, sceneNamed, sceneUpload } from "../scenes.ts";

const garden = sceneNamed("garden");

const stripOf = (app: AppPage): Locator => app.page.getByRole("region", { name: "From your own pictures" });

/** Marks of the current picture, as the page keeps them. */
const marks = (app: AppPage): Promise<{ corrections: number; dismissed: number }> =>
  app.page.evaluate(() => {
    const { pictures, currentId } = window.lookalike.store.getState();
    const picture = pictures.find(({ source }) => source.id === currentId);
    return { corrections: picture?.source.corrections?.length ?? 0, dismissed: picture?.dismissed.length ?? 0 };
  });

const harvested = async (app: AppPage): Promise<number> =>
  (await app.snapshot()).classes
    .flatMap(({ references }) => references)
    .filter(({ source, enabled }) => source === "harvest" && enabled).length;

/** One sunflower is named by key, as an example of its class: the others look like it. */
async function taught(app: AppPage): Promise<void> {
  const { page } = app;
  await app.open();
  await app.pick([sceneUpload(garden)]);
  await app.addClasses(["sunflower", "dog"]);
  await app.segmented();
  const place = placeInside(garden, "sunflower");
  // On the petals: the brown middle, where its deepest pixel is, is a region of its own that no other flower is like.
  const outwards = (share: number, size: number): number => (0.5 + (share - 0.5) / 0.94) * size;
  const at = await app.placeOf(outwards(place.x, garden.width), outwards(place.y, garden.height));
  await page.mouse.move(at.x, at.y, { steps: 3 });
  await app.canvas.focus();
  await page.keyboard.press("1");
  await expect(app.classRow("sunflower")).toContainText("2 references", { timeout: 120_000 });
  await app.segmented();
  await expect(stripOf(app)).toBeVisible({ timeout: 120_000 });
}

test("a sure region is offered, confirmed, and then a reference that is not offered again", async ({ app, page }) => {
  await taught(app);
  const strip = stripOf(app);
  const offer = strip.getByRole("button", { name: /likely/ }).first();
  const before = await marks(app);
  await offer.click();
  await expect(strip.locator("img").first()).toBeVisible({ timeout: 60_000 });
  await strip
    .getByRole("button", { name: /^Yes, region 1 of garden\.webp is/ })
    .first()
    .click();
  await expect.poll(() => harvested(app), { timeout: 120_000 }).toBe(1);
  await expect.poll(async () => (await marks(app)).corrections).toBe(before.corrections + 1);
  await app.segmented();

  await page.keyboard.press("Control+z");
  await expect.poll(() => harvested(app)).toBe(0);
  await expect.poll(async () => (await marks(app)).corrections).toBe(before.corrections);
});

test("what is turned down stays turned down after a reload", async ({ app }) => {
  await taught(app);
  const strip = stripOf(app);
  for (let turn = 0; turn < 8 && (await strip.isVisible()); turn += 1) {
    const summary = strip.getByRole("button", { name: /likely/ }).first();
    if ((await summary.getAttribute("aria-expanded")) !== "true") await summary.click();
    await strip
      .getByRole("button", { name: /^(?:Not this|None of these)$/ })
      .first()
      .click();
    // The engine may offer others in their place once the page rests.
    await app.page.waitForTimeout(4000);
  }
  await expect(strip).toBeHidden();
  const { dismissed } = await marks(app);
  expect(dismissed).toBeGreaterThan(0);
  await app.reload();
  await app.segmented();
  await app.page.waitForTimeout(4000);
  await expect(strip).toBeHidden();
  expect((await marks(app)).dismissed).toBe(dismissed);
});
