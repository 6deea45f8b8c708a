import { expect, test } from "../faulty-app.ts";
import { maskOfClass, overlapOf } from "../fixtures/coco.ts";
import { leadToLocalServices } from "../photo-services.ts";
import { photographsOf, photographUpload } from "../photographs.ts";

test("open photographs of a thing teach what they have in common, and it is found in a photograph of one's own", async ({
  faulty: app,
  page,
}, info) => {
  // The one service that is agreed to.
  app.allow(/^request to another origin: https:\/\/api\.openverse\.org\//);
  const cats = photographsOf("coco-bank", "cat", 0.06);
  const services = await leadToLocalServices(
    page,
    cats.map((photograph) => ({
      type: "image/jpeg",
      width: photograph.width,
      height: photograph.height,
      bytes: photographUpload(photograph).buffer,
    })),
  );
  try {
    await app.open();
    await app.addClasses(["zorblax"]);
    await app.classMenu("zorblax", "Search open photographs…");
    const dialog = page.getByRole("dialog", { name: "Open photographs of zorblax" });
    await dialog.getByRole("checkbox", { name: "Openverse" }).check();
    await dialog.getByRole("button", { name: "Agree and search" }).click();
    const photos = dialog.getByRole("list", { name: "Photographs" }).getByRole("listitem");
    await expect(photos).toHaveCount(cats.length);
    for (let at = 0; at < cats.length; at += 1) await photos.nth(at).getByRole("button").click();
    await page.screenshot({ path: info.outputPath("photos.png") });
    await dialog.getByRole("button", { name: `Use these ${cats.length}` }).click();
    await expect(dialog).toBeHidden({ timeout: 120_000 });
  } finally {
    await services.close();
  }
  await expect(app.classRow("zorblax")).toContainText(`${cats.length} references`, { timeout: 120_000 });
  const [own] = photographsOf("coco-dev", "cat", 0.15);
  if (!own) throw new Error("There is no cat in coco-dev.");
  await app.pick([photographUpload(own)]);
  await app.slide("How sure it must be", 0);
  await app.segmented();
  await page.screenshot({ path: info.outputPath("found.png") });
  const { both, either } = overlapOf(Uint8Array.from(await app.found("zorblax"), Number), maskOfClass(own, "cat"));
  process.stdout.write(`overlap with the cat: ${(both / either).toFixed(3)}\n`);
  expect(both / either).toBeGreaterThan(0.1);
});
