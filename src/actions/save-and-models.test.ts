import { expect, test } from "vitest";
import { EngineError, type ModelId } from "../../workers/contract.ts";
import { until } from "../store/fixture.ts";
import { addClasses } from "./add-classes.ts";
import { addPictures } from "./add-pictures.ts";
import { commands } from "./all-actions.ts";
import { setThreshold } from "./change-overlay.ts";
import { setDevice } from "./change-settings.ts";
import { fileNamed, startApp, type FixtureApp } from "./fixture.ts";
import { forgetModel } from "./forget-model.ts";
import { loadModelFile, setDetail } from "./load-model.ts";
import { saveAllMasks, saveMask, saveMaskPicture } from "./save-mask.ts";

async function segmentedApp(names: readonly string[]): Promise<FixtureApp> {
  const app = await startApp();
  await addClasses.run(app, { text: "dog, frisbee" });
  await addPictures.run(
    app,
    names.map((name) => fileNamed(name)),
  );
  await until(app.store, (state) => state.pictures.every((picture) => picture.state === "done"));
  return app;
}

/** The names of the files in an archive, as its central directory lists them (ZIP appnote 4.3.12). */
async function archived(archive: Blob): Promise<string[]> {
  const bytes = new DataView(await archive.arrayBuffer());
  const names: string[] = [];
  for (let at = 0; at + 46 <= bytes.byteLength; at += 1) {
    if (bytes.getUint32(at, true) !== 0x02014b50) continue;
    const length = bytes.getUint16(at + 28, true);
    names.push(new TextDecoder().decode(new Uint8Array(bytes.buffer, at + 46, length)));
  }
  return names;
}

test("saving gives one archive with the mask and the class names", async () => {
  const app = await segmentedApp(["holiday.jpg"]);
  await saveMask.run(app, undefined);
  const [file] = app.page.saved;
  expect(file?.name).toBe("holiday-classes.zip");
  expect(await archived(file?.content ?? new Blob())).toEqual(["holiday-classes.png", "holiday-classes.json"]);
});

test("the mask alone is a PNG", async () => {
  const app = await segmentedApp(["holiday.jpg"]);
  await saveMaskPicture.run(app, undefined);
  const [file] = app.page.saved;
  expect(file?.name).toBe("holiday-classes.png");
  const signature = new Uint8Array((await file?.content.arrayBuffer()) ?? new ArrayBuffer(0)).slice(1, 4);
  expect(new TextDecoder().decode(signature)).toBe("PNG");
});

test("saving all pictures never lets two of one name overwrite each other", async () => {
  const app = await segmentedApp(["a.jpg", "A.png", "b.jpg"]);
  await saveAllMasks.run(app, undefined);
  const names = await archived(app.page.saved[0]?.content ?? new Blob());
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(6);
});

test("nothing can be saved before something is segmented", async () => {
  const app = await startApp();
  expect(saveMask.isAvailable(app)).toBe(false);
  await saveMask.run(app, undefined);
  expect(app.page.saved).toEqual([]);
});

test("a model that is refused leaves the one in use, and says why", async () => {
  const app = await startApp();
  app.engine.useModel = () => Promise.reject(new EngineError("model-not-onnx", "photo.onnx is not an ONNX model."));
  await loadModelFile.run(app, fileNamed("photo.onnx"));
  expect(app.store.getState()).toMatchObject({ phase: "ready", modelId: null, status: { model: { id: "starter" } } });
  expect(app.store.getState().notices[0]).toMatchObject({
    message: "photo.onnx is not an ONNX model.",
    advice: expect.stringContaining(".onnx file"),
  });
});

test("a loaded model is the one to start with next time; removing it brings back the starter", async () => {
  const app = await startApp();
  await loadModelFile.run(app, fileNamed("encoder.onnx"));
  expect(app.store.getState().modelId).toBe("encoder.onnx");
  await forgetModel.run(app, "encoder.onnx" as ModelId);
  expect(app.store.getState()).toMatchObject({ modelId: null, status: { model: { id: "starter" } } });
  expect(app.store.getState().models).toHaveLength(1);
});

test("looking finely keeps the model, is kept for next time, and ends with the model that is removed", async () => {
  const app = await startApp();
  await loadModelFile.run(app, fileNamed("encoder.onnx"));
  await setDetail.run(app, "fine");
  expect(app.store.getState()).toMatchObject({
    modelId: "encoder.onnx",
    detail: "fine",
    status: { model: { base: "encoder.onnx", detail: "fine" } },
  });
  const asked = app.engine.calls.length;
  await setDetail.run(app, "fine");
  expect(app.engine.calls).toHaveLength(asked);
  await forgetModel.run(app, "encoder.onnx" as ModelId);
  expect(app.store.getState()).toMatchObject({ modelId: null, status: { model: { base: "starter" } } });
});

test("choosing the processor is kept, and the engine is started with it", async () => {
  const app = await startApp();
  await setDevice.run(app, "wasm");
  expect(app.store.getState()).toMatchObject({ device: "wasm", status: { reason: "forced-wasm" } });
});

test("the threshold stays between 0 and 1", async () => {
  const app = await startApp();
  setThreshold.run(app, 7);
  expect(app.store.getState().threshold).toBe(1);
  setThreshold.run(app, -1);
  expect(app.store.getState().threshold).toBe(0);
});

test("no two commands share an identity, a label or a shortcut", () => {
  for (const values of [
    commands.map((command) => command.id),
    commands.map((command) => command.label),
    commands.flatMap((command) => command.shortcut ?? []),
  ]) {
    expect(new Set(values).size).toBe(values.length);
  }
});

test("every command can be asked whether it is available before anything is there", async () => {
  const app = await startApp();
  expect(commands.filter((command) => command.isAvailable(app)).map((command) => command.id)).toEqual([
    "add-pictures",
    "type-classes",
    "import-folder",
    "load-model",
    "show-bank",
    "save-bank",
    "show-settings",
    "show-shortcuts",
    "show-palette",
  ]);
});
