import { expect, test, type AppPage } from "../app.ts";
import { countColours, decodePng, differingShare } from "../decode-png.ts";
import { allScenes, overlap, sceneNamed, truthOf } from "../scenes.ts";

const garden = sceneNamed("garden");

async function openGarden(app: AppPage): Promise<void> {
  await app.page.getByRole("button", { name: garden.name }).click();
  await app.segmented();
}

test("before there are pictures the page says how to begin and offers every sample scene", async ({ app, page }) => {
  await app.open();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(
    page
      .getByRole("main")
      .getByRole("listitem")
      .filter({ hasText: /Drop a photo/ }),
  ).toBeVisible();
  await expect(page.getByRole("button", { name: "Choose pictures" })).toBeVisible();
  const scenes = allScenes();
  expect(scenes.length).toBeGreaterThanOrEqual(6);
  for (const scene of scenes) {
    const button = page.getByRole("button", { name: scene.name });
    await button.scrollIntoViewIfNeeded();
    await expect(button.locator("img")).toHaveJSProperty("complete", true);
    expect(await button.locator("img").evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(scene.width);
  }
});

test("a scene that is clicked is named, painted, and bare again while Space is held", async ({ app, page }) => {
  await app.open();
  await openGarden(app);
  for (const name of garden.suggest) await expect(app.classRow(name)).toBeVisible();

  const shares = await app.shares();
  expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
  const truth = truthOf(garden, "sunflower");
  // Well above what naming every place a sunflower would give.
  const everywhere = truth.filter(Boolean).length / truth.length;
  expect(overlap(await app.found("sunflower"), truth)).toBeGreaterThan(everywhere + 0.15);

  await page.mouse.move(1, 1);
  await app.canvas.focus();
  // A first key makes the ring of the focus visible, which is in every picture then.
  await page.keyboard.press("Space");
  const painted = await app.canvasShot();
  expect(countColours(decodePng(painted))).toBeGreaterThan(500);
  await page.keyboard.down("Space");
  const bare = await app.canvasShot();
  expect(countColours(decodePng(bare))).toBeGreaterThan(500);
  expect(differingShare(painted, bare)).toBeGreaterThan(0.02);
  await page.keyboard.up("Space");
  expect(differingShare(painted, await app.canvasShot())).toBeLessThan(0.001);
});

test("a region says its class, how sure it is and the runner-up, and the inspector says why", async ({ app, page }) => {
  await app.open();
  await openGarden(app);
  const { regions } = await app.segmented();
  const { classes } = await app.snapshot();
  const nameOf = (id: string | null): string => classes.find((entry) => entry.id === id)?.name ?? "Other";
  const region = regions.filter(({ classId }) => classId !== null).sort((a, b) => b.area - a.area)[0];
  if (!region) throw new Error("Nothing was named.");

  await app.pointAt(region.index);
  await expect(app.hoverLabel).toContainText(nameOf(region.classId));
  await expect(app.hoverLabel).toContainText(`${Math.round(region.confidence * 100)}%`);
  if (region.runnerUp) await expect(app.hoverLabel).toContainText(`Next best: ${nameOf(region.runnerUp)}`);

  await page.mouse.down();
  await page.mouse.up();
  const inspector = page.getByRole("tabpanel", { name: "Inspector" });
  await expect(inspector.getByRole("heading", { level: 2 })).toHaveText(nameOf(region.classId));
  await expect(inspector.getByText(region.score.toFixed(3))).toBeVisible();

  const candidates = inspector
    .getByRole("list")
    .filter({ hasText: nameOf(region.classId) })
    .first();
  await expect(candidates.getByRole("listitem").first()).toBeVisible();
  const scores = (await candidates.getByRole("listitem").allInnerTexts()).map((text) =>
    Number(/-?\d\.\d\d(?!\d)/.exec(text)?.[0]),
  );
  expect(scores.length).toBeGreaterThanOrEqual(3);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));

  const references = inspector.getByRole("img");
  await expect(references.first()).toBeVisible();
  for (const image of await references.all()) {
    await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBeGreaterThan(0);
  }

  await page.getByRole("button", { name: "Let go" }).click();
  await page.mouse.move(1, 1);
  await expect(inspector.getByText("Point at a region")).toBeVisible();
});

test("WebGPU names the same pixels as WASM does, by the starter model", async ({ app, page }) => {
  // The only GPU that a test can count on is imitated by the processor: one run of the model takes it minutes.
  test.setTimeout(600_000);
  await app.open({ device: "wasm" });
  await openGarden(app);
  await app.slide("How sure it must be", 0);
  const onWasm = await app.shares();
  const wasmMap = await app.classMap();

  // The same browser profile: classes and picture are still there, and are segmented anew.
  await app.open({ device: "webgpu" });
  const { status } = await app.snapshot();
  expect(status?.device).toBe("webgpu");
  await expect(page.getByRole("contentinfo")).toContainText("WebGPU");
  const { timings } = await app.segmented({ timeout: 400_000 });
  expect(timings.describe).toBeGreaterThan(0);
  const onGpu = await app.shares();
  for (const [name, share] of Object.entries(onWasm)) expect(onGpu[name]).toBeCloseTo(share, 1.5);
  const gpuMap = await app.classMap();
  const equal = gpuMap.data.filter((value, at) => value === wasmMap.data[at]).length;
  expect(equal / gpuMap.data.length).toBeGreaterThan(0.98);

  await app.canvas.focus();
  const painted = await app.canvasShot();
  expect(countColours(decodePng(painted))).toBeGreaterThan(500);
  await page.keyboard.down("Space");
  expect(differingShare(painted, await app.canvasShot())).toBeGreaterThan(0.02);
  await page.keyboard.up("Space");
});

test("left to itself, the app says why it does not use a graphics device that is only imitated", async ({
  app,
  page,
}) => {
  await app.open({ device: "auto" });
  const { status } = await app.snapshot();
  expect(status).toMatchObject({ device: "wasm", reason: "software-adapter" });
  await expect(page.getByRole("contentinfo")).toContainText(
    /WASM, \d+ threads?: the graphics device is only imitated in software/,
  );
});
