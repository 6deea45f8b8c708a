import * as v from "valibot";
import { EngineError, type Failure, type ModelId, type ModelInfo } from "../contract.ts";
import type { FeatureContract } from "./contract-check.ts";
import type { ModelDirectory } from "./model-directory.ts";
import { parseJson } from "./parse-json.ts";
import { sha256OfBlob } from "./sha256.ts";

const RECORD_VERSION = 1;
const WEIGHTS = ".onnx";
const RECORD = ".json";
const SET_ASIDE = ".damaged";

const count = v.pipe(v.number(), v.integer(), v.minValue(1));

/** What is kept beside a person's model file; both files are named by the model's SHA-256. */
const recordSchema = v.object({
  version: v.literal(RECORD_VERSION),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(500)),
  bytes: count,
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  patch: count,
  dimensions: count,
  prefixTokens: v.pipe(v.number(), v.integer(), v.minValue(0)),
  added: v.pipe(v.string(), v.isoTimestamp()),
});
type ModelRecord = v.InferOutput<typeof recordSchema>;

/** A person's model, with all that a session needs. */
export interface StoredModel {
  readonly info: ModelInfo;
  readonly prefixTokens: number;
  readonly file: Blob;
}

/** The id comes from the content: the same file is the same model. */
function toInfo(record: Omit<ModelInfo, "id" | "origin" | "licence">): ModelInfo {
  const { name, bytes, sha256, patch, dimensions } = record;
  return { id: `file-${sha256}` as ModelId, name, origin: "file", licence: "", bytes, sha256, patch, dimensions };
}

/** A person's file that was found to keep the features contract, ready to be kept. */
export function describeModel(file: Blob, name: string, sha256: string, contract: FeatureContract): StoredModel {
  const { patch, dimensions, prefixTokens } = contract;
  return { info: toInfo({ name, bytes: file.size, sha256, patch, dimensions }), prefixTokens, file };
}

/** Runs `work` while no other tab changes the stored models. */
async function exclusively<Value>(work: () => Promise<Value>): Promise<Value> {
  if (typeof navigator === "undefined" || !("locks" in navigator)) return work();
  return navigator.locks.request("lookalike-models", work);
}

/** The models that a person has loaded from files. Weights first, record last: what has a record is whole. */
export class ModelStore {
  readonly #directory: ModelDirectory;
  readonly #report: (failure: Failure) => void;

  /** @param report - told of records that were damaged and set aside. */
  constructor(directory: ModelDirectory, report: (failure: Failure) => void) {
    this.#directory = directory;
    this.#report = report;
  }

  /** False when the models are gone with the page. */
  get persists(): boolean {
    return this.#directory.persists;
  }

  /** All whole records, the oldest first. A damaged one is renamed and reported, its weights stay. */
  async list(): Promise<ModelInfo[]> {
    const names = await this.#directory.names();
    const records: ModelRecord[] = [];
    for (const name of names.filter((name) => name.endsWith(RECORD))) {
      const record = await this.#readRecord(name.slice(0, -RECORD.length));
      if (record) records.push(record);
    }
    return records.sort((one, other) => one.added.localeCompare(other.added)).map(toInfo);
  }

  /**
   * Keeps a model that was found good. Putting the same file again replaces its record.
   *
   * @throws EngineError storage-full, storage-unavailable; nothing half-written stays.
   */
  async put({ info, prefixTokens, file }: StoredModel): Promise<void> {
    const { name, bytes, sha256, patch, dimensions } = info;
    const added = new Date().toISOString();
    const record: ModelRecord = {
      version: RECORD_VERSION,
      name,
      bytes,
      sha256,
      patch,
      dimensions,
      prefixTokens,
      added,
    };
    await exclusively(async () => {
      const names = await this.#directory.names();
      await this.#removeInterrupted(names);
      if (!names.includes(sha256 + RECORD)) await this.#directory.write(sha256 + WEIGHTS, file);
      await this.#directory.write(sha256 + RECORD, new Blob([JSON.stringify(record)]));
      await this.#directory.remove(sha256 + SET_ASIDE);
    });
  }

  /**
   * @throws EngineError model-missing; model-damaged when the weights are not what they were when they were put;
   *   storage-unavailable.
   */
  async open(id: ModelId): Promise<StoredModel> {
    const record = await this.#recordOf(id);
    if (!record) throw new EngineError("model-missing", "That model is not stored here any more.", { id });
    const file = await this.#directory.read(record.sha256 + WEIGHTS);
    if (!file) throw new EngineError("model-damaged", `The weights of ${record.name} are gone.`, { id });
    if (file.size !== record.bytes || (await sha256OfBlob(file)) !== record.sha256) {
      throw new EngineError("model-damaged", `The stored file of ${record.name} has changed.`, { id });
    }
    return { info: toInfo(record), prefixTokens: record.prefixTokens, file };
  }

  /** Forgets a model; one that is not there is no error. */
  async remove(id: ModelId): Promise<void> {
    const sha256 = sha256Of(id);
    if (!sha256) return;
    await exclusively(async () => {
      await this.#directory.remove(sha256 + RECORD);
      await this.#directory.remove(sha256 + WEIGHTS);
    });
  }

  /** Weights without any record are left from a write that never ended. */
  async #removeInterrupted(names: readonly string[]): Promise<void> {
    for (const name of names.filter((name) => name.endsWith(WEIGHTS))) {
      const stem = name.slice(0, -WEIGHTS.length);
      if (!names.includes(stem + RECORD) && !names.includes(stem + SET_ASIDE)) await this.#directory.remove(name);
    }
  }

  async #recordOf(id: ModelId): Promise<ModelRecord | null> {
    const sha256 = sha256Of(id);
    return sha256 ? this.#readRecord(sha256) : null;
  }

  async #readRecord(stem: string): Promise<ModelRecord | null> {
    const file = await this.#directory.read(stem + RECORD);
    if (!file) return null;
    const text = await file.text();
    const parsed = v.safeParse(recordSchema, parseJson(text));
    if (parsed.success && parsed.output.sha256 === stem) return parsed.output;
    await exclusively(async () => {
      await this.#directory.write(stem + SET_ASIDE, new Blob([text]));
      await this.#directory.remove(stem + RECORD);
    });
    const message = "The record of a stored model could not be read and was set aside; load the model's file again.";
    this.#report({ code: "storage-damaged", message, data: { file: stem + RECORD } });
    return null;
  }
}

const sha256Of = (id: ModelId): string | null => /^file-([0-9a-f]{64})$/.exec(id)?.[1] ?? null;
