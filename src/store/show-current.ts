import type { Engine, PictureId } from "../../workers/contract.ts";
import { currentPicture } from "./images.ts";
import { report } from "./jobs.ts";
import type { Store } from "./store.ts";

/**
 * Has the engine paint the current picture as soon as its size is known: here and not in a component, because it must
 * be asked for before the segmentation that follows in the same turn, or the picture would be seen only after that.
 */
export function showCurrent(engine: Engine, store: Store): void {
  let shown: PictureId | null = null;
  let generation = store.getState().canvasGeneration;

  const refresh = (): void => {
    const state = store.getState();
    const picture = currentPicture(state);
    const source = picture?.info ? picture.source : null;
    const next = source?.id ?? null;
    if (next === shown && state.canvasGeneration === generation) return;
    shown = next;
    generation = state.canvasGeneration;
    engine.show(source).catch((cause: unknown) => report(store, cause));
  };

  store.subscribe((state, before) => {
    if (
      state.pictures !== before.pictures ||
      state.currentId !== before.currentId ||
      state.canvasGeneration !== before.canvasGeneration
    ) {
      refresh();
    }
  });
}
