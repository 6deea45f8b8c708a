import type { Page } from "@playwright/test";
import { goodPictures } from "../fixtures/pictures/good-pictures.ts";
import { asUpload } from "../fixtures/pictures/uploads.ts";
import { expect, type FaultyApp, fixtureModel, test } from "../faulty-app.ts";
import type { Upload } from "../app.ts";

/** How browsers refuse IndexedDB: by throwing when it is opened, or by not having it. */
const REFUSALS = {
  "throws when opened": `indexedDB.open = () => { throw new DOMException("refused by the test", "SecurityError"); };`,
  "is not there": `Object.defineProperty(globalThis, "indexedDB", { value: undefined });`,
};

/** Runs a script before everything else, in the page and in its workers. */
async function beforeAll(page: Page, script: string): Promise<void> {
  await page.addInitScript(script);
  await page.route(/\/assets\/[^/]*worker[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${script}\n${await response.text()}` });
  });
}

async function uploads(): Promise<readonly [Upload, Upload]> {
  const [first, second] = (await goodPictures()).map(asUpload);
  if (!first || !second) throw new Error("There are not enough good pictures.");
  return [first, second];
}

const about = async (app: FaultyApp, words: RegExp): Promise<readonly string[]> =>
  (await app.notices()).filter((notice) => words.test(notice));

for (const [refusal, script] of Object.entries(REFUSALS)) {
  test(`when IndexedDB ${refusal} the person is told, and the app works until the page is closed`, async ({
    faulty: app,
  }) => {
    await beforeAll(app.page, script);
    await app.open();
    await expect(app.page.getByText("Not kept on reload: storage is refused")).toBeVisible();
    // Once for the pictures, which the page keeps, and once for the classes, which the engine keeps.
    expect(await about(app, /refuses storage/)).toHaveLength(2);
    const [picture] = await uploads();
    await app.useModel(fixtureModel("tiny-features.onnx"));
    await app.addClasses(["banana", "grass"]);
    await app.addPictures([picture]);
    expect(Object.keys((await app.done(picture.name)).shares ?? {})).toEqual(["banana", "grass", "other"]);
    expect(await app.canvasColours()).toBeGreaterThan(3);
    expect(await about(app, /refuses storage/)).toHaveLength(2);
  });
}

/** Writes over records of a database that lies open: what a crash, a virus scanner or a later version may leave. */
function damage(app: FaultyApp, database: string, store: string, key: string | null): Promise<number> {
  return app.page.evaluate(
    ([name, storeName, wanted]) =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.addEventListener("error", () => reject(opening.error));
        opening.addEventListener("success", () => {
          const transaction = opening.result.transaction(storeName, "readwrite");
          const records = transaction.objectStore(storeName);
          const listing = records.getAllKeys();
          let damaged = 0;
          listing.addEventListener("success", () => {
            const first = listing.result.find((entry) => wanted === null || String(entry).startsWith(wanted));
            if (first === undefined) return;
            damaged = 1;
            records.put({ version: 1, nonsense: [1, 2, 3] }, first);
          });
          transaction.addEventListener("complete", () => {
            opening.result.close();
            resolve(damaged);
          });
          transaction.addEventListener("abort", () => reject(transaction.error));
        });
      }),
    [database, store, key] as const,
  );
}

test("damaged records are set aside and reported, and everything else is kept", async ({ faulty: app }) => {
  const [first, second] = await uploads();
  await app.open();
  await app.useModel(fixtureModel("tiny-features.onnx"));
  await app.addClasses(["banana", "grass", "dog"]);
  await app.addPictures([first, second]);
  await app.settled(2);
  const countReferences = async (): Promise<number> =>
    (await app.snapshot()).classes.reduce((sum, { references }) => sum + references.length, 0);
  const before = await countReferences();
  expect(await damage(app, "lookalike-pictures", "pictures", null)).toBe(1);
  expect(await damage(app, "lookalike-bank", "records", "reference:")).toBe(1);

  await app.reload();
  await expect.poll(() => about(app, /stored picture could not be read.*set aside/is)).toHaveLength(1);
  await expect.poll(() => about(app, /record of the class bank is damaged.*set aside/is)).toHaveLength(1);
  expect(await app.settled(1)).toHaveLength(1);
  expect((await app.classNames()).toSorted()).toEqual(["banana", "dog", "grass"]);
  expect(await countReferences()).toBe(before - 1);

  // Told once: the next visit finds them out of the way.
  await app.reload();
  await app.settled(1);
  expect(await about(app, /set aside/)).toHaveLength(0);
});
