import type { EngineEvent, ModelSource } from "../../workers/contract.ts";
import type { EngineProxy } from "../engine/engine.ts";
import { NO_HISTORY } from "./classes.ts";
import { adviceFor, isCancelled } from "./failure.ts";
import { keepHarvest } from "./harvest.ts";
import { keepHeat } from "./heat.ts";
import { report, runJob } from "./jobs.ts";
import { keepPictures } from "./keep-pictures.ts";
import type { PictureShelf } from "./picture-shelf.ts";
import { keepRegionMap } from "./region-map.ts";
import { showCurrent } from "./show-current.ts";
import { startSegmenter, type Segmenter } from "./segmentation.ts";
import type { Store } from "./store.ts";

function applyEvent(engine: EngineProxy, store: Store, event: EngineEvent): void {
  const state = store.getState();
  switch (event.type) {
    case "status":
      // A canvas that WebGPU has painted cannot be painted in 2D: when the device is gone for good, another takes its place.
      if (state.status?.painter === "webgpu" && event.status.painter === "none") state.renewCanvas();
      state.takeStatus(event.status);
      return;
    case "bank":
      if (!state.takeChange(event.change)) readBank(engine, store);
      return;
    case "banks":
      state.takeBanks(event.banks);
      if (event.banks.current !== state.bank.id) readBank(engine, store);
      return;
    case "history":
      state.takeHistory(event.history);
      return;
    case "notice":
      // A fresh worker whose model cannot be loaded again says so in a notice, as no call of the page waits for it.
      if (state.phase === "starting" && event.failure.code.startsWith("model-"))
        state.setSettings({ phase: "no-model" });
      state.notify({ kind: "error", message: event.failure.message, advice: adviceFor(event.failure) });
  }
}

/** Asks for the whole bank. */
function readBank(engine: EngineProxy, store: Store): void {
  engine.bank().then(
    (bank) => store.getState().takeBank(bank),
    (cause: unknown) => report(store, cause),
  );
}

/**
 * Loads a model, at the detail of the settings unless the source says another, and makes both those to start with next time.
 * Rejects with an EngineError; the old one then stays.
 */
export async function loadModel(engine: EngineProxy, store: Store, chosen: ModelSource): Promise<void> {
  const { phase: before, detail } = store.getState();
  const source = { detail, ...chosen };
  store.getState().setSettings({ phase: "starting" });
  try {
    const model = await runJob(store, { label: "Loading the model" }, (job) => engine.useModel(source, job));
    const { status, setSettings } = store.getState();
    setSettings({
      phase: "ready",
      modelId: model.origin === "starter" ? null : model.base,
      detail: model.detail,
      status: status && { ...status, model },
    });
  } catch (cause) {
    store.getState().setSettings({ phase: before === "ready" ? "ready" : "no-model" });
    throw cause;
  }
  store.getState().setSettings({ models: await engine.models() });
}

/** The model used last as it was used, or the starter at standard detail when that one cannot be had. */
async function loadFirstModel(engine: EngineProxy, store: Store): Promise<void> {
  const { modelId, detail } = store.getState();
  const isStarter = modelId === null;
  try {
    await loadModel(engine, store, isStarter ? { kind: "starter" } : { kind: "stored", id: modelId });
    return;
  } catch (cause) {
    if (isStarter && detail === "standard") throw cause;
    report(store, cause);
  }
  await loadModel(engine, store, { kind: "starter", detail: "standard" });
}

async function startEngine(engine: EngineProxy, store: Store): Promise<void> {
  const { device, threads, bankId } = store.getState();
  try {
    store.getState().takeStatus(await engine.start({ device, threads, bank: bankId }));
  } catch (cause) {
    if (isCancelled(cause)) return;
    store.getState().setSettings({ phase: "broken" });
    report(store, cause);
    return;
  }
  try {
    store.getState().takeBanks(await engine.banks());
    store.getState().takeBank(await engine.bank());
    store.getState().setSettings({ models: await engine.models() });
  } catch (cause) {
    report(store, cause);
  }
  try {
    await loadFirstModel(engine, store);
  } catch (cause) {
    if (store.getState().phase === "starting") store.getState().setSettings({ phase: "no-model" });
    report(store, cause);
  }
}

/** What a running session offers to actions. */
export interface Session {
  readonly segmenter: Segmenter;
  /** Resolves when last time's pictures are back and the engine has its model, or when that has failed and been told. */
  readonly started: Promise<void>;
}

/** Connects store and engine for the life of the page: events, pictures kept, everything segmented as wished. */
export function startSession(engine: EngineProxy, store: Store, shelf: PictureShelf): Session {
  // Before the segmenter: what is current is shown first and then worked on.
  showCurrent(engine, store);
  const segmenter = startSegmenter(engine, store);
  keepRegionMap(engine, store, segmenter);
  keepHeat(engine, store);
  keepHarvest(engine, store);
  engine.subscribe((event) => applyEvent(engine, store, event));
  engine.onRestart((reason) => {
    const state = store.getState();
    // A fresh worker counts its bank's revisions from what it reads: no older one may be preferred to it.
    store.setState({
      status: null,
      phase: "starting",
      bank: { ...state.bank, revision: -1 },
      history: NO_HISTORY,
    });
    state.renewCanvas();
    segmenter.forgetResults();
    report(store, reason);
    // A fresh worker has no bank to give before it says that it runs.
    const stop = engine.subscribe((event) => {
      if (event.type !== "status") return;
      stop();
      readBank(engine, store);
    });
  });
  const started = Promise.all([keepPictures(store, shelf), startEngine(engine, store)]).then(() => undefined);
  return { segmenter, started };
}
