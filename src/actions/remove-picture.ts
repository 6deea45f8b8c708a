import type { PictureId } from "../../workers/contract.ts";
import { findPicture } from "../store/images.ts";
import type { Action } from "./action.ts";

/** Removes a picture, by default the current one; the message that says so can undo it. */
export const removePicture: Action<PictureId | undefined> = {
  id: "remove-picture",
  label: "Remove this picture",
  shortcut: "Delete",
  isAvailable: ({ store }) => store.getState().currentId !== null,
  run({ store }, id) {
    const state = store.getState();
    const picture = findPicture(state, id ?? state.currentId);
    if (!picture) return;
    const at = state.pictures.indexOf(picture);
    const wasCurrent = state.currentId === picture.source.id;
    state.dropPicture(picture.source.id);
    state.notify({
      message: `${picture.source.name} was removed.`,
      undo: () => {
        const settled = picture.state === "working" ? { ...picture, state: "waiting" as const } : picture;
        store.getState().insertPictures([settled], Math.min(at, store.getState().pictures.length));
        if (wasCurrent) store.getState().setCurrent(picture.source.id);
      },
    });
  },
};
