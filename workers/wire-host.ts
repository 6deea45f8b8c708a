import { transfer } from "comlink";
import {
  EngineError,
  type CallId,
  type Engine,
  type EngineEvent,
  type EngineMethod,
  type EngineWire,
  type Failure,
  type JobOptions,
  type Outcome,
  type WireMessage,
} from "./contract.ts";

/** How many arguments each method takes before its JobOptions; null for methods that take none. */
const JOB_ARGUMENT: Record<EngineMethod, number | null> = {
  start: null,
  useModel: 1,
  models: null,
  forgetModel: null,
  inspect: 1,
  segment: 2,
  explain: null,
  whatIf: 3,
  regionMap: null,
  classMap: 2,
  proposalsAt: 2,
  regionMask: null,
  harvest: null,
  maskImage: null,
  showHeat: 3,
  hideHeat: null,
  bank: null,
  addClass: 1,
  changeClass: null,
  removeClass: null,
  mergeClasses: null,
  splitClass: null,
  addReference: 3,
  importReferences: 2,
  changeReferences: null,
  removeReferences: null,
  correctReference: 3,
  banks: null,
  newBank: null,
  renameBank: null,
  duplicateBank: 2,
  useBank: null,
  removeBank: null,
  restoreBank: null,
  exportBank: 0,
  importBank: 2,
  advice: 0,
  undo: null,
  redo: null,
  referenceImage: null,
  addTypedClass: 2,
  suggestNames: null,
  findPictograms: null,
  pictogramImage: null,
  changePictograms: 3,
  searchPhotos: 2,
  addPhotos: 3,
  forgetPhotos: null,
  localise: 2,
  readDataset: 1,
  importDataset: 2,
  refine: 2,
  attachCanvas: null,
  show: null,
  overlayImage: 3,
  setView: null,
  calibration: 1,
  describePicture: 1,
  rememberTokens: null,
  describeBank: 0,
  counters: null,
  fault: null,
};

/** An error of any kind as the closed set's failure; what the engine did not foresee is "internal". */
export function toFailure(cause: unknown): Failure {
  if (cause instanceof EngineError) return { code: cause.code, message: cause.message, data: cause.data };
  const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  if (/out of memory|bad_alloc|Array buffer allocation failed|Invalid typed array length/i.test(text)) {
    return { code: "out-of-memory", message: "There was not enough memory.", data: { detail: text } };
  }
  const stack = cause instanceof Error && cause.stack ? cause.stack.slice(0, 2000) : "";
  return { code: "internal", message: "The engine met an error it did not expect.", data: { detail: text, stack } };
}

/** Buffers of a result, so that label maps are moved and not copied. Results are one level deep by contract. */
function buffersOf(value: unknown): ArrayBuffer[] {
  if (typeof value !== "object" || value === null) return [];
  const buffers: ArrayBuffer[] = [];
  for (const part of Object.values(value)) {
    if (ArrayBuffer.isView(part) && part.buffer instanceof ArrayBuffer) buffers.push(part.buffer);
  }
  return buffers;
}

/** Keeps a Web Lock for as long as this worker lives: whoever gets it afterwards knows that the worker has died. */
async function holdLifeLock(): Promise<string> {
  const name = `lookalike-engine-${crypto.randomUUID()}`;
  if (typeof navigator === "undefined" || !("locks" in navigator)) return "";
  await new Promise<void>((granted) => {
    void navigator.locks.request(name, () => {
      granted();
      return new Promise<never>(() => undefined);
    });
  });
  return name;
}

/** Exposes an engine to the page. `subscribe` hands over the engine's events. */
export function hostEngine(engine: Engine, subscribe: (listener: (event: EngineEvent) => void) => void): EngineWire {
  const running = new Map<CallId, AbortController>();
  let send: (message: WireMessage) => void = () => undefined;
  subscribe((event) => send({ type: "event", event }));

  return {
    connect(listener) {
      send = listener;
      return holdLifeLock();
    },

    async call(id, method, args): Promise<Outcome<unknown>> {
      const controller = new AbortController();
      running.set(id, controller);
      const job: JobOptions = {
        signal: controller.signal,
        onProgress: (progress) => send({ type: "progress", call: id, progress }),
      };
      const at = JOB_ARGUMENT[method];
      const full: unknown[] = at === null ? [...args] : [...args.slice(0, at), job];
      try {
        const invoke = engine[method] as (...parameters: unknown[]) => Promise<unknown>;
        const value = await invoke.apply(engine, full);
        const buffers = buffersOf(value);
        const outcome: Outcome<unknown> = { ok: true, value };
        return buffers.length > 0 ? transfer(outcome, buffers) : outcome;
      } catch (cause) {
        return { ok: false, failure: toFailure(cause) };
      } finally {
        running.delete(id);
      }
    },

    abort(id) {
      running.get(id)?.abort();
    },
  };
}
