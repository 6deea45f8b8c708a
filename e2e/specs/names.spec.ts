import AxeBuilder from "@axe-core/playwright";
import type { AppPage } from "../app.ts";
import { expect, type FaultyApp, test } from "../faulty-app.ts";

const field = ({ page }: AppPage) => page.getByRole("combobox", { name: "What is in your pictures?" });

/** Provenances of a class's references, with the sub-category of those that have one. */
async function referencesOf(app: AppPage, name: string): Promise<readonly string[]> {
  const { classes } = await app.snapshot();
  const entry = classes.find((one) => one.name === name);
  return (entry?.references ?? []).map(({ provenance, subcategory }) =>
    [provenance.replaceAll("\ufe0f", ""), ...(subcategory === null ? [] : [`(${subcategory})`])].join(" "),
  );
}

/** Opens the app without its model: names and pictograms need none, and nothing waits for one. */
async function openWithoutModel(app: FaultyApp): Promise<void> {
  await app.page.route("**/models/starter/**", (route) => route.abort());
  app.allow(/Failed to load resource: net::ERR_FAILED/);
  await app.openWith("device=wasm");
  await settled(app);
}

async function settled(app: FaultyApp): Promise<void> {
  await expect.poll(async () => (await app.snapshot()).phase, { timeout: 120_000 }).toBe("no-model");
}

test("a misspelt name says what it took, and other pictograms can be chosen instead, or none", async ({
  faulty: app,
  page,
}) => {
  await openWithoutModel(app);
  await app.addClasses(["frisbe"]);
  const row = app.classRow("frisbe");
  await expect(row).toContainText("“frisbe” is not known: took “frisbee”.");
  await expect.poll(() => referencesOf(app, "frisbe")).toEqual(["🥏 flying disc"]);

  await row.getByRole("button", { name: "Change the pictograms of frisbe" }).click();
  const dialog = page.getByRole("dialog", { name: "Pictograms of frisbe" });
  const search = dialog.getByRole("textbox", { name: "Find by any word" });
  await expect(search).toHaveValue("frisbee");
  await expect(dialog.getByRole("button", { name: "flying disc" })).toHaveAttribute("aria-pressed", "true");
  await search.fill("ball");
  await dialog.getByRole("button", { name: "basketball", exact: true }).click();
  await dialog.getByRole("button", { name: "flying disc" }).click();
  await dialog.getByRole("button", { name: "Use this one" }).click();
  await expect.poll(() => referencesOf(app, "frisbe")).toEqual(["🏀 basketball"]);
  await expect(row).not.toContainText("is not known");

  // What was added and what was taken away is one step.
  await page.keyboard.press("ControlOrMeta+z");
  await expect.poll(() => referencesOf(app, "frisbe")).toEqual(["🥏 flying disc"]);
  await page.keyboard.press("ControlOrMeta+Shift+z");
  await expect.poll(() => referencesOf(app, "frisbe")).toEqual(["🏀 basketball"]);

  await app.classMenu("frisbe", "Choose pictograms…");
  await dialog.getByRole("button", { name: "basketball", exact: true }).click();
  await dialog.getByRole("button", { name: "Use none" }).click();
  await expect(row).toContainText("No pictogram is known by this name");
  await expect(row.getByRole("button", { name: "Show examples" })).toBeVisible();
});

test("synonyms and plurals find their pictograms, and a synonym says so until it is agreed to", async ({
  faulty: app,
}) => {
  await openWithoutModel(app);
  await app.addClasses(["puppies", "dogs"]);
  await expect.poll(async () => (await referencesOf(app, "puppies"))[0]).toBe("🐕 dog");
  await expect.poll(() => referencesOf(app, "dogs")).toEqual(await referencesOf(app, "puppies"));
  const row = app.classRow("puppies");
  await expect(row).toContainText("“puppies”: took pictograms of “dog”.");
  await expect(app.classRow("dogs")).not.toContainText("took");
  await row.getByRole("button", { name: "The pictograms of puppies are right" }).click();
  await expect(row).not.toContainText("took");
});

