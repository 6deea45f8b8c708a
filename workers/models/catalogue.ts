import { EngineError, type Failure, type ModelId, type ModelInfo, type ModelSource } from "../contract.ts";
import { checkFeatureContract } from "./contract-check.ts";
import { atDetail } from "./detail.ts";
import { featureSession, IMAGENET_INPUT, type FeatureSession } from "./feature-session.ts";
import type { ModelRuntime, ModelSession } from "./inference.ts";
import { openModelDirectory } from "./model-directory.ts";
import { checkOnnxHeader } from "./onnx-header.ts";
import { sha256OfBlob } from "./sha256.ts";
import { loadStarter, loadStarterManifest, starterInfo, type StarterManifest } from "./starter.ts";
import { describeModel, ModelStore, type StoredModel } from "./store.ts";

// The token grid's long side for models that say nothing: 448 px at patch 14.
const PREFERRED_PATCHES = 32;

const LONGEST_NAME = 200;

/** A person's model as a session: the usual input statistics, no token statistics. */
function toSession(session: ModelSession, { info, prefixTokens }: StoredModel): FeatureSession {
  const preferredLongSide = PREFERRED_PATCHES * info.patch;
  return featureSession(session, { info, prefixTokens, statistics: null, ...IMAGENET_INPUT, preferredLongSide });
}

/** Every feature model that can be used: the starter that ships with the app, and the person's own. */
export class ModelCatalogue {
  readonly #base: string;
  readonly #store: ModelStore;
  readonly #report: (failure: Failure) => void;

  private constructor(base: string, store: ModelStore, report: (failure: Failure) => void) {
    this.#base = base;
    this.#store = store;
    this.#report = report;
  }

  /**
   * @param base - URL that the app's files are relative to.
   * @param report - told of what went wrong without stopping anything: damaged records, a model that could not be kept.
   */
  static async open(base: string, report: (failure: Failure) => void): Promise<ModelCatalogue> {
    const directory = await openModelDirectory("models");
    return new ModelCatalogue(base, new ModelStore(directory, report), report);
  }

  /** False when the person's models are gone with the page. */
  get persists(): boolean {
    return this.#store.persists;
  }

  /** The starter first (left out where it was not installed, reported when damaged), then the person's, oldest first. */
  async list(): Promise<ModelInfo[]> {
    const stored = await this.#store.list();
    const manifest = await this.#starterManifest();
    return manifest ? [starterInfo(manifest), ...stored] : stored;
  }

  /** Forgets a person's model; the starter stays. */
  forget(id: ModelId): Promise<void> {
    return this.#store.remove(id);
  }

  /**
   * Opens a model. A person's file is checked, probed and kept; when it cannot be kept it still works, and the reason is
   * reported.
   *
   * @throws EngineError model-not-onnx, model-wrong-contract, model-damaged, model-missing, model-failed, out-of-memory,
   *   gpu-lost, cancelled.
   */
  async openSession(source: ModelSource, runtime: ModelRuntime, signal?: AbortSignal): Promise<FeatureSession> {
    return atDetail(await this.#openStandard(source, runtime, signal), source.detail ?? "standard");
  }

  async #openStandard(source: ModelSource, runtime: ModelRuntime, signal?: AbortSignal): Promise<FeatureSession> {
    switch (source.kind) {
      case "starter":
        return this.#openStarter(runtime, signal);
      case "stored":
        return this.#openStored(await this.#store.open(source.id), runtime);
      case "file":
        return this.#openFile(source.file, runtime, signal);
    }
  }

  async #openStarter(runtime: ModelRuntime, signal: AbortSignal | undefined): Promise<FeatureSession> {
    const starter = await loadStarter(this.#base, signal);
    return featureSession(await runtime.open(starter.file), starter);
  }

  async #openStored(model: StoredModel, runtime: ModelRuntime): Promise<FeatureSession> {
    return toSession(await runtime.open(model.file), model);
  }

  async #openFile(file: File, runtime: ModelRuntime, signal: AbortSignal | undefined): Promise<FeatureSession> {
    const name = [...file.name].slice(0, LONGEST_NAME).join("") || "model.onnx";
    await checkOnnxHeader(file, name);
    const sha256 = await sha256OfBlob(file);
    const manifest = await this.#starterManifest();
    if (sha256 === manifest?.sha256) return this.#openStarter(runtime, signal);
    const session = await runtime.open(file);
    try {
      const model = describeModel(file, name, sha256, await checkFeatureContract(session, name));
      if (signal?.aborted) throw new EngineError("cancelled", "Loading the model was cancelled.");
      await this.#keep(model);
      return toSession(session, model);
    } catch (cause) {
      await session.close().catch(() => undefined);
      throw cause;
    }
  }

  /** Stores a model; one that cannot be stored still works until the page is closed. */
  async #keep(model: StoredModel): Promise<void> {
    try {
      await this.#store.put(model);
    } catch (cause) {
      if (!(cause instanceof EngineError)) throw cause;
      this.#report({ code: cause.code, message: cause.message, data: { ...cause.data, model: model.info.name } });
    }
  }

  /** The starter's description, or null where there is none or (reported) none that is valid. */
  async #starterManifest(): Promise<StarterManifest | null> {
    try {
      return await loadStarterManifest(this.#base);
    } catch (cause) {
      if (!(cause instanceof EngineError)) throw cause;
      if (cause.code !== "model-missing") {
        this.#report({ code: cause.code, message: cause.message, data: cause.data });
      }
      return null;
    }
  }
}
