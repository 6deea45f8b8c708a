import type { PictureId } from "../../workers/contract.ts";
import type { Action, App } from "./action.ts";

/** Steps through the gallery, round its ends. */
function step({ store }: App, by: 1 | -1): void {
  const { pictures, currentId, setCurrent } = store.getState();
  const index = pictures.findIndex((picture) => picture.source.id === currentId);
  const next = pictures.at((index + by) % pictures.length);
  if (next) setCurrent(next.source.id);
}

const isAvailable = ({ store }: App): boolean => store.getState().pictures.length > 1;

export const goToPicture: Action<PictureId> = {
  id: "go-to-picture",
  label: "Show this picture",
  shortcut: null,
  isAvailable: () => true,
  run: ({ store }, id) => store.getState().setCurrent(id),
};

export const nextPicture: Action = {
  id: "next-picture",
  label: "Next picture",
  shortcut: "]",
  isAvailable,
  run: (app) => step(app, 1),
};

export const previousPicture: Action = {
  id: "previous-picture",
  label: "Previous picture",
  shortcut: "[",
  isAvailable,
  run: (app) => step(app, -1),
};
