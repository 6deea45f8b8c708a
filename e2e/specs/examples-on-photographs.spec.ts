import type { Page } from "@playwright/test";
import { expect, test, type AppPage } from "../app.ts";
import { maskOfClass, type Photograph, placeInside } from "../fixtures/coco.ts";
import { cornersOf, ExamplePicker, photographsOf, photographUpload, type Place } from "../photographs.ts";

const FOUND = photographsOf("coco-dev", "cat", 0.15);
const SHOWN = FOUND.slice(0, 2);
const CATS = [...photographsOf("coco-bank", "cat", 0.06), ...FOUND.slice(2)];

/** A photograph on the clipboard, as copied from another page. */
async function copy(page: Page, photograph: Photograph): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/png" });
    await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
  }, photographUpload(photograph).buffer.toString("base64"));
}

const isIn = (mask: Uint8Array, { width }: Photograph, { x, y }: Place): boolean => mask[y * width + x] === 1;

/** A pixel of one mask that is not in another, away from the edges of both where there is room. */
function placeOnlyIn(mask: Uint8Array, other: Uint8Array, { width }: Photograph): Place | null {
  const only = mask.map((value, at) => (value && !other[at] ? 1 : 0));
  return only.some(Boolean) ? placeInside(only, width) : null;
}

const references = async (app: AppPage, name: string): Promise<number> =>
  (await app.snapshot()).classes.find((entry) => entry.name === name)?.references.length ?? 0;

