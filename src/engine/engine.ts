import {
  EngineError,
  type Engine,
  type EngineEvent,
  type EngineMethod,
  type EngineOptions,
  type JobOptions,
  type ModelSource,
} from "../../workers/contract.ts";
import { WorkerLink, type WorkerPort } from "./worker-link.ts";

/** The engine as the page has it: the contract, plus the worker's life. */
export interface EngineProxy extends Engine {
  /** Hears the engine's events; returns how to stop. */
  subscribe(listener: (event: EngineEvent) => void): () => void;
  /** Hears that the worker was lost and started anew: canvases must be attached again. */
  onRestart(listener: (reason: EngineError) => void): () => void;
  /** Ends the worker and starts another with the same options and model: the only way to give WASM memory back. */
  restart(): void;
}

interface ProxyOptions {
  readonly spawn?: () => WorkerPort;
  /** See LinkOptions.patience. A model run on WASM blocks its thread, so this must outlast the slowest. */
  readonly patience?: number;
}

const PATIENCE_MS = 180_000;

function spawnWorker(): WorkerPort {
  return new Worker(new URL("../../workers/engine.worker.ts", import.meta.url), { type: "module", name: "engine" });
}

/**
 * Starts lazily: the worker is made by the first call. A worker that dies or hangs is replaced at once, started with
 * the last options and model; the calls that were pending are rejected, and the page is told by `onRestart`.
 */
