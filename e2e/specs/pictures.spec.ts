import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, type AppPage } from "../app.ts";
import { colourAt, decodePng } from "../decode-png.ts";
import { goodPictures, svgDrawings } from "../fixtures/pictures/good-pictures.ts";
import { PATTERN_COLOURS } from "../fixtures/pictures/pattern.ts";
import { asUpload } from "../fixtures/pictures/uploads.ts";

const good = await goodPictures();

function goodNamed(name: string) {
  const picture = good.find((entry) => entry.name === name);
  if (!picture) throw new Error(`There is no picture ${name}.`);
  return picture;
}

/** Colours in the middle of the shown picture's quarters: top left, top right, bottom left, bottom right. */
async function quarters(app: AppPage): Promise<readonly (readonly number[])[]> {
  const shot = decodePng(await app.canvasShot());
  const { pictures, current } = await app.snapshot();
  const { originalWidth = 1, originalHeight = 1 } = pictures.find(({ name }) => name === current) ?? {};
  const scale = Math.min(shot.width / originalWidth, shot.height / originalHeight);
  const [width, height] = [(originalWidth * scale) / shot.width, (originalHeight * scale) / shot.height];
  // A quarter off the middle: inside the picture even where it is fitted with a margin.
  return [-1, 1].flatMap((down) =>
    [-1, 1].map((right) => colourAt(shot, 0.5 + (right * width) / 5, 0.5 + (down * height) / 5)),
  );
}

/** The name of the pattern's colour that is nearest. */
function nearestColour(colour: readonly number[]): string {
  const distance = (other: readonly number[]): number =>
    other.reduce((sum, value, channel) => sum + Math.abs(value - (colour[channel] ?? 0)), 0);
  const names = ["red", "green", "blue", "yellow"];
  const distances = PATTERN_COLOURS.map((entry) => distance(entry));
  return names[distances.indexOf(Math.min(...distances))] ?? "";
}

test("pictures are picked, dropped and pasted, and stay in that order", async ({ app, page }) => {
  await app.open();
  await app.pick([asUpload(goodNamed("pattern.png")), asUpload(goodNamed("pattern.webp"))]);
  await expect(app.tiles).toHaveCount(2);
  await app.drop(page.getByRole("main"), [asUpload(goodNamed("pattern.bmp"))]);
  await expect(app.tiles).toHaveCount(3);
  await app.paste([asUpload(goodNamed("pattern.avif"))]);
  await expect(app.tiles).toHaveCount(4);
  await app.segmented();
  const { pictures, current } = await app.snapshot();
  expect(pictures.map(({ name }) => name)).toEqual(["pattern.png", "pattern.webp", "pattern.bmp", "pattern.avif"]);
  expect(pictures.map(({ state }) => state)).toEqual(["done", "done", "done", "done"]);
  expect(current).toBe("pattern.avif");
  expect((await quarters(app)).map((colour) => nearestColour(colour))).toEqual(["red", "green", "blue", "yellow"]);
});

test("a dropped folder is looked through for pictures, folders in it too", async ({ app, page }, info) => {
  const folder = info.outputPath("holiday");
  await mkdir(join(folder, "more"), { recursive: true });
  await writeFile(join(folder, "b.png"), goodNamed("pattern.png").bytes);
  await writeFile(join(folder, "a.jpg"), goodNamed("pattern.jpg").bytes);
  await writeFile(join(folder, "notes.txt"), "no picture");
  await writeFile(join(folder, "more", "c.webp"), goodNamed("pattern.webp").bytes);

  await app.open();
  // Only the browser itself can drop a folder: scripts cannot make one.
  const client = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await client.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  }
  await expect(app.tiles).toHaveCount(3);
  const { pictures } = await app.snapshot();
  expect(pictures.map(({ name }) => name)).toEqual(["a.jpg", "b.png", "c.webp"]);
});

test("a photograph that was taken sideways stands upright", async ({ app }) => {
  await app.open();
  const turned = goodNamed("turned.jpg");
  await app.pick([asUpload(turned)]);
  await app.segmented();
  const [picture] = (await app.snapshot()).pictures;
  expect(picture).toMatchObject({ originalWidth: turned.width, originalHeight: turned.height });
  // Turned a quarter clockwise: what was at the bottom left is at the top left.
  expect((await quarters(app)).map((colour) => nearestColour(colour))).toEqual(["blue", "red", "yellow", "green"]);
});

test("drawings are shown without running their scripts or loading what they refer to", async ({ app }) => {
  const foreign = "http://foreign.invalid";
  await app.open();
  const drawings = svgDrawings(foreign);
  await app.pick(drawings.map((drawing) => asUpload(drawing)));
  await expect(app.tiles).toHaveCount(drawings.length);
  await app.segmented();
  const { pictures } = await app.snapshot();
  for (const { name, state } of pictures) expect([name, state]).toEqual([name, "done"]);
  expect(app.requests.filter((address) => address.startsWith(foreign))).toEqual([]);
});

test("pictures are gone through by keys, removed, and brought back where they were", async ({ app, page }) => {
  await app.open();
  const names = ["pattern.png", "pattern.webp", "pattern.bmp"];
  await app.pick(names.map((name) => asUpload(goodNamed(name))));
  await expect(app.tiles).toHaveCount(3);
  const current = async (): Promise<string | null> => (await app.snapshot()).current;
  expect(await current()).toBe("pattern.png");

  await app.canvas.focus();
  await page.keyboard.press("]");
  expect(await current()).toBe("pattern.webp");
  await page.keyboard.press("[");
  await page.keyboard.press("[");
  expect(await current()).toBe("pattern.bmp");
  await app.tile("pattern.webp").click();
  expect(await current()).toBe("pattern.webp");

  await page.keyboard.press("Delete");
  await expect(app.tiles).toHaveCount(2);
  expect(await current()).toBe("pattern.bmp");
  await page.getByRole("region", { name: "Messages" }).getByRole("button", { name: "Undo" }).click();
  await expect(app.tiles).toHaveCount(3);
  expect((await app.snapshot()).pictures.map(({ name }) => name)).toEqual(names);
  expect(await current()).toBe("pattern.webp");

  await page.keyboard.press("Delete");
  await expect(app.tiles).toHaveCount(2);
  await page.keyboard.press("Control+z");
  await expect(app.tiles).toHaveCount(3);
  expect((await app.snapshot()).pictures.map(({ name }) => name)).toEqual(names);
});
