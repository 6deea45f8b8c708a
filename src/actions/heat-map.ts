import { findClass } from "../store/classes.ts";
import type { HeatWish } from "../store/heat.ts";
import { currentPicture } from "../store/images.ts";
import { inspectedRegion } from "../store/view.ts";
import type { Action, App } from "./action.ts";

/** The class of the region that is spoken of, else the first that has references, else whatever is under the pointer. */
function likelyWish({ store }: App): HeatWish {
  const state = store.getState();
  const index = inspectedRegion(state);
  const region = currentPicture(state)?.segmentation?.regions.find((entry) => entry.index === index);
  const own = findClass(state, region?.classId ?? region?.runnerUp ?? null);
  const chosen = own ?? state.bank.classes.find(({ references }) => references.some(({ enabled }) => enabled));
  return chosen ? { kind: "class", classId: chosen.id } : { kind: "here" };
}

/** Shows where something is in the picture, in place of the classes; null shows the classes again. */
export const showHeat: Action<HeatWish | null> = {
  id: "show-heat",
  label: "Show where it is",
  shortcut: null,
  isAvailable: ({ store }) => (currentPicture(store.getState())?.segmentation ?? null) !== null,
  run: ({ store }, heat) => store.getState().setView({ heat }),
};

/** The heat map on, or off again. */
export const toggleHeat: Action = {
  id: "toggle-heat",
  label: "Heat map: show or hide where a class is",
  shortcut: "m",
  isAvailable: showHeat.isAvailable,
  run(app) {
    const { heat } = app.store.getState();
    void showHeat.run(app, heat ? null : likelyWish(app));
  },
};
