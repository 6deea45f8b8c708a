import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { EngineError, type Failure, type ModelId } from "../contract.ts";
import { MemoryModelDirectory, toStorageError, type ModelDirectory } from "./model-directory.ts";
import { describeModel, ModelStore, type StoredModel } from "./store.ts";

const CONTRACT = { patch: 14, dimensions: 384, prefixTokens: 1 };

function model(content: string, name = `${content}.onnx`): StoredModel {
  const sha256 = createHash("sha256").update(content).digest("hex");
  return describeModel(new Blob([content]), name, sha256, CONTRACT);
}

function storeIn(directory: ModelDirectory): { store: ModelStore; reports: Failure[] } {
  const reports: Failure[] = [];
  return { store: new ModelStore(directory, (failure) => reports.push(failure)), reports };
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "it went well",
    (cause: unknown) => (cause instanceof EngineError ? cause.code : String(cause)),
  );

describe("the store of a person's models", () => {
  it("gives back what was put, under an id that comes from the content", async () => {
    const { store, reports } = storeIn(new MemoryModelDirectory());
    const one = model("one");
    await store.put(one);
    await store.put(model("two"));
    expect((await store.list()).map(({ name }) => name)).toEqual(["one.onnx", "two.onnx"]);
    const opened = await store.open(one.info.id);
    expect(opened.info).toEqual(one.info);
    expect(opened.prefixTokens).toBe(1);
    expect(await opened.file.text()).toBe("one");
    expect(one.info.id).toBe(`file-${one.info.sha256}`);
    expect(reports).toEqual([]);
  });

  it("keeps one copy of a file that was put twice", async () => {
    const directory = new MemoryModelDirectory();
    const { store } = storeIn(directory);
    await store.put(model("one"));
    await store.put(model("one", "renamed.onnx"));
    expect(await directory.names()).toHaveLength(2);
    expect((await store.list()).map(({ name }) => name)).toEqual(["renamed.onnx"]);
  });

  it("forgets a model whole, and does not mind one that is not there", async () => {
    const directory = new MemoryModelDirectory();
    const { store } = storeIn(directory);
    const one = model("one");
    await store.put(one);
    await store.remove(one.info.id);
    await store.remove(one.info.id);
    await store.remove("starter-0.1" as ModelId);
    expect(await directory.names()).toEqual([]);
    expect(await codeOf(store.open(one.info.id))).toBe("model-missing");
  });

  it("refuses to open weights that changed or are gone", async () => {
    const directory = new MemoryModelDirectory();
    const { store } = storeIn(directory);
    const one = model("one");
    const weights = `${one.info.sha256}.onnx`;
    await store.put(one);
    await directory.write(weights, new Blob(["One"]));
    expect(await codeOf(store.open(one.info.id))).toBe("model-damaged");
    await directory.write(weights, new Blob(["on"]));
    expect(await codeOf(store.open(one.info.id))).toBe("model-damaged");
    await directory.remove(weights);
    expect(await codeOf(store.open(one.info.id))).toBe("model-damaged");
  });

  it("sets damaged records aside, reports each once, and keeps the rest", async () => {
    const damages = [
      "",
      "not json",
      "null",
      "[]",
      '{"version":1}',
      JSON.stringify({ version: 2, name: "x" }),
      JSON.stringify({ ...model("damaged").info, version: 1, prefixTokens: -1, added: "2026-01-01T00:00:00.000Z" }),
      JSON.stringify({ ...model("another").info, version: 1, prefixTokens: 1, added: "2026-01-01T00:00:00.000Z" }),
    ];
    for (const damage of damages) {
      const directory = new MemoryModelDirectory();
      const { store, reports } = storeIn(directory);
      const bad = model("damaged");
      await store.put(model("good"));
      await store.put(bad);
      await directory.write(`${bad.info.sha256}.json`, new Blob([damage]));
      expect((await store.list()).map(({ name }) => name)).toEqual(["good.onnx"]);
      expect(await store.list()).toHaveLength(1);
      expect(reports.map(({ code }) => code)).toEqual(["storage-damaged"]);
      expect(await (await directory.read(`${bad.info.sha256}.damaged`))?.text()).toBe(damage);
      expect(await directory.read(`${bad.info.sha256}.onnx`)).not.toBeNull();
      await store.put(bad);
      expect((await store.open(bad.info.id)).info.name).toBe("damaged.onnx");
      expect(await directory.read(`${bad.info.sha256}.damaged`)).toBeNull();
    }
  });

  it("clears weights of a write that never ended when the next model is put", async () => {
    const directory = new MemoryModelDirectory();
    const { store } = storeIn(directory);
    await directory.write(`${"0".repeat(64)}.onnx`, new Blob(["half"]));
    expect(await store.list()).toEqual([]);
    await store.put(model("one"));
    expect(await directory.read(`${"0".repeat(64)}.onnx`)).toBeNull();
    expect(await store.list()).toHaveLength(1);
  });

  it("says that the disk is full, and lists nothing of the model then", async () => {
    class FullDirectory extends MemoryModelDirectory {
      override write(name: string, content: Blob): Promise<void> {
        if (content.size < 5) return super.write(name, content);
        return Promise.reject(toStorageError(new DOMException("no room", "QuotaExceededError"), name));
      }
    }
    const { store } = storeIn(new FullDirectory());
    expect(await codeOf(store.put(model("large model")))).toBe("storage-full");
    expect(await store.list()).toEqual([]);
  });
});

it("tells a full disk from a refusal", () => {
  expect(toStorageError(new DOMException("no room", "QuotaExceededError"), "a").code).toBe("storage-full");
  expect(toStorageError(new DOMException("private window", "SecurityError"), "a").code).toBe("storage-unavailable");
});
