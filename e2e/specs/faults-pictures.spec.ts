import { type BadPicture, badPictures } from "../fixtures/pictures/bad-pictures.ts";
import { type GoodPicture, goodPictures } from "../fixtures/pictures/good-pictures.ts";
import { asUpload } from "../fixtures/pictures/uploads.ts";
import { ADVICE } from "../../workers/contract.ts";
import { expect, fixtureModel, test } from "../faulty-app.ts";

const BAD = 30;
const GOOD = 10;

test("thirty bad pictures among ten good ones: the good are segmented, each bad one is named with advice", async ({
  faulty: app,
}) => {
  const bad = (await badPictures()).slice(0, BAD);
  const good = (await goodPictures()).slice(0, GOOD);
  expect([bad.length, good.length]).toEqual([BAD, GOOD]);
  // Three bad ones, then a good one, and so on.
  const mixed: (BadPicture | GoodPicture)[] = [];
  for (const [at, picture] of good.entries()) mixed.push(...bad.slice(3 * at, 3 * at + 3), picture);

  await app.open();
  await app.useModel(fixtureModel("tiny-features.onnx"));
  await app.addClasses(["banana"]);
  await app.addPictures(mixed.map(asUpload));
  const outcomes = await app.settled(BAD + GOOD);

  for (const [at, { name, state, failure, shares }] of outcomes.entries()) {
    const file = mixed[at];
    expect(name).toBe(file?.name);
    if (file && "code" in file) {
      expect(failure?.code, name).toBe(file.code);
      expect(failure?.message).toContain(name);
    } else {
      expect(state, name).toBe("done");
      expect(Object.values(shares ?? {}).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    }
  }
  await expect(app.page.getByText(`${BAD} of ${BAD + GOOD} failed`)).toBeVisible();

  // A person who looks at a bad one reads what is wrong with it, and what to do.
  const [first] = outcomes;
  if (!first?.failure) throw new Error("The first picture is a bad one.");
  await app.tiles.first().click();
  const card = app.page.getByRole("alert");
  await expect(card).toContainText(first.failure.message);
  await expect(card).toContainText(ADVICE[first.failure.code]);
});
