import { describe, expect, test } from "vitest";
import { until } from "../store/fixture.ts";
import type { StoreState } from "../store/store.ts";
import { addPictures } from "./add-pictures.ts";
import { fileNamed, startApp } from "./fixture.ts";
import { nextPicture, previousPicture } from "./go-to-picture.ts";
import { looksLikePicture } from "./picture-files.ts";
import { removeFailed } from "./remove-failed.ts";
import { removePicture } from "./remove-picture.ts";
import { retryPicture } from "./retry-picture.ts";
import { undo } from "./undo.ts";

const names = (state: StoreState): string[] => state.pictures.map((picture) => picture.source.name);
const current = (state: StoreState): string | undefined =>
  state.pictures.find((picture) => picture.source.id === state.currentId)?.source.name;

describe("adding pictures", () => {
  test("shows the first of the new ones, and keeps names as they are", async () => {
    const app = await startApp();
    await addPictures.run(app, [fileNamed("a.jpg")]);
    await addPictures.run(app, [fileNamed("<img src=x onerror=alert(1)>.jpg"), fileNamed("صورة.png")]);
    expect(names(app.store.getState())).toEqual(["a.jpg", "<img src=x onerror=alert(1)>.jpg", "صورة.png"]);
    expect(current(app.store.getState())).toBe("<img src=x onerror=alert(1)>.jpg");
  });

  test("takes what the person chooses when no files are given", async () => {
    const app = await startApp();
    app.page.chosen = [fileNamed("a.jpg")];
    await addPictures.run(app, undefined);
    expect(names(app.store.getState())).toEqual(["a.jpg"]);
  });

  test("gives two files of one name an identity each", async () => {
    const app = await startApp();
    await addPictures.run(app, [fileNamed("a.jpg"), fileNamed("a.jpg")]);
    const [first, second] = app.store.getState().pictures;
    expect(first?.source.id).not.toBe(second?.source.id);
  });

  test("hands an SVG to the engine as a PNG, and one that cannot be drawn fails alone", async () => {
    const app = await startApp();
    await addPictures.run(app, [
      fileNamed("bad.svg", "image/svg+xml"),
      fileNamed("good.svg", ""),
      fileNamed("photo.jpg"),
    ]);
    const { pictures } = app.store.getState();
    expect(pictures.map((picture) => picture.source.blob.type)).toEqual(["image/svg+xml", "image/png", "image/jpeg"]);
    await until(app.store, (state) => state.pictures.slice(1).every((picture) => picture.state === "done"));
    expect(app.store.getState().pictures[0]?.failure?.message).toBe("bad.svg could not be drawn.");
    expect(current(app.store.getState())).toBe("good.svg");
  });

  test("loads a model that is among the files as a model", async () => {
    const app = await startApp();
    await addPictures.run(app, [fileNamed("a.jpg"), fileNamed("encoder.onnx", "")]);
    expect(names(app.store.getState())).toEqual(["a.jpg"]);
    expect(app.store.getState().status?.model?.name).toBe("encoder.onnx");
  });
});

test.each([
  ["photo.JPG", "", true],
  ["scan", "image/tiff", true],
  ["drawing.svg", "image/svg+xml", true],
  [".hidden.png", "image/png", false],
  ["notes.txt", "text/plain", false],
  ["Thumbs.db", "", false],
])("of a folder, %s of type %j is taken: %s", (name, type, taken) => {
  expect(looksLikePicture(new File([], name, { type }))).toBe(taken);
});

describe("removing a picture", () => {
  test("shows its neighbour, and undo puts it back where it was, current again", async () => {
    const app = await startApp();
    await addPictures.run(
      app,
      ["a", "b", "c"].map((name) => fileNamed(name)),
    );
    nextPicture.run(app, undefined);
    removePicture.run(app, undefined);
    expect(names(app.store.getState())).toEqual(["a", "c"]);
    expect(current(app.store.getState())).toBe("c");
    expect(app.store.getState().notices[0]?.message).toBe("b was removed.");
    undo.run(app, undefined);
    expect(names(app.store.getState())).toEqual(["a", "b", "c"]);
    expect(current(app.store.getState())).toBe("b");
    expect(app.store.getState().notices).toEqual([]);
  });

  test("of the last one leaves an empty gallery", async () => {
    const app = await startApp();
    await addPictures.run(app, [fileNamed("a")]);
    removePicture.run(app, undefined);
    expect(app.store.getState().currentId).toBeNull();
    expect(removePicture.isAvailable(app)).toBe(false);
  });
});

test("stepping through pictures goes round both ends", async () => {
  const app = await startApp();
  expect(nextPicture.isAvailable(app)).toBe(false);
  await addPictures.run(
    app,
    ["a", "b", "c"].map((name) => fileNamed(name)),
  );
  previousPicture.run(app, undefined);
  expect(current(app.store.getState())).toBe("c");
  nextPicture.run(app, undefined);
  expect(current(app.store.getState())).toBe("a");
});

test("retrying is offered for failed pictures only", async () => {
  const app = await startApp();
  await addPictures.run(app, [fileNamed("bad one"), fileNamed("good one")]);
  await until(app.store, (state) => state.pictures.every(({ state: is }) => is === "failed" || is === "done"));
  expect(retryPicture.isAvailable(app)).toBe(true);
  nextPicture.run(app, undefined);
  expect(retryPicture.isAvailable(app)).toBe(false);
});

test("all failed pictures can be removed at once, and undo puts each back in its place", async () => {
  const app = await startApp();
  const all = ["bad 1", "a", "bad 2", "bad 3", "b"];
  await addPictures.run(
    app,
    all.map((name) => fileNamed(name)),
  );
  await until(app.store, (state) => state.pictures.every(({ state: is }) => is === "failed" || is === "done"));
  removeFailed.run(app, undefined);
  expect(names(app.store.getState())).toEqual(["a", "b"]);
  expect(removeFailed.isAvailable(app)).toBe(false);
  undo.run(app, undefined);
  expect(names(app.store.getState())).toEqual(all);
});
