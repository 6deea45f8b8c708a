import { expect, test } from "../app.ts";
import { sceneNamed, sceneUpload } from "../scenes.ts";

const garden = sceneNamed("garden");

for (const device of ["wasm", "webgpu"] as const) {
  test(`a heat map shows where a class is, with numbers, and follows the pointer, on ${device}`, async ({
    app,
    page,
  }) => {
    await app.open({ device });
    await app.pick([sceneUpload(garden)]);
    await app.addClasses(["sunflower", "dog"]);
    const { regions, classes } = await app.segmented();
    const sunflower = regions.find(({ classId }) => classId === classes[0]);
    if (!sunflower) throw new Error("The scene has sunflowers.");
    // With the focus where it will be in the end: its ring is part of the shot.
    await app.canvas.focus();
    const labels = await app.canvasShot();

    await page.getByRole("button", { name: "Show a heat map" }).click();
    const legend = page.getByRole("region", { name: "Heat map" });
    await expect(legend.getByRole("heading", { name: "Like sunflower" })).toBeVisible();
    const value = legend.getByRole("definition").first();
    await app.pointAt(sunflower.index);
    await expect(value).toHaveText(/^-?\d\.\d\d$/);
    const inside = Number(await value.textContent());
    // The sky.
    const sky = await app.placeOf(300, 40);
    await page.mouse.move(sky.x, sky.y, { steps: 3 });
    await expect(value).not.toHaveText(inside.toFixed(2));
    expect(Number(await value.textContent())).toBeLessThan(inside);
    const heat = await app.canvasShot();
    expect(heat.equals(labels)).toBe(false);

    await legend.getByRole("button", { name: "Compare with…" }).click();
    await page.getByRole("menuitem", { name: "What is under the pointer" }).click();
    await app.pointAt(sunflower.index);
    await expect(legend.getByRole("heading", { name: "Like the patch under the pointer" })).toBeVisible();
    // A patch is like itself: the pointer is near its centre or between it and a neighbour of the same thing.
    await expect(async () => {
      expect(Number(await value.textContent())).toBeGreaterThan(0.3);
    }).toPass();

    await app.canvas.focus();
    await page.keyboard.press("m");
    await expect(legend).toBeHidden();
    await page.mouse.move(4, 4);
    expect((await app.canvasShot()).equals(labels)).toBe(true);
  });
}
