import type { Engine, Segmentation } from "../../workers/contract.ts";
import { currentPicture } from "./images.ts";
import { toFailure } from "./failure.ts";
import { report } from "./jobs.ts";
import type { Segmenter } from "./segmentation.ts";
import type { Store } from "./store.ts";

/** Keeps the current picture's region map at hand, so that hovering asks the engine for nothing. */
export function keepRegionMap(engine: Engine, store: Store, segmenter: Segmenter): void {
  let fetched: Segmentation | null = null;
  let busy = false;

  const refresh = async (): Promise<void> => {
    const picture = currentPicture(store.getState());
    const segmentation = picture?.segmentation ?? null;
    if (busy || !picture || !segmentation || picture.state !== "done") return;
    if (segmentation === fetched && store.getState().regionMap?.picture === picture.source.id) return;
    busy = true;
    fetched = segmentation;
    try {
      const map = await engine.regionMap(picture.source);
      if (store.getState().currentId === picture.source.id) {
        store.getState().setRegionMap({ picture: picture.source.id, map });
      }
    } catch (cause) {
      // The engine keeps the results of the last few pictures only: this one is to be labelled again.
      if (toFailure(cause).code === "picture-missing") segmenter.renew(picture.source.id);
      else report(store, cause);
    }
    busy = false;
    if (currentPicture(store.getState())?.segmentation !== segmentation) await refresh();
  };

  store.subscribe((state, before) => {
    if (state.pictures !== before.pictures || state.currentId !== before.currentId) void refresh();
  });
}
