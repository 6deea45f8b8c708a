import { expect, test } from "vitest";
import { createFakeEngine } from "../engine/fake.ts";
import { deviceWords, fileSize, percent, progressWords, waitingWords, wrongWords } from "./words.ts";

test.each([
  [0, "0%"],
  [0.0001, "<1%"],
  [0.005, "1%"],
  [0.333, "33%"],
  [1, "100%"],
])("a share of %d reads %s", (share, words) => {
  expect(percent(share)).toBe(words);
});

test.each([
  [0.9, "more than half"],
  [0.5, "about half"],
  [0.34, "about 1 in 3"],
  [0.1, "about 1 in 10"],
  [0.06, "about 1 in 15"],
  [0.0101, "about 1 in 100"],
  [0.001, "fewer than 1 in 100"],
])("what is wrong in a share of %d is wrong in %s", (share, words) => {
  expect(wrongWords(share)).toBe(words);
});

test.each([
  [999, "999 bytes"],
  [12_345, "12 kB"],
  [4_200_000, "4.2 MB"],
  [88_500_000, "89 MB"],
])("%d bytes read %s", (bytes, words) => {
  expect(fileSize(bytes)).toBe(words);
});

test("a picture that is not worked on says what it waits for", () => {
  const phases = ["starting", "no-model", "broken", "ready"] as const;
  expect(phases.map(waitingWords)).toEqual([
    "Waiting for the engine and its model to start",
    "Waiting for a model to be loaded",
    "Not begun: the engine could not be started",
    "Waiting for its turn",
  ]);
});

test("progress says how far it is only where there are steps", () => {
  expect(progressWords(null)).toBe("Waiting for its turn");
  expect(progressWords({ stage: "decode", done: 0, total: 1 })).toBe("Opening the picture");
  expect(progressWords({ stage: "load-model", done: 1, total: 4 })).toBe("Loading the model, 25%");
});

test("the status line says what it runs on and why", async () => {
  const engine = createFakeEngine();
  expect(deviceWords(await engine.start({ device: "auto", threads: 0 }))).toBe(
    "WASM, 2 threads: this browser has no WebGPU",
  );
  expect(deviceWords(await engine.start({ device: "wasm", threads: 0 }))).toBe("WASM, 2 threads: chosen in Settings");
  const gpu = createFakeEngine({ status: { device: "webgpu", reason: "webgpu", adapter: "SomeGPU" } });
  expect(deviceWords(await gpu.start({ device: "auto", threads: 0 }))).toBe("WebGPU (SomeGPU)");
  const open = await engine.start({ device: "wasm", threads: 0 });
  expect(deviceWords({ ...open, threads: 1, crossOriginIsolated: false })).toBe(
    "WASM, 1 thread: chosen in Settings; this page is served without cross-origin isolation",
  );
});
