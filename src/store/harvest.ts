import type { StateCreator } from "zustand/vanilla";
import type { Engine, HarvestCandidate, PictureId } from "../../workers/contract.ts";
import { isCancelled } from "./failure.ts";
import { findPicture } from "./images.ts";
import { report } from "./jobs.ts";
import { matchSettings } from "./segmentation.ts";
import type { Store, StoreState } from "./store.ts";

export interface HarvestSlice {
  /** Regions of the pictures that are likely of a class, to be confirmed; by class, the first to look at first. */
  readonly harvest: readonly HarvestCandidate[];
  /** Pictures that are being looked through for the first time under these classes; 0 when none. */
  readonly harvesting: number;
  setHarvest(change: Partial<Pick<HarvestSlice, "harvest" | "harvesting">>): void;
}

export const createHarvest: StateCreator<StoreState, [], [], HarvestSlice> = (set) => ({
  harvest: [],
  harvesting: 0,
  setHarvest: (change) => set(change),
});

/** Long enough that nothing is offered in the middle of work. */
const REST_MS = 1200;

/** Whether nothing is under way and there is something to look for. */
const isIdle = ({ phase, jobs, pictures, bank }: StoreState): boolean =>
  phase === "ready" &&
  jobs.length === 0 &&
  pictures.every(({ state }) => state !== "working" && state !== "waiting") &&
  bank.classes.some(({ references }) => references.length > 0);

/**
 * Keeps the offers up to date whenever the page rests. Pictures that were not segmented for the present classes are
 * segmented one by one, as long as the rest lasts.
 */
export function keepHarvest(engine: Engine, store: Store, rest: number = REST_MS): void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let controller: AbortController | null = null;
  let waits = false;

  const ask = async (signal: AbortSignal): Promise<readonly PictureId[]> => {
    const state = store.getState();
    const pictures = state.pictures
      .filter(({ segmentation }) => segmentation !== null)
      .map(({ source, dismissed }) => ({ source, dismissed }));
    const { candidates, stale } = await engine.harvest(pictures, matchSettings(state));
    if (!signal.aborted) store.getState().setHarvest({ harvest: candidates });
    return signal.aborted ? [] : stale;
  };

  const look = async (signal: AbortSignal): Promise<void> => {
    const stale = await ask(signal);
    for (const [done, id] of stale.entries()) {
      store.getState().setHarvest({ harvesting: stale.length - done });
      const picture = findPicture(store.getState(), id);
      if (picture && !signal.aborted) await engine.segment(picture.source, matchSettings(store.getState()), { signal });
    }
    if (stale.length > 0 && !signal.aborted) await ask(signal);
  };

  const begin = async (): Promise<void> => {
    timer = null;
    if (!isIdle(store.getState())) return;
    if (controller) {
      waits = true;
      return;
    }
    controller = new AbortController();
    try {
      await look(controller.signal);
    } catch (cause) {
      if (!isCancelled(cause)) report(store, cause);
    }
    controller = null;
    store.getState().setHarvest({ harvesting: 0 });
    if (waits) {
      waits = false;
      restart();
    }
  };

  const restart = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => void begin(), rest);
  };

  store.subscribe((state, before) => {
    const changed =
      state.bank !== before.bank ||
      state.pictures !== before.pictures ||
      state.jobs !== before.jobs ||
      state.phase !== before.phase;
    if (!changed) return;
    if (controller && !isIdle(state)) controller.abort();
    if (state.bank !== before.bank) {
      const classes = new Set(state.bank.classes.map(({ id }) => id));
      if (state.harvest.some(({ classId }) => !classes.has(classId))) {
        state.setHarvest({ harvest: state.harvest.filter(({ classId }) => classes.has(classId)) });
      }
    }
    restart();
  });
}
