import AxeBuilder from "@axe-core/playwright";
import type { Locator } from "@playwright/test";
import { expect, type FaultyApp, fixtureModel, test } from "../faulty-app.ts";
import { HOSTILE_TITLE } from "../fixtures/photo-services/server.ts";
import { leadToLocalServices, type LocalPhotoServices } from "../photo-services.ts";

let services: LocalPhotoServices;

test.beforeEach(async ({ faulty: app }) => {
  services = await leadToLocalServices(app.page);
  // The services are no strangers here; any other host still is.
  app.allow(/^request to another origin: https:\/\/(?:api\.openverse|commons\.wikimedia|upload\.wikimedia)\.org\//);
  app.allow(/Failed to load resource: the server responded with a status of (?:429|500)/);
  await app.openWith("device=wasm");
  await app.ready();
  await app.useModel(fixtureModel("tiny-features.onnx"));
});

test.afterEach(async () => {
  await services.close();
});

/** Adds a class and opens the search for its photographs. */
async function openSearch(app: FaultyApp, name: string): Promise<Locator> {
  await app.addClasses([name]);
  await app.classMenu(name, "Search open photographs…");
  return app.page.getByRole("dialog", { name: `Open photographs of ${name}` });
}

async function agreeTo(dialog: Locator, names: readonly string[]): Promise<void> {
  for (const name of names) await dialog.getByRole("checkbox", { name }).check();
  await dialog.getByRole("button", { name: "Agree and search" }).click();
}

test("nothing is sent before the yes, which says what goes to whom, is remembered and can be taken back", async ({
  faulty: app,
}) => {
  const { page } = app;
  const dialog = await openSearch(app, "dog");
  await expect(dialog).toContainText("the words “dog” are sent");
  await expect(dialog).toContainText("api.openverse.org");
  await expect(dialog).toContainText("commons.wikimedia.org");
  const yes = dialog.getByRole("button", { name: "Agree and search" });
  await expect(yes).toBeDisabled();
  expect(services.asked).toEqual([]);

  await agreeTo(dialog, ["Wikimedia Commons"]);
  await expect(dialog.getByRole("list", { name: "Photographs" }).getByRole("listitem")).toHaveCount(8);
  expect(new Set(services.asked)).toEqual(new Set(["commons.wikimedia.org", "upload.wikimedia.org"]));
  const searches = services.requests.filter((path) => path.startsWith("/w/api.php"));
  expect(searches.map((path) => new URL(path, services.origin).searchParams.get("gsrsearch"))).toEqual([
    "filetype:bitmap dog",
  ]);
  await page.keyboard.press("Escape");

  // Remembered over a reload, for other names; and the same name is not searched twice.
  await page.reload();
  await app.ready();
  const before = services.asked.length;
  await app.classMenu("dog", "Search open photographs…");
  await expect(dialog.getByRole("listitem")).toHaveCount(8);
  expect(services.asked).toHaveLength(before);
  await page.keyboard.press("Escape");

  await app.openModels();
  const settings = page.getByRole("dialog", { name: "Models and settings" });
  await expect(settings.getByRole("checkbox", { name: "Wikimedia Commons" })).toBeChecked();
  await expect(settings.getByRole("checkbox", { name: "Openverse" })).not.toBeChecked();
  await settings.getByRole("checkbox", { name: "Wikimedia Commons" }).uncheck();
  await app.closeDialog();
  await app.classMenu("dog", "Search open photographs…");
  await expect(yes).toBeVisible();
  expect(services.asked).toHaveLength(before);
});

test("chosen photographs become references that keep author, licence and link", async ({ faulty: app }) => {
  const { page } = app;
  const dialog = await openSearch(app, "zorblax");
  await agreeTo(dialog, ["Openverse", "Wikimedia Commons"]);
  const photos = dialog.getByRole("list", { name: "Photographs" }).getByRole("listitem");
  await expect(photos).toHaveCount(12);
  const scene = photos.filter({ hasText: "Scene 1" });
  await expect(scene).toContainText("Ann 1, CC BY-SA 4.0, Openverse");
  await expect(scene.getByRole("link", { name: "Openverse" })).toHaveAttribute("href", "https://example.org/scene/1");
  await scene.getByRole("button").click();
  await photos.filter({ hasText: "Scene 2" }).getByRole("button").click();
  await dialog.getByRole("button", { name: "Use these 2" }).click();
  await expect(dialog).toBeHidden();

  const row = app.classRow("zorblax");
  await expect(row).toContainText("2 references", { timeout: 120_000 });
  const [entry] = (await app.snapshot()).classes;
  expect(
    entry?.references.map(({ source, attribution }) => [source, attribution?.author, attribution?.licence]),
  ).toEqual([
    ["photo-search", "Ann 1", "CC BY-SA 4.0"],
    ["photo-search", "Ann 2", "CC BY-SA 4.0"],
  ]);
  await row.getByRole("button", { name: /references/ }).click();
  const references = page.getByRole("list", { name: "References of zorblax" });
  await expect(references.getByRole("link", { name: "CC BY-SA 4.0" }).first()).toHaveAttribute(
    "href",
    "https://creativecommons.org/licenses/by-sa/4.0/",
  );
  await page.reload();
  await app.ready();
  await expect(row).toContainText("2 references");
});

test("a service that asks to wait is named and left alone, and a search can be stopped", async ({ faulty: app }) => {
  const { page } = app;
  services.behaviour = "throttle";
  const dialog = await openSearch(app, "dog");
  await agreeTo(dialog, ["Openverse"]);
  await expect(dialog.getByRole("alert")).toContainText("Openverse asks to wait 30 seconds.");
  expect(services.asked).toHaveLength(1);
  services.behaviour = "good";
  await dialog.getByRole("button", { name: "Try again" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Openverse asks to wait");
  expect(services.asked).toHaveLength(1);
  await page.keyboard.press("Escape");

  await app.openModels();
  const settings = page.getByRole("dialog", { name: "Models and settings" });
  await settings.getByRole("checkbox", { name: "Openverse" }).uncheck();
  await settings.getByRole("checkbox", { name: "Wikimedia Commons" }).check();
  await app.closeDialog();
  services.behaviour = "silent";
  await app.classMenu("dog", "Search open photographs…");
  await expect(dialog.getByRole("progressbar")).toBeVisible();
  await dialog.getByRole("button", { name: "Stop" }).click();
  await expect(dialog).toBeHidden();
  expect(await app.notices()).toEqual([]);
});

test("without a network it says so, and nothing else is touched", async ({ faulty: app }) => {
  const { page } = app;
  app.allow(/net::ERR_INTERNET_DISCONNECTED/);
  await page.route(/openverse\.org|wikimedia\.org/, (route) => route.abort("internetdisconnected"));
  const dialog = await openSearch(app, "dog");
  await agreeTo(dialog, ["Openverse"]);
  await expect(dialog.getByRole("alert")).toContainText("Openverse could not be reached.");
  await expect(dialog.getByRole("alert")).toContainText("Everything else works offline.");
  await page.keyboard.press("Escape");
  expect((await app.snapshot()).classes[0]?.references.length).toBeGreaterThan(0);
});

test("hostile answers stay text, and pictures that are none are left out", async ({ faulty: app }) => {
  const { page } = app;
  services.behaviour = "hostile";
  const dialog = await openSearch(app, "dog");
  await agreeTo(dialog, ["Openverse"]);
  const photos = dialog.getByRole("list", { name: "Photographs" }).getByRole("listitem");
  await expect(photos).toHaveCount(7);
  await expect(photos.first()).toContainText(HOSTILE_TITLE.split("\u202e")[0] ?? "?");
  expect(await page.locator("#root img[src='x'], a[href^='javascript']").count()).toBe(0);
  expect(await page.title()).not.toContain("broken in");
  await page.keyboard.press("Escape");

  for (const behaviour of ["wrong-types", "lie"] as const) {
    services.behaviour = behaviour;
    await app.addClasses([`cat ${behaviour}`]);
    await app.classMenu(`cat ${behaviour}`, "Search open photographs…");
    const next = page.getByRole("dialog");
    await expect(next).toContainText("No photograph was found");
    await page.keyboard.press("Escape");
  }
});

test("axe finds nothing in the question, the photographs and their references", async ({ faulty: app }) => {
  const { page } = app;
  const findings = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      for (const width of [1280, 380]) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.setViewportSize({ width, height: 760 });
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
        const { violations } = await new AxeBuilder({ page }).analyze();
        for (const { id, nodes } of violations) found.push(`${colorScheme} ${width}: ${id} at ${nodes[0]?.html ?? ""}`);
        const sticksOut = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (sticksOut > 0) found.push(`${colorScheme} ${width}: ${sticksOut} px too wide`);
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    return found;
  };
  const dialog = await openSearch(app, "dog");
  await expect(dialog.getByRole("checkbox").first()).toBeVisible();
  expect(await findings()).toEqual([]);
  await agreeTo(dialog, ["Openverse", "Wikimedia Commons"]);
  const photos = dialog.getByRole("list", { name: "Photographs" }).getByRole("listitem");
  await expect(photos).toHaveCount(12);
  await photos.first().getByRole("button").click();
  expect(await findings()).toEqual([]);
  await dialog.getByRole("button", { name: "Use this photograph" }).click();
  const row = app.classRow("dog");
  await expect(row).toContainText("6 references", { timeout: 120_000 });
  await row.getByRole("button", { name: /references/ }).click();
  await expect(row.getByRole("link").first()).toBeVisible();
  expect(await findings()).toEqual([]);
});