test("names are suggested with their pictograms while one types, and taken by keyboard or pointer", async ({
  faulty: app,
  page,
}) => {
  await openWithoutModel(app);
  const list = page.getByRole("listbox", { name: "Names with pictograms" });
  await app.typeNames("pupp");
  const puppy = list.getByRole("option", { name: /^puppy/ });
  await expect(puppy).toContainText("as dog");
  await expect(puppy.locator("img")).toHaveCount(3);
  await expect(field(app)).toHaveAttribute("aria-expanded", "true");

  await page.keyboard.press("ArrowDown");
  await expect(puppy).toHaveAttribute("aria-selected", "true");
  await expect(field(app)).toHaveAttribute("aria-activedescendant", (await puppy.getAttribute("id")) ?? "?");
  await page.keyboard.press("Enter");
  await expect(app.classRow("puppy")).toBeVisible();
  await expect(field(app)).toHaveValue("");
  await expect(field(app)).toBeFocused();

  await app.typeNames("straw");
  await list.getByRole("option", { name: /^strawberry/ }).click();
  await expect(app.classRow("strawberry")).toBeVisible();

  // Escape closes the list and keeps the text; Enter then adds what was typed and not what was offered.
  await app.typeNames("cat");
  await expect(list).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(list).toBeHidden();
  // Half a name is none: who looks elsewhere finds it as it was left.
  await page.getByRole("button", { name: "Models and settings" }).first().click();
  await page.keyboard.press("Escape");
  await field(app).focus();
  expect((await app.snapshot()).classes.map(({ name }) => name)).toEqual(["puppy", "strawberry"]);
  await expect(field(app)).toHaveValue("cat");
  await page.keyboard.press("Enter");
  await expect(app.classRow("cat")).toBeVisible();
});

test("kinds of a thing become sub-categories of one class, and are kept", async ({ faulty: app, page }) => {
  await openWithoutModel(app);
  await app.typeNames("dog: poodle, corgi");
  expect((await app.snapshot()).classes).toEqual([]);
  await page.keyboard.press("Enter");
  const row = app.classRow("dog");
  await expect(row).toContainText("No pictogram is known for “corgi”.");
  expect((await app.snapshot()).classes.map(({ name }) => name)).toEqual(["dog"]);
  const references = ["🐩 poodle (poodle)", "🐕 dog", "🐶 dog face", "🦮 guide dog", "🐕‍🦺 service dog"];
  await expect.poll(() => referencesOf(app, "dog")).toEqual(references);

  // More of them later; what the class has is not added twice, but given the sub-category.
  await app.typeNames("dog: guide");
  await page.keyboard.press("Enter");
  await expect
    .poll(() => referencesOf(app, "dog"))
    .toEqual(references.map((one) => (one === "🦮 guide dog" ? "🦮 guide dog (guide)" : one)));
  await page.reload();
  await settled(app);
  await expect.poll(() => referencesOf(app, "dog")).toContain("🐩 poodle (poodle)");
  await row.getByRole("button", { name: /references/ }).click();
  await expect(page.getByRole("list", { name: "References of dog" })).toContainText("poodle");
});

test("names in other languages are understood once they are switched on, and fetched only then", async ({
  faulty: app,
  page,
}) => {
  await openWithoutModel(app);
  await app.addClasses(["Schmetterling"]);
  await expect(app.classRow("Schmetterling")).toContainText("No pictogram is known by this name");

  const before = app.requests.length;
  await page.getByRole("button", { name: "Models and settings" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Models and settings" });
  await dialog.getByRole("button", { name: "Deutsch" }).click();
  await dialog.getByRole("button", { name: "Français" }).click();
  await expect(dialog.getByRole("button", { name: "Deutsch" })).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Escape");
  await app.addClasses(["Hund", "papillon"]);
  await expect.poll(() => referencesOf(app, "Hund")).toContain("🐶 dog face");
  await expect.poll(async () => (await referencesOf(app, "papillon"))[0]).toBe("🦋 butterfly");
  const fetched = app.requests.slice(before).filter((url) => /compact.*\.js$/.test(url));
  expect(fetched).toHaveLength(2);

  await page.reload();
  await settled(app);
  await app.addClasses(["Erdbeere"]);
  await expect.poll(() => referencesOf(app, "Erdbeere")).toEqual(["🍓 strawberry"]);
});

test("axe finds nothing in suggestions, notes, languages and the chooser of pictograms", async ({
  faulty: app,
  page,
}) => {
  await openWithoutModel(app);
  await app.typeNames("frisbe, dog: corgi");
  await page.keyboard.press("Enter");
  await expect(app.classRow("dog")).toContainText("corgi");
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
  await app.typeNames("ca");
  await expect(page.getByRole("option").first()).toBeVisible();
  await page.keyboard.press("ArrowDown");
  expect(await findings()).toEqual([]);
  await page.keyboard.press("Escape");
  await app.classMenu("frisbe", "Choose pictograms…");
  await expect(page.getByRole("dialog").getByRole("button", { name: "flying disc" })).toBeVisible();
  expect(await findings()).toEqual([]);
});
