import type {
  Bank,
  Engine,
  JobOptions,
  MatchSettings,
  ModelId,
  PictureId,
  Progress,
  Segmentation,
} from "../../workers/contract.ts";
import { isCancelled, toFailure } from "./failure.ts";
import { holdBack, type HeldBack } from "./hold-back.ts";
import { currentPicture, findPicture, type Picture } from "./images.ts";
import { runJob } from "./jobs.ts";
import type { Store, StoreState } from "./store.ts";

/** What the person presently wants of every picture. */
interface Wish extends MatchSettings {
  /** Equal wishes have equal keys. */
  readonly key: string;
  readonly model: ModelId;
}

/** Keeps all pictures segmented as the person presently wishes. */
export interface Segmenter {
  /** No picture is begun until the returned function is called, and one in the background makes way. */
  hold(): () => void;
  /** Tries a failed or stopped picture once more. */
  retry(id: PictureId): void;
  /** The engine no longer has what it made of a picture: it is to be made again when looked at. */
  renew(id: PictureId): void;
  /** The engine lost what it had: everything is to be segmented anew. */
  forgetResults(): void;
}

interface Running {
  readonly picture: PictureId;
  readonly model: ModelId | null;
  readonly controller: AbortController;
}

/** Milliseconds in which a picture's progress is not shown: moving a slider takes less. */
const QUIET = 80;
/** A worker that was lost under a picture may have been lost because of it: one more try, not two. */
const TRIES = 2;
const ENGINE_TROUBLE = new Set(["engine-lost", "engine-stuck", "gpu-lost"]);

const membership = new WeakMap<Bank, string>();

/** Which classes and references take part. Names and colours are left out: they change nothing in a label map. */
function membersOf(bank: Bank): string {
  const known = membership.get(bank);
  if (known !== undefined) return known;
  const members = bank.classes
    .map(({ id, references }) => `${id}:${references.map((entry) => entry.id + (entry.enabled ? "+" : "-")).join(",")}`)
    .join(" ");
  membership.set(bank, members);
  return members;
}

function wishOf(state: StoreState): Wish | null {
  const model = state.status?.model;
  if (state.phase !== "ready" || !model) return null;
  return {
    key: `${model.id} ${state.threshold} ${membersOf(state.bank)}`,
    model: model.id,
    ...matchSettings(state),
  };
}

/** What the engine is asked to match by. */
export function matchSettings(state: StoreState): MatchSettings {
  return { classes: state.bank.classes.map((entry) => entry.id), threshold: state.threshold };
}

/** What a result of the picture would be made for: the wish, and what the person named in it by hand. */
function resultKey({ source }: Picture, wish: Wish): string {
  return `${wish.key} ${(source.corrections ?? []).map(({ id }) => id).join(" ")}`;
}

/** Whether the person's wish asks for another run of the picture in front of them. */
function isDue(picture: Picture, wish: Wish): boolean {
  return picture.state !== "failed" && picture.state !== "working" && picture.segmentedFor !== resultKey(picture, wish);
}

/** In the background a picture is prepared once for a model; what a newer wish makes of it waits until it is looked at. */
function isDueInBackground(picture: Picture, wish: Wish): boolean {
  return isDue(picture, wish) && picture.state === "waiting" && picture.segmentation?.model !== wish.model;
}

const needsInspection = (picture: Picture): boolean => picture.info === null && picture.state === "waiting";

/** Regions are numbered anew with every result: the pinned one is found again by its extent, or let go. */
function keepSelection(store: Store, next: Segmentation): void {
  const state = store.getState();
  const before = currentPicture(state)?.segmentation?.regions.find((region) => region.index === state.selected);
  const after =
    before &&
    next.regions.find(
      ({ area, box }) =>
        area === before.area &&
        box.x === before.box.x &&
        box.y === before.box.y &&
        box.width === before.box.width &&
        box.height === before.box.height,
    );
  state.setView({ hovered: null, selected: after?.index ?? null });
}

/**
 * One request at a time. The current picture goes first and cancels one in the background; the others follow in order.
 * A newer wish for the picture that is running waits for it instead of cancelling it: what runs (decoding, describing)
 * is needed by the newer wish too, and a slider that cancelled at every step would never show anything.
 */
