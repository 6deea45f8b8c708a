import { wrap, type Remote } from "comlink";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sha256OfBlob } from "./sha256.ts";
import type { StoreUnderTest } from "./opfs.test-worker.ts";

const workers: Worker[] = [];

/** A store in a worker of its own, as after a reload or in another tab. */
function openStore(): Remote<StoreUnderTest> {
  const worker = new Worker(new URL("./opfs.test-worker.ts", import.meta.url), { type: "module" });
  workers.push(worker);
  return wrap<StoreUnderTest>(worker);
}

/** More than one piece of writing. */
const large = new Blob([Uint8Array.from({ length: 9 * 2 ** 20 + 17 }, (_, index) => index * 7 + (index >> 8))]);

beforeEach(async () => {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry("models-under-test", { recursive: true }).catch(() => undefined);
});
afterEach(() => {
  for (const worker of workers.splice(0)) worker.terminate();
});

it("keeps models in the origin private file system, byte for byte, for the next worker", async () => {
  const first = openStore();
  expect(await first.persists()).toBe(true);
  const info = await first.put("large.onnx", large);
  await first.put("small.onnx", new Blob(["small"]));
  const second = openStore();
  expect((await second.list()).map(({ name }) => name)).toEqual(["large.onnx", "small.onnx"]);
  const opened = await second.open(info.id);
  if (typeof opened === "string") throw new Error(opened);
  expect(await sha256OfBlob(new Blob([opened]))).toBe(info.sha256);
  expect(opened.byteLength).toBe(large.size);
  await second.remove(info.id);
  expect((await first.list()).map(({ name }) => name)).toEqual(["small.onnx"]);
  expect(await first.open(info.id)).toBe("model-missing");
});

it("lets two workers put the same file at once", async () => {
  const [one, other] = [openStore(), openStore()];
  const [info, same] = await Promise.all([one.put("same.onnx", large), other.put("same.onnx", large)]);
  expect(info).toEqual(same);
  expect(await one.list()).toHaveLength(1);
  expect(await other.open(info.id)).toBeInstanceOf(ArrayBuffer);
});

it("notices changed weights and damaged records on the disk", async () => {
  const store = openStore();
  const one = await store.put("one.onnx", new Blob(["one"]));
  const two = await store.put("two.onnx", new Blob(["two"]));
  await store.overwrite(`${one.sha256}.onnx`, new Blob(["One"]));
  expect(await store.open(one.id)).toBe("model-damaged");
  await store.overwrite(`${two.sha256}.json`, new Blob(["{"]));
  expect((await store.list()).map(({ name }) => name)).toEqual(["one.onnx"]);
  expect((await store.reports()).map(({ code }) => code)).toEqual(["storage-damaged"]);
  expect((await store.names()).toSorted()).toEqual(
    [`${one.sha256}.json`, `${one.sha256}.onnx`, `${two.sha256}.damaged`, `${two.sha256}.onnx`].toSorted(),
  );
});