export function createEngine({ spawn = spawnWorker, patience = PATIENCE_MS }: ProxyOptions = {}): EngineProxy {
  const listeners = new Set<(event: EngineEvent) => void>();
  const restartListeners = new Set<(reason: EngineError) => void>();
  let link: WorkerLink | null = null;
  let startOptions: EngineOptions | null = null;
  let model: ModelSource | null = null;

  const emit = (event: EngineEvent): void => {
    // A fresh worker is to work with the bank that this tab worked with.
    if (event.type === "banks" && startOptions) startOptions = { ...startOptions, bank: event.banks.current };
    for (const listener of listeners) listener(event);
  };

  const open = (): WorkerLink => {
    link ??= new WorkerLink(spawn(), {
      patience,
      onEvent: emit,
      onLost: (error) => replace(error),
    });
    return link;
  };

  /** Brings a fresh worker to where the old one was; a failure there is an event, as no call asked for it. */
  const replace = (reason: EngineError): void => {
    link = null;
    const resume = async (): Promise<void> => {
      if (!startOptions) return;
      emit({ type: "status", status: await call("start", [startOptions]) });
      if (model) await call("useModel", [model]);
    };
    resume().catch((cause: unknown) => {
      if (cause instanceof EngineError && cause.code !== "cancelled") {
        emit({ type: "notice", failure: { code: cause.code, message: cause.message, data: cause.data } });
      }
    });
    for (const listener of restartListeners) listener(reason);
  };

  const call = (method: EngineMethod, args: readonly unknown[], job?: JobOptions): Promise<never> => {
    let current: WorkerLink;
    try {
      current = open();
    } catch (cause) {
      return Promise.reject(
        new EngineError("engine-unsupported", "The engine could not be started.", { detail: String(cause) }),
      );
    }
    // The wire is untyped by nature; the signatures below are the contract's.
    return current.call(method, args, job?.signal, job?.onProgress) as Promise<never>;
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onRestart(listener) {
      restartListeners.add(listener);
      return () => restartListeners.delete(listener);
    },
    restart() {
      link?.close();
      replace(new EngineError("cancelled", "The engine was restarted."));
    },

    start(options) {
      startOptions = options;
      return call("start", [options]);
    },
    async useModel(source, job) {
      const info = await call("useModel", [source], job);
      model = source;
      return info;
    },
    models: () => call("models", []),
    forgetModel: (id) => call("forgetModel", [id]),

    inspect: (picture, job) => call("inspect", [picture], job),
    segment: (picture, settings, job) => call("segment", [picture, settings], job),
    explain: (picture, region, settings) => call("explain", [picture, region, settings]),
    whatIf: (picture, region, settings, job) => call("whatIf", [picture, region, settings], job),
    regionMap: (picture) => call("regionMap", [picture]),
    classMap: (picture, settings, job) => call("classMap", [picture, settings], job),
    proposalsAt: (picture, point, job) => call("proposalsAt", [picture, point], job),

    regionMask: (picture, region, settings) => call("regionMask", [picture, region, settings]),

    harvest: (pictures, settings) => call("harvest", [pictures, settings]),
    maskImage: (picture, mask) => call("maskImage", [picture, mask]),
    showHeat: (picture, query, settings, job) => call("showHeat", [picture, query, settings], job),
    hideHeat: () => call("hideHeat", []),

    bank: () => call("bank", []),
    addClass: (name, job) => call("addClass", [name], job),
    changeClass: (id, change) => call("changeClass", [id, change]),
    removeClass: (id) => call("removeClass", [id]),
    mergeClasses: (into, from) => call("mergeClasses", [into, from]),
    splitClass: (references, name) => call("splitClass", [references, name]),
    addReference: (id, picture, target, job) => call("addReference", [id, picture, target], job),
    importReferences: (picture, given, job) => call("importReferences", [picture, given], job),
    changeReferences: (ids, change) => call("changeReferences", [ids, change]),
    removeReferences: (ids) => call("removeReferences", [ids]),
    correctReference: (id, picture, target, job) => call("correctReference", [id, picture, target], job),
    banks: () => call("banks", []),
    newBank: (name) => call("newBank", [name]),
    renameBank: (id, name) => call("renameBank", [id, name]),
    duplicateBank: (id, name, job) => call("duplicateBank", [id, name], job),
    useBank: (id) => call("useBank", [id]),
    removeBank: (id) => call("removeBank", [id]),
    restoreBank: (id) => call("restoreBank", [id]),
    exportBank: (job) => call("exportBank", [], job),
    importBank: (file, into, job) => call("importBank", [file, into], job),
    advice: (job) => call("advice", [], job),
    undo: (step) => call("undo", [step]),
    redo: () => call("redo", []),
    referenceImage: (id) => call("referenceImage", [id]),

    addTypedClass: (typed, languages, job) => call("addTypedClass", [typed, languages], job),
    suggestNames: (text, languages) => call("suggestNames", [text, languages]),
    findPictograms: (text, languages) => call("findPictograms", [text, languages]),
    pictogramImage: (glyph) => call("pictogramImage", [glyph]),
    changePictograms: (id, change, subcategory, job) => call("changePictograms", [id, change, subcategory], job),
    readDataset: (files, job) => call("readDataset", [files], job),
    importDataset: (files, choice, job) => call("importDataset", [files, choice], job),
    refine: (picture, refinement, job) => call("refine", [picture, refinement], job),
    localise: (pictures, classId, job) => call("localise", [pictures, classId], job),

    searchPhotos: (name, providers, job) => call("searchPhotos", [name, providers], job),
    addPhotos: (id, photos, subcategory, job) => call("addPhotos", [id, photos, subcategory], job),
    forgetPhotos: () => call("forgetPhotos", []),

    attachCanvas: (canvas) => call("attachCanvas", [canvas]),
    show: (picture) => call("show", [picture]),
    overlayImage: (picture, settings, style, job) => call("overlayImage", [picture, settings, style], job),
    setView: (view) => call("setView", [view]),
    calibration: (classes, job) => call("calibration", [classes], job),
    describePicture: (picture, job) => call("describePicture", [picture], job),
    rememberTokens: (hash, tokens) => call("rememberTokens", [hash, tokens]),
    describeBank: (job) => call("describeBank", [], job),
    counters: () => call("counters", []),
    fault: (kind) => call("fault", [kind]),
  };
}
