import { HOSTILE_NAMES, picturesWithHostileNames } from "../fixtures/pictures/good-pictures.ts";
import { asUpload } from "../fixtures/pictures/uploads.ts";
import { expect, type FaultyApp, fixtureModel, test } from "../faulty-app.ts";

const PHONE = { width: 380, height: 780 };

const LONG = "long ".repeat(2000).trim();
const IMAGE = `<img src=x onerror="document.title='broken in'">`;
const SCRIPT = `"><script>document.title='broken in'</script>`;
const NAMES = [
  LONG,
  "unbroken".repeat(1250),
  "👩‍👩‍👧‍👦🏳️‍🌈",
  "كلب صغير",
  "\u202eesrever",
  IMAGE,
  SCRIPT,
  "__proto__",
  "${7*7}{{7*7}}",
];

/** Nothing sticks out sideways, and no markup became part of the page. */
async function expectSound(app: FaultyApp): Promise<void> {
  const { width, title, foreign } = await app.page.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    title: document.title,
    foreign: document.querySelectorAll("#root script, #root img[src='x'], #root iframe").length,
  }));
  expect(width).toBeLessThanOrEqual(await app.page.evaluate(() => window.innerWidth));
  expect(title).not.toContain("broken in");
  expect(foreign).toBe(0);
}

/** Every row of a list lies between the left and the right edge of the window. */
async function expectInside(app: FaultyApp, selector: string): Promise<void> {
  const boxes = await app.page.locator(selector).evaluateAll((elements) =>
    elements.map((element) => {
      const { left, right } = element.getBoundingClientRect();
      return [left, right] as const;
    }),
  );
  expect(boxes.length).toBeGreaterThan(0);
  for (const [left, right] of boxes) {
    expect(left).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThanOrEqual(PHONE.width);
  }
}

test("hostile class names stay text, are cut where they are endless, and leave the layout whole at 380 px", async ({
  faulty: app,
}) => {
  await app.page.setViewportSize(PHONE);
  await app.open();
  await app.useModel(fixtureModel("tiny-features.onnx"));
  // On a narrow window the classes have no place before there is a picture.
  await app.addPictures((await picturesWithHostileNames()).slice(0, 1).map(asUpload));
  const field = app.page.getByRole("combobox", { name: "What is in your pictures?" });
  for (const name of NAMES) {
    const before = (await app.classNames()).length;
    await field.fill(name);
    await field.press("Enter");
    await expect.poll(async () => (await app.classNames()).length, { timeout: 60_000 }).toBe(before + 1);
  }
  const kept = await app.classNames();
  expect(kept.slice(2)).toEqual([NAMES[2], NAMES[3], "esrever", ...NAMES.slice(5)]);
  for (const name of kept.slice(0, 2)) expect([...name].length).toBeLessThanOrEqual(200);
  expect(LONG.startsWith(kept[0] ?? "?")).toBe(true);

  await expect(app.page.getByText(IMAGE, { exact: true })).toBeVisible();
  await expect(app.page.getByText(SCRIPT, { exact: true })).toBeVisible();
  await expectSound(app);
  await expectInside(app, ".class-row");

  // They survive being stored, and segmenting with them works.
  await app.reload();
  expect(await app.classNames()).toEqual(kept);
  expect((await app.segmented()).areas).toHaveLength(NAMES.length + 1);
  await expectSound(app);
});

test("hostile file names stay text, in the gallery, over the canvas, in messages and in saved files", async ({
  faulty: app,
}) => {
  await app.page.setViewportSize(PHONE);
  await app.open();
  await app.useModel(fixtureModel("tiny-features.onnx"));
  const pictures = await picturesWithHostileNames();
  const broken = HOSTILE_NAMES.slice(0, 3).map((name) => ({
    name,
    mimeType: "image/png",
    buffer: Buffer.from("no picture at all"),
  }));
  await app.addPictures([...broken, ...pictures.map(asUpload)]);
  await app.addClasses(["grass"]);
  const outcomes = await app.settled(broken.length + pictures.length);
  expect(outcomes.filter(({ state }) => state === "failed")).toHaveLength(broken.length);
  // A lone surrogate has no UTF-8: browsers replace it.
  const wellFormed = pictures.map(({ name }) => name.replace(/\p{Cs}/gu, "\ufffd"));
  expect(outcomes.slice(broken.length).map(({ name }) => name)).toEqual(wellFormed);

  for (let at = 0; at < broken.length + 3; at += 1) {
    await app.openTab("Pictures");
    await app.tiles.nth(at).click();
    await expectSound(app);
    await expectInside(app, ".stage-card, .picture-canvas");
  }
  const download = app.page.waitForEvent("download");
  await app.page.getByRole("button", { name: "Save" }).click();
  await app.page.getByRole("menuitem").first().click();
  expect((await download).suggestedFilename()).toMatch(/^[^<>:"/\\|?*]{1,200}$/);
  await expectSound(app);

  await app.reload();
  await app.settled(broken.length + pictures.length);
  await expectSound(app);
});