test("a class is shown by photographs that are dropped, pasted and picked; what they have in common is proposed, and a box and points correct it", async ({
  app,
  page,
}, info) => {
  const [first, second, third, fourth, fifth] = CATS;
  if (!first || !second || !third || !fourth || !fifth) throw new Error("There are too few cats in coco-bank.");
  await app.open();
  await app.drop(
    page.getByRole("button", { name: "New class from examples" }),
    [first, second, third].map(photographUpload),
  );
  const dialog = page.getByRole("dialog", { name: "A new class from examples" });
  const picker = new ExamplePicker(dialog);
  await expect(dialog).toContainText(`Picture 1 of 3: ${first.file}`);
  const all = dialog.getByRole("button", { name: "Use all 3 as proposed" });
  await expect(all).toBeEnabled({ timeout: 120_000 });
  await picker.ready();
  await dialog.getByRole("textbox", { name: "What does it show?" }).fill("zorblax");
  await page.screenshot({ path: info.outputPath("consensus.png") });

  // A box around the cat: the region lies in it, and overlaps the cat at least as well as a box would by chance.
  const truth = maskOfClass(first, "cat");
  const [from, to] = cornersOf(truth, first.width);
  const [start, end] = [await picker.placeOf(first, from), await picker.placeOf(first, to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(end.x, end.y, { steps: 4 });
  await page.mouse.up();
  await expect(dialog.getByText(/^Your region, \d+ percent/)).toHaveText(/./, { timeout: 60_000 });
  expect(await picker.overlap(first, "cat")).toBeGreaterThan(0.4);

  // A minus point takes away what lies there, a plus point adds it again.
  const boxed = await picker.region(first);
  const inside = placeInside(boxed, first.width);
  const place = await picker.placeOf(first, inside);
  await dialog.getByRole("radio", { name: "Take away" }).check({ force: true });
  await page.mouse.click(place.x, place.y);
  await expect.poll(async () => isIn(await picker.region(first), first, inside), { timeout: 60_000 }).toBe(false);
  const less = await picker.region(first);
  const missing = placeOnlyIn(boxed, less, first);
  if (!missing) throw new Error("Nothing was taken away.");
  await dialog.getByRole("button", { name: "Take back" }).click();
  await expect.poll(async () => isIn(await picker.region(first), first, inside), { timeout: 60_000 }).toBe(true);
  const outside = placeOnlyIn(new Uint8Array(boxed.length).fill(1), boxed, first);
  if (!outside) throw new Error("The region is the whole picture.");
  const beyond = await picker.placeOf(first, outside);
  await dialog.getByRole("radio", { name: "Add" }).check({ force: true });
  await page.mouse.click(beyond.x, beyond.y);
  await expect.poll(async () => isIn(await picker.region(first), first, outside), { timeout: 60_000 }).toBe(true);
  await page.screenshot({ path: info.outputPath("points.png") });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 380, height: 780 });
  await page.screenshot({ path: info.outputPath("points-narrow-dark.png") });
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: "light" });
  await dialog.getByRole("button", { name: "Take back" }).click();
  await dialog.getByRole("button", { name: "Use as example" }).click();
  await expect(page.getByRole("dialog")).toContainText(`Picture 2 of 3: ${second.file}`, { timeout: 120_000 });
  await page.getByRole("button", { name: "Use all 2 as proposed" }).click();
  await expect(page.getByRole("dialog")).toBeHidden({ timeout: 120_000 });
  expect(await references(app, "zorblax")).toBe(3);

  // Pasted on the class: its references say at once where the thing is.
  await copy(page, fourth);
  await app.classMenu("zorblax", "Paste an example");
  const more = new ExamplePicker(page.getByRole("dialog", { name: "Examples of zorblax" }));
  await more.ready();
  await more.dialog.getByRole("button", { name: "Use as example" }).click();
  await expect(more.dialog).toBeHidden({ timeout: 120_000 });
  // Picked, and pointed at by a click.
  const chooser = page.waitForEvent("filechooser");
  await app.classMenu("zorblax", "Show examples…");
  await (await chooser).setFiles([photographUpload(fifth)]);
  await more.ready();
  const cat = placeInside(maskOfClass(fifth, "cat"), fifth.width);
  const click = await more.placeOf(fifth, cat);
  await page.mouse.click(click.x, click.y);
  await expect(more.dialog.getByText(/^Proposal \d+ of (?!1 by)\d+/)).toHaveText(/./, { timeout: 60_000 });
  expect(isIn(await more.region(fifth), fifth, cat)).toBe(true);
  await more.dialog.getByRole("button", { name: "Use as example" }).click();
  await expect(more.dialog).toBeHidden({ timeout: 120_000 });

  // The name means nothing: only the photographs can tell what to look for.
  const { classes } = await app.snapshot();
  expect(classes[0]?.references.map(({ source }) => source)).toEqual(Array.from({ length: 5 }, () => "example"));
  await app.pick(SHOWN.map(photographUpload));
  await app.segmented();
  await page.screenshot({ path: info.outputPath("found.png") });

  // A region of the open photograph is carried to a class, and to where new classes begin.
  const shown = SHOWN[0];
  if (!shown) throw new Error("There is no cat in coco-dev.");
  const carried = async (at: Place, target: () => Promise<Place>): Promise<void> => {
    const region = await app.placeOf(at.x, at.y);
    await page.mouse.click(region.x, region.y);
    await page.mouse.move(region.x, region.y);
    await page.mouse.down();
    await page.mouse.move(region.x + 30, region.y + 10, { steps: 3 });
    const { x, y } = await target();
    await page.mouse.move(x, y, { steps: 4 });
    await page.mouse.up();
  };
  const middleOf = (locator: ReturnType<AppPage["classRow"]>) => async (): Promise<Place> => {
    const box = await locator.boundingBox();
    if (!box) throw new Error("There is nothing to drop on.");
    return { x: box.x + box.width / 2, y: box.y + Math.min(20, box.height / 2) };
  };
  const shownCat = placeInside(maskOfClass(shown, "cat"), shown.width);
  await carried(shownCat, middleOf(app.classRow("zorblax")));
  await expect(page.getByText("The region is zorblax now.")).toBeVisible();
  await expect.poll(() => references(app, "zorblax"), { timeout: 60_000 }).toBe(6);
  await app.segmented();
  await carried({ x: 20, y: 20 }, middleOf(page.locator("[data-drop-class=new]")));
  const naming = page.getByRole("dialog", { name: "This region is…" });
  await naming.getByRole("textbox", { name: "Class" }).fill("quuxel");
  await naming.getByRole("menuitem", { name: /New class “quuxel”/ }).click();
  await expect.poll(() => references(app, "quuxel"), { timeout: 60_000 }).toBe(1);

  // A picture of the gallery, dropped on a class, is one of its examples.
  await app.segmented();
  await app.openTab("Classes");
  await app.tiles.nth(1).locator("[draggable=true]").dragTo(app.classRow("zorblax"));
  await more.ready();
  await expect(more.dialog).toContainText(SHOWN[1]?.file ?? "");
  await more.dialog.getByRole("button", { name: "Use the whole picture" }).click();
  await expect.poll(() => references(app, "zorblax"), { timeout: 60_000 }).toBe(7);
});
