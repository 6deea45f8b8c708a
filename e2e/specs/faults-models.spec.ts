import { readFileSync } from "node:fs";
import { asUpload } from "../fixtures/pictures/uploads.ts";
import { goodPictures } from "../fixtures/pictures/good-pictures.ts";
import { expect, fixtureModel, test } from "../faulty-app.ts";
import type { Upload } from "../app.ts";

const bytesOf = (name: string): Buffer => readFileSync(fixtureModel(name));
const modelFile = (name: string, buffer: Buffer): Upload => ({
  name,
  mimeType: "application/octet-stream",
  buffer,
});

const tiny = bytesOf("tiny-features.onnx");
const ONNX_FILE = /Choose an \.onnx file.*cut short/is;
const CONTRACT = /DINOv2-style feature model/i;

const REFUSED: readonly { readonly file: Upload; readonly says: RegExp }[] = [
  { file: modelFile("cut-short.onnx", tiny.subarray(0, tiny.length >> 1)), says: ONNX_FILE },
  { file: modelFile("last-byte-missing.onnx", tiny.subarray(0, tiny.length - 1)), says: ONNX_FILE },
  { file: modelFile("empty.onnx", Buffer.alloc(0)), says: ONNX_FILE },
  { file: modelFile("a-letter.onnx", Buffer.from("Dear model, ".repeat(500))), says: ONNX_FILE },
  { file: modelFile("classifier.onnx", bytesOf("wrong-contract.onnx")), says: CONTRACT },
  { file: modelFile("one-size-only.onnx", bytesOf("fixed-size.onnx")), says: CONTRACT },
  { file: modelFile("not-a-number.onnx", bytesOf("not-finite.onnx")), says: CONTRACT },
];

test("a model file that cannot be used is refused by name, with advice, and the one in use stays", async ({
  faulty: app,
}) => {
  await app.open();
  await app.useModel(fixtureModel("tiny-features.onnx"));
  const before = (await app.snapshot()).status?.model;
  await app.openModels();
  for (const { file, says } of REFUSED) {
    await app.drop(app.page.getByRole("dialog"), [file]);
    const refusal = app.page.locator(".notice").filter({ hasText: file.name });
    await expect(refusal, `the refusal of ${file.name}`).toContainText(says, { timeout: 60_000 });
    await expect.poll(async () => (await app.snapshot()).phase).toBe("ready");
    expect((await app.snapshot()).status?.model, `after ${file.name}`).toEqual(before);
    await refusal.getByRole("button", { name: "Dismiss" }).click();
  }
  await expect(app.page.getByRole("dialog")).not.toContainText("cut-short.onnx");
  await app.closeDialog();

  // It does not only say that it is in use.
  const [picture] = await goodPictures();
  if (!picture) throw new Error("There are no good pictures.");
  await app.addClasses(["grass"]);
  await app.addPictures([asUpload(picture)]);
  expect((await app.done(picture.name)).shares).not.toBeNull();
  await app.reload();
  expect((await app.snapshot()).status?.model).toEqual(before);
});

test("a starter that was changed on its way is never used, and a person's own model works instead", async ({
  faulty: app,
}) => {
  await app.page.route("**/models/starter/model.onnx", async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    const middle = body.length >> 1;
    body[middle] = (body[middle] ?? 0) ^ 1;
    await route.fulfill({ response, body });
  });
  await app.openWith("device=wasm");
  await expect.poll(async () => (await app.snapshot()).phase, { timeout: 60_000 }).toBe("no-model");
  expect(await app.notices()).toEqual([expect.stringMatching(/does not match its checksum.*Fetch or install/is)]);
  expect((await app.snapshot()).status?.model).toBeNull();

  const [picture] = await goodPictures();
  if (!picture) throw new Error("There are no good pictures.");
  await app.addPictures([asUpload(picture)]);
  await expect(app.page.getByText(/can be seen but not segmented/)).toBeVisible();
  expect(await app.canvasColours()).toBeGreaterThan(3);

  await app.useModel(fixtureModel("tiny-features.onnx"));
  expect((await app.done(picture.name)).shares).not.toBeNull();
});

test("a region model that was changed on its way is never used: the page says so and segments without it", async ({
  faulty: app,
}) => {
  await app.page.route("**/models/regions/model.onnx", async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    const middle = body.length >> 1;
    body[middle] = (body[middle] ?? 0) ^ 1;
    await route.fulfill({ response, body });
  });
  await app.openWith("device=wasm");
  const [picture] = await goodPictures();
  if (!picture) throw new Error("There are no good pictures.");
  await app.addPictures([asUpload(picture)]);
  expect((await app.done(picture.name)).shares).not.toBeNull();
  expect(await app.notices()).toEqual([
    expect.stringMatching(/region model does not match its checksum.*by colour and edges alone/is),
  ]);
});
