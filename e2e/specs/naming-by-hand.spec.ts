import type { Page } from "@playwright/test";
import { expect, test, type AppPage } from "../app.ts";
import { sceneNamed, sceneUpload } from "../scenes.ts";

const garden = sceneNamed("garden");
const forest = sceneNamed("forest");

/** Class of the region that lies at a region's place now, by name; null for other. */
function classOf(page: Page, x: number, y: number): Promise<string | null> {
  return page.evaluate(
    ([column, row]) => {
      const state = window.lookalike.store.getState();
      const picture = state.pictures.find(({ source }) => source.id === state.currentId);
      const map = state.regionMap?.map;
      const index = (map?.data[row * map.width + column] ?? 0) - 1;
      const id = picture?.segmentation?.regions.find((region) => region.index === index)?.classId;
      return state.bank.classes.find((entry) => entry.id === id)?.name ?? null;
    },
    [Math.floor(x), Math.floor(y)] as const,
  );
}

const corrections = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { pictures, currentId } = window.lookalike.store.getState();
    return pictures.find(({ source }) => source.id === currentId)?.source.corrections?.length ?? 0;
  });

/** The middle of a region, in working pixels, and the region itself. */
async function placeIn(app: AppPage, index: number): Promise<{ x: number; y: number }> {
  await app.pointAt(index);
  return app.page.evaluate((region) => {
    const map = window.lookalike.store.getState().regionMap?.map;
    if (!map) throw new Error("There is no map.");
    const inside = [...map.data.keys()].filter((at) => map.data[at] === region + 1);
    const middle = inside[Math.floor(inside.length / 2)] ?? 0;
    return { x: middle % map.width, y: Math.floor(middle / map.width) };
  }, index);
}

test("one key names the region under the pointer, here at once and for good, and its class learns from it", async ({
  app,
  page,
}) => {
  await app.open();
  await app.pick([sceneUpload(garden)]);
  await app.addClasses(["sunflower", "zorblax"]);
  const { regions } = await app.segmented();
  const named = regions.filter(({ classId }) => classId !== null);
  const largest = named.toSorted((a, b) => b.area - a.area)[0];
  if (!largest) throw new Error("There is no region.");
  const place = await placeIn(app, largest.index);
  await app.pointAt(largest.index);
  // The names were typed: from there, a digit would be typed too.
  await app.canvas.focus();
  await page.keyboard.press("2");
  await expect(page.getByText("The region is zorblax now.")).toBeVisible();
  await expect.poll(() => classOf(page, place.x, place.y)).toBe("zorblax");
  await expect(app.classRow("zorblax")).toContainText("1 reference", { timeout: 120_000 });
  await app.segmented();
  await expect.poll(() => classOf(page, place.x, place.y)).toBe("zorblax");

  // What is exported says the same.
  const found = await app.found("zorblax");
  const share = found.filter(Boolean).length / found.length;
  expect(share).toBeGreaterThanOrEqual((0.99 * largest.area) / (garden.width * garden.height));

  // It is there after a reload, whatever else is looked for.
  await app.reload();
  await app.addClasses(["dog"]);
  await app.segmented();
  await expect.poll(() => classOf(page, place.x, place.y)).toBe("zorblax");
  expect(await corrections(page)).toBe(1);

  // And it can be left to the match again, with what was learned.
  await page.mouse.move((await app.placeOf(place.x, place.y)).x, (await app.placeOf(place.x, place.y)).y);
  await page.mouse.down();
  await page.mouse.up();
  await page.getByRole("button", { name: "Leave it to the match" }).click();
  await expect.poll(() => corrections(page)).toBe(0);
  await app.openTab("Classes");
  await expect(app.classRow("zorblax")).toContainText("nothing can be found yet");
});

test("undo takes back the name and what was learned from it", async ({ app, page }) => {
  await app.open();
  await app.pick([sceneUpload(garden)]);
  await app.addClasses(["sunflower", "zorblax"]);
  const { regions } = await app.segmented();
  const region = regions.find(({ classId }) => classId !== null) ?? regions[0];
  if (!region) throw new Error("There is no region.");
  const place = await placeIn(app, region.index);
  const before = await classOf(page, place.x, place.y);
  // The names were typed: from there, a digit would be typed too.
  await app.canvas.focus();
  await page.keyboard.press("2");
  await expect(app.classRow("zorblax")).toContainText("1 reference", { timeout: 120_000 });
  await page.keyboard.press("Control+z");
  await expect(app.classRow("zorblax")).toContainText("nothing can be found yet");
  await app.segmented();
  await expect.poll(() => classOf(page, place.x, place.y)).toBe(before);
  expect(await corrections(page)).toBe(0);
});

test("by the keyboard alone a region is stepped to and given a new class, typed", async ({ app, page }) => {
  await app.open();
  await app.pick([sceneUpload(forest)]);
  await app.addClasses(["tree", "mushroom"]);
  await app.segmented();
  await app.canvas.focus();
  await page.keyboard.press("n");
  await expect(page.getByRole("tabpanel", { name: "Inspector" }).getByRole("heading", { level: 2 })).toBeVisible();
  await page.keyboard.press("t");
  const dialog = page.getByRole("dialog", { name: "This region is…" });
  await expect(dialog.getByRole("textbox", { name: "Class" })).toBeFocused();
  await page.keyboard.type("mush");
  await expect(dialog.getByRole("menuitem")).toHaveText([/^mushroom/, /New class “mush”/]);
  await page.keyboard.type("zorblax");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByText("The region is mushzorblax now.")).toBeVisible({ timeout: 60_000 });
  await expect(app.canvas).toBeFocused();
  await expect(page.getByRole("heading", { level: 2, name: "mushzorblax" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("Named by you")).toBeVisible();
  await page.keyboard.press("x");
  await expect(page.getByText("The region is none of your classes now.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 2, name: "Other" })).toBeVisible();
});

test("a finger names a region by the buttons of the inspector", async ({ app, page }) => {
  await page.setViewportSize({ width: 380, height: 740 });
  await app.open();
  await app.pick([sceneUpload(garden)]);
  await app.openTab("Classes");
  await app.addClasses(["sunflower"]);
  const { regions } = await app.segmented();
  const named = regions.find(({ classId }) => classId !== null);
  if (!named) throw new Error("Nothing was named.");
  const place = await placeIn(app, named.index);
  // Where the pointer was put: well inside the region.
  await page.mouse.down();
  await page.mouse.up();
  await page.getByRole("button", { name: "Not a sunflower" }).click();
  await expect.poll(() => classOf(page, place.x, place.y)).toBeNull();
  await page.getByRole("button", { name: "This region is…" }).click();
  await page.getByRole("menuitem", { name: /^sunflower/ }).click();
  await expect.poll(() => classOf(page, place.x, place.y)).toBe("sunflower");
});
