import { expose } from "comlink";
import type { Failure, ModelId, ModelInfo } from "../contract.ts";
import { openModelDirectory } from "./model-directory.ts";
import { sha256OfBlob } from "./sha256.ts";
import { describeModel, ModelStore } from "./store.ts";

/** The store over the real origin private file system, for a test to call: synchronous handles exist in workers only. */
const reports: Failure[] = [];
const directory = openModelDirectory("models-under-test");
const store = directory.then((opened) => new ModelStore(opened, (failure) => reports.push(failure)));

const remote = {
  async persists(): Promise<boolean> {
    return (await store).persists;
  },
  async put(name: string, file: Blob): Promise<ModelInfo> {
    const contract = { patch: 14, dimensions: 32, prefixTokens: 1 };
    const model = describeModel(file, name, await sha256OfBlob(file), contract);
    await (await store).put(model);
    return model.info;
  },
  async list(): Promise<ModelInfo[]> {
    return (await store).list();
  },
  /** The file's bytes, or the code of the refusal. */
  async open(id: ModelId): Promise<ArrayBuffer | string> {
    try {
      return await (await (await store).open(id)).file.arrayBuffer();
    } catch (cause) {
      return cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    }
  },
  async remove(id: ModelId): Promise<void> {
    await (await store).remove(id);
  },
  async names(): Promise<string[]> {
    return (await directory).names();
  },
  async overwrite(name: string, content: Blob): Promise<void> {
    await (await directory).write(name, content);
  },
  reports(): Failure[] {
    return reports;
  },
};
export type StoreUnderTest = typeof remote;

expose(remote);
