import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import type { ClassesFile } from "../../src/export/classes-json.ts";
import { expect, test, type Upload } from "../app.ts";
import { decodePng } from "../decode-png.ts";
import { sceneNamed, sceneUpload } from "../scenes.ts";
import { unzip } from "../unzip.ts";

/** The picture redrawn at another size, so that it is larger than the engine works with. */
async function resized(page: Page, picture: Upload, width: number, height: number): Promise<Upload> {
  const base64 = await page.evaluate(
    async ({ base64, mimeType, width, height }) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: mimeType }));
      const canvas = new OffscreenCanvas(width, height);
      canvas.getContext("2d")?.drawImage(bitmap, 0, 0, width, height);
      const png = new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
      return btoa(Array.from(png, (byte) => String.fromCharCode(byte)).join(""));
    },
    { base64: picture.buffer.toString("base64"), mimeType: picture.mimeType, width, height },
  );
  return { name: "large garden.png", mimeType: "image/png", buffer: Buffer.from(base64, "base64") };
}

async function save(page: Page, entry: string): Promise<{ name: string; content: Buffer }> {
  const download = page.waitForEvent("download", { timeout: 120_000 });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("menuitem", { name: entry }).click();
  const file = await download;
  return { name: file.suggestedFilename(), content: await readFile(await file.path()) };
}

test("the saved mask has the picture's own size, and its values are the classes that its JSON names", async ({
  app,
  page,
}) => {
  await app.open();
  const picture = await resized(page, sceneUpload(sceneNamed("garden")), 1500, 1125);
  await app.pick([picture]);
  await app.addClasses(["sunflower", "dog"]);
  await page.getByLabel("Colour of dog").fill("#0a64c8");
  await app.slide("How sure it must be", 0);
  const shares = await app.shares();

  const archive = await save(page, "Save mask and class names");
  expect(archive.name).toBe("large garden-classes.zip");
  const files = unzip(archive.content);
  expect([...files.keys()]).toEqual(["large garden-classes.png", "large garden-classes.json"]);
  const mask = decodePng(files.get("large garden-classes.png") ?? Buffer.alloc(0));
  expect(mask).toMatchObject({ width: 1500, height: 1125, colourType: 3, depth: 8 });

  const json = JSON.parse(files.get("large garden-classes.json")?.toString("utf8") ?? "") as ClassesFile;
  const { classes } = await app.snapshot();
  expect(json).toMatchObject({ version: 1, picture: "large garden.png", width: 1500, height: 1125 });
  expect(json.classes.map(({ index, name, colour }) => ({ index, name, colour }))).toEqual([
    { index: 0, name: "other", colour: "#000000" },
    ...classes.map(({ name, colour }, place) => ({ index: place + 1, name, colour })),
  ]);
  expect(json.classes.map(({ colour }) => colour)).toContain("#0a64c8");
  expect(mask.palette).toEqual(json.classes.map(({ colour }) => colour));

  const pixels = Array.from({ length: json.classes.length }, () => 0);
  for (const value of mask.data) pixels[value] = (pixels[value] ?? 0) + 1;
  expect(pixels).toHaveLength(json.classes.length);
  for (const { index, name, share } of json.classes) {
    expect(share).toBeCloseTo(shares[name] ?? -1, 5);
    // The mask is the working map enlarged: edges round, areas stay.
    expect((pixels[index] ?? 0) / mask.data.length).toBeCloseTo(share, 2);
  }
  expect(pixels.filter((count) => count > 0).length).toBeGreaterThan(1);
  const { data } = await app.classMap();
  expect(mask.data.findIndex((value, at) => value !== data[at])).toBe(-1);

  const alone = await save(page, "Save the mask alone (PNG)");
  expect(alone.name).toBe("large garden-classes.png");
  expect(decodePng(alone.content).data.findIndex((value, at) => value !== mask.data[at])).toBe(-1);
});

test("the masks of all pictures are saved in one archive", async ({ app, page }) => {
  await app.open();
  const scene = sceneUpload(sceneNamed("garden"));
  await app.pick([await resized(page, scene, 300, 200), await resized(page, scene, 200, 300)]);
  await app.addClasses(["sunflower"]);
  await app.segmented();
  const archive = await save(page, "Save the masks of all pictures");
  const files = unzip(archive.content);
  expect([...files.keys()].toSorted()).toEqual([
    "large garden 2-classes.json",
    "large garden 2-classes.png",
    "large garden-classes.json",
    "large garden-classes.png",
  ]);
  const sizeOf = (name: string): readonly number[] => {
    const { width, height } = decodePng(files.get(name) ?? Buffer.alloc(0));
    return [width, height];
  };
  expect(sizeOf("large garden-classes.png")).toEqual([300, 200]);
  expect(sizeOf("large garden 2-classes.png")).toEqual([200, 300]);
});
