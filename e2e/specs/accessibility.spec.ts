import AxeBuilder from "@axe-core/playwright";
import { expect, test, type AppPage } from "../app.ts";
import { sceneNamed, sceneUpload } from "../scenes.ts";

const garden = sceneUpload(sceneNamed("garden"));
const LOOKS = [
  { colorScheme: "light", width: 1280, height: 800 },
  { colorScheme: "dark", width: 1280, height: 800 },
  { colorScheme: "light", width: 380, height: 740 },
  { colorScheme: "dark", width: 380, height: 740 },
] as const;

/** Whatever axe finds on the page as it stands, light and dark, wide and narrow. */
async function findings({ page }: AppPage, state: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { colorScheme, width, height } of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height });
    // Colours and layout settle with the next frames.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const { violations, passes } = await new AxeBuilder({ page }).analyze();
    expect(passes.length).toBeGreaterThan(10);
    for (const { id, help, nodes } of violations) {
      for (const node of nodes) {
        found.push(`${state}, ${colorScheme}, ${width} px: ${id} (${help}) at ${node.target.join(" ")}: ${node.html}`);
      }
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(LOOKS[0]);
  return found;
}

test("axe finds nothing in the empty page, nor in any dialog that opens from it", async ({ app, page }) => {
  await app.open();
  expect(await findings(app, "empty")).toEqual([]);

  const dialog = page.getByRole("dialog");
  for (const name of ["Models and settings", "Keyboard shortcuts", "Find a command…"]) {
    await page.getByRole("button", { name, exact: true }).first().click();
    await expect(dialog).toBeVisible();
    expect(await findings(app, name)).toEqual([]);
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
  }
});

test("axe finds nothing in a segmented picture, the inspector and the dialog of examples", async ({ app, page }) => {
  await app.open();
  await app.pick([garden]);
  await app.addClasses(["sunflower", "dog", "zorblax"]);
  await app.slide("How sure it must be", 0);
  const { regions } = await app.segmented();
  await page
    .getByRole("button", { name: /references/ })
    .first()
    .click();
  expect(await findings(app, "segmented")).toEqual([]);

  const region = regions.find(({ classId }) => classId !== null);
  if (!region) throw new Error("Nothing was named.");
  await app.pointAt(region.index);
  await page.mouse.down();
  await page.mouse.up();
  await expect(page.getByRole("tabpanel", { name: "Inspector" }).getByRole("img").first()).toBeVisible();
  expect(await findings(app, "inspector")).toEqual([]);

  await app.canvas.focus();
  await page.keyboard.press("m");
  await expect(
    page
      .getByRole("region", { name: "Heat map" })
      .getByText(/^-?\d\.\d\d$/)
      .first(),
  ).toBeVisible();
  expect(await findings(app, "heat map")).toEqual([]);
  await app.canvas.focus();
  await page.keyboard.press("m");
  await page.keyboard.press("t");
  await expect(page.getByRole("dialog", { name: "This region is…" })).toBeVisible();
  expect(await findings(app, "naming by hand")).toEqual([]);
  await page.keyboard.press("Escape");

  await app.openTab("Classes");
  await app.drop(page.getByRole("button", { name: "New class from examples" }), [garden]);
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText(/^Proposal \d+ of \d+/)).toHaveText(/./, { timeout: 120_000 });
  expect(await findings(app, "examples")).toEqual([]);
  await page.keyboard.press("Escape");

  await app.classMenu("dog", "Rename…");
  await expect(dialog).toBeVisible();
  expect(await findings(app, "rename")).toEqual([]);
});

test("the whole way can be gone by the keyboard alone", async ({ app, page }) => {
  await app.open();
  /** Presses Tab until the focus is where it is wanted. */
  const tabTo = async (role: Parameters<typeof page.getByRole>[0], name: string | RegExp): Promise<void> => {
    const target = page.getByRole(role, { name, exact: true });
    for (let steps = 0; steps < 60; steps += 1) {
      await page.keyboard.press("Tab");
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`Tab never comes to ${String(name)}.`);
  };

  const selected = (): Promise<number | null> => page.evaluate(() => window.lookalike.store.getState().selected);

  // Asked for early: the browser must have heard of it when Enter comes.
  const chooser = page.waitForEvent("filechooser");
  await tabTo("button", "Choose pictures");
  await page.keyboard.press("Enter");
  await (await chooser).setFiles([garden]);
  await expect(app.tiles).toHaveCount(1);

  await page.keyboard.press("/");
  await expect(page.getByRole("combobox", { name: "What is in your pictures?" })).toBeFocused();
  await page.keyboard.type("sunflower, dog");
  await page.keyboard.press("Enter");
  await expect(app.classRow("dog")).toBeVisible({ timeout: 120_000 });

  await tabTo("slider", "How sure it must be");
  await page.keyboard.press("Home");
  await expect.poll(async () => (await app.snapshot()).threshold).toBe(0);
  await page.keyboard.press("ArrowRight");
  await expect.poll(async () => (await app.snapshot()).threshold).toBe(0.01);
  await app.segmented();

  await tabTo("application", /^garden\.webp\./);
  await page.keyboard.press("n");
  const inspector = page.getByRole("tabpanel", { name: "Inspector" });
  await expect(inspector.getByRole("heading", { level: 2 })).toBeVisible();
  const first = await selected();
  await page.keyboard.press("n");
  await expect.poll(selected).not.toBe(first);
  await page.keyboard.press("p");
  await expect.poll(selected).toBe(first);
  await page.keyboard.press("Escape");
  await expect.poll(selected).toBeNull();

  const download = page.waitForEvent("download", { timeout: 120_000 });
  await page.keyboard.press("Control+s");
  expect((await download).suggestedFilename()).toBe("garden-classes.zip");
});
