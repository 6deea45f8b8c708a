import { type CDPSession, chromium } from "@playwright/test";
import { goodPictures } from "../fixtures/pictures/good-pictures.ts";
import { asUpload } from "../fixtures/pictures/uploads.ts";
import { chromiumLaunch } from "../serving/chromium.ts";
import { expect, type FaultyApp, fixtureModel, test as base } from "../faulty-app.ts";
import type { Upload } from "../app.ts";

/** Less than anything here takes. */
const QUOTA = 1000;

/** Chromium holds storage in memory, without a quota, unless it has a profile on disk. */
const test = base.extend({
  context: async ({ baseURL, viewport }, use, testInfo) => {
    const context = await chromium.launchPersistentContext(testInfo.outputPath("profile"), {
      ...chromiumLaunch(),
      ...(baseURL ? { baseURL } : {}),
      viewport,
    });
    await use(context);
    await context.close();
  },
});

async function uploads(): Promise<readonly [Upload, Upload]> {
  const [first, second] = (await goodPictures()).map(asUpload);
  if (!first || !second) throw new Error("There are not enough good pictures.");
  return [first, second];
}

const about = async (app: FaultyApp, words: RegExp): Promise<readonly string[]> =>
  (await app.notices()).filter((notice) => words.test(notice));

/** Tries to store a record in a database of its own: "stored", or the name of the error. */
function tryToStore(app: FaultyApp): Promise<string> {
  return app.page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const opening = indexedDB.open("probe", 1);
        opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore("records"));
        opening.addEventListener("error", () => resolve(opening.error?.name ?? "error"));
        opening.addEventListener("success", () => {
          const transaction = opening.result.transaction("records", "readwrite");
          const settle = (outcome: string): void => {
            opening.result.close();
            resolve(outcome);
          };
          transaction.objectStore("records").put("record", "key");
          transaction.addEventListener("complete", () => settle("stored"));
          transaction.addEventListener("abort", () => settle(transaction.error?.name ?? "aborted"));
        });
      }),
  );
}

/** Leaves the app, takes its quota away, and waits until the browser has noticed. */
async function fillDisk(app: FaultyApp): Promise<CDPSession> {
  // A page of the same origin that stores nothing; the browser looks for an icon that it does not name.
  app.allow(/favicon\.ico/);
  await app.page.goto("/icon.svg");
  const session = await app.page.context().newCDPSession(app.page);
  await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(app.page.url()).origin, quotaSize: QUOTA });
  await expect
    .poll(
      async () => {
        // The browser reckons anew when nobody has a database open.
        await app.page.goto("about:blank");
        await app.page.goto("/icon.svg");
        return tryToStore(app);
      },
      { timeout: 60_000, intervals: [2500] },
    )
    .toBe("QuotaExceededError");
  return session;
}

test("on a full disk the person is told, the app works on, and what was stored stays", async ({ faulty: app }) => {
  const [first, second] = await uploads();
  await app.open();
  await app.useModel(fixtureModel("tiny-features.onnx"));
  await app.addClasses(["banana"]);
  await app.addPictures([first]);
  await app.done(first.name);

  const session = await fillDisk(app);
  await app.open();
  await app.done(first.name);
  await app.addPictures([second]);
  expect((await app.done(second.name)).shares).not.toBeNull();
  await expect.poll(() => about(app, /no room left to keep pictures.*quota/is)).toHaveLength(1);
  const field = app.page.getByRole("combobox", { name: "What is in your pictures?" });
  await field.fill("grass");
  await field.press("Enter");
  await expect.poll(() => about(app, /class bank could not be saved.*quota/is)).toHaveLength(1);
  expect(await app.canvasColours()).toBeGreaterThan(3);

  await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(app.page.url()).origin });
  await app.reload();
  expect(await app.classNames()).toEqual(["banana"]);
  expect((await app.snapshot()).classes[0]?.references).not.toHaveLength(0);
  expect((await app.settled(1)).map(({ name }) => name)).toEqual([first.name]);
});

test("a page that begins on a full disk opens a model and segments", async ({ faulty: app }) => {
  const [picture] = await uploads();
  await fillDisk(app);
  await app.open();
  await app.useModel(fixtureModel("tiny-features.onnx"));
  await app.addPictures([picture]);
  expect((await app.done(picture.name)).shares).not.toBeNull();
  expect(await app.canvasColours()).toBeGreaterThan(3);
  expect(await about(app, /quota is used up/)).not.toHaveLength(0);
});