export function startSegmenter(engine: Engine, store: Store): Segmenter {
  let running: Running | null = null;
  let holds = 0;
  let lastModel: ModelId | null = null;
  const tries = new Map<PictureId, number>();

  const next = (state: StoreState, wish: Wish | null): Picture | null => {
    const current = currentPicture(state);
    if (current && (needsInspection(current) || (wish && isDue(current, wish)))) return current;
    const uninspected = state.pictures.find(needsInspection);
    if (uninspected) return uninspected;
    return (wish && state.pictures.find((picture) => isDueInBackground(picture, wish))) ?? null;
  };

  const shouldStop = (state: StoreState, job: Running, wish: Wish | null): boolean => {
    if (!findPicture(state, job.picture)) return true;
    if (job.model !== null && job.model !== wish?.model) return true;
    const current = currentPicture(state);
    const currentIsDue = current !== null && (needsInspection(current) || (wish !== null && isDue(current, wish)));
    return job.picture !== state.currentId && (currentIsDue || holds > 0);
  };

  const process = async (picture: Picture, wish: Wish | null, job: Required<JobOptions>): Promise<void> => {
    const held = holdBack<Progress>((progress) => {
      job.onProgress(progress);
      store.getState().updatePicture(picture.source.id, { progress });
    }, QUIET);
    try {
      await processQuietly(picture, wish, job.signal, held);
    } finally {
      held.stop();
    }
  };

  const processQuietly = async (
    picture: Picture,
    wish: Wish | null,
    signal: AbortSignal,
    held: HeldBack<Progress>,
  ): Promise<void> => {
    const { id } = picture.source;
    const update = store.getState().updatePicture;
    const onProgress = (progress: Progress): void => held.tell(progress);
    if (!picture.info) {
      const info = await engine.inspect(picture.source, { signal, onProgress });
      update(id, { info });
    }
    // Inspecting alone comes first for all pictures in the background: their tiles fill at once.
    if (!wish || (!picture.info && id !== store.getState().currentId)) {
      update(id, { state: "waiting", progress: null });
      return;
    }
    const { classes, threshold } = wish;
    const segmentation = await engine.segment(picture.source, { classes, threshold }, { signal, onProgress });
    tries.delete(id);
    if (store.getState().currentId === id) keepSelection(store, segmentation);
    update(id, { state: "done", progress: null, segmentation, segmentedFor: resultKey(picture, wish) });
  };

  const settle = (picture: Picture, wish: Wish | null, cause: unknown, controller: AbortController): void => {
    const { id } = picture.source;
    const update = store.getState().updatePicture;
    if (isCancelled(cause)) {
      // Making way for another is `controller`; anything else was the person.
      if (controller.signal.aborted || !wish) update(id, { state: "waiting", progress: null });
      else update(id, { state: "stopped", progress: null, segmentedFor: resultKey(picture, wish) });
      return;
    }
    const failure = toFailure(cause);
    const tried = (tries.get(id) ?? 0) + 1;
    tries.set(id, tried);
    if (ENGINE_TROUBLE.has(failure.code) && tried < TRIES) update(id, { state: "waiting", progress: null });
    else update(id, { state: "failed", progress: null, failure });
  };

  const run = async (picture: Picture, wish: Wish | null): Promise<void> => {
    const controller = new AbortController();
    running = { picture: picture.source.id, model: wish?.model ?? null, controller };
    store.getState().updatePicture(picture.source.id, { state: "working", progress: null, failure: null });
    try {
      await runJob(
        store,
        { label: picture.source.name, picture: picture.source.id, signal: controller.signal },
        (job) => process(picture, wish, job),
      );
    } catch (cause) {
      settle(picture, wish, cause, controller);
    }
    running = null;
    pump();
  };

  const pump = (): void => {
    const state = store.getState();
    if (!state.status || state.phase === "broken") return;
    const wish = wishOf(state);
    if (running) {
      if (shouldStop(state, running, wish)) running.controller.abort();
      return;
    }
    const picture = holds > 0 ? null : next(state, wish);
    if (picture) void run(picture, wish);
  };

  /** Failures that another model, or another device, may not have. */
  const forgiveFailures = (): void => {
    for (const { source, failure } of store.getState().pictures) {
      if (failure && !failure.code.startsWith("picture-"))
        store.getState().updatePicture(source.id, { state: "waiting" });
    }
  };

  store.subscribe((state, before) => {
    const model = state.status?.model?.id ?? null;
    if (model !== null && model !== lastModel) {
      const first = lastModel === null;
      lastModel = model;
      if (!first) forgiveFailures();
    }
    if (
      state.pictures !== before.pictures ||
      state.currentId !== before.currentId ||
      state.bank !== before.bank ||
      state.threshold !== before.threshold ||
      state.phase !== before.phase ||
      state.status !== before.status
    ) {
      pump();
    }
  });

  return {
    hold() {
      holds += 1;
      pump();
      let released = false;
      return () => {
        if (released) return;
        released = true;
        holds -= 1;
        pump();
      };
    },
    retry(id) {
      tries.delete(id);
      store.getState().updatePicture(id, { state: "waiting", failure: null, segmentedFor: null });
    },
    renew(id) {
      if (findPicture(store.getState(), id)?.state === "done") {
        store.getState().updatePicture(id, { state: "waiting", segmentedFor: null });
      }
    },
    forgetResults() {
      for (const { source, state } of store.getState().pictures) {
        store
          .getState()
          .updatePicture(source.id, { segmentedFor: null, ...(state === "done" ? { state: "waiting" } : {}) });
      }
      store.getState().setRegionMap(null);
    },
  };
}
