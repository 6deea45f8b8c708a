import type { Action } from "./action.ts";

/** Removes all pictures that failed; the message that says so can undo it. */
export const removeFailed: Action = {
  id: "remove-failed",
  label: "Remove the pictures that failed",
  shortcut: null,
  isAvailable: ({ store }) => store.getState().pictures.some((picture) => picture.state === "failed"),
  run({ store }) {
    const { pictures, dropPicture, notify } = store.getState();
    const failed = pictures.flatMap((picture, at) => (picture.state === "failed" ? [{ picture, at }] : []));
    for (const { picture } of failed) dropPicture(picture.source.id);
    notify({
      message: failed.length === 1 ? "1 picture was removed." : `${failed.length} pictures were removed.`,
      undo: () => {
        // From the first to the last, so that each finds its old place.
        for (const { picture, at } of failed) store.getState().insertPictures([picture], at);
      },
    });
  },
};
