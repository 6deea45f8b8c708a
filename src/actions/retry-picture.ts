import type { PictureId } from "../../workers/contract.ts";
import { currentPicture } from "../store/images.ts";
import type { Action } from "./action.ts";

/** Tries a failed or stopped picture once more, by default the current one. */
export const retryPicture: Action<PictureId | undefined> = {
  id: "retry-picture",
  label: "Try this picture again",
  shortcut: null,
  isAvailable({ store }) {
    const state = currentPicture(store.getState())?.state;
    return state === "failed" || state === "stopped";
  },
  run({ segmenter, store }, id) {
    const picture = id ?? store.getState().currentId;
    if (picture !== null) segmenter.retry(picture);
  },
};
