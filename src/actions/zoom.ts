import { currentPicture } from "../store/images.ts";
import type { Action, App } from "./action.ts";

const isAvailable = ({ store, page }: App): boolean =>
  page.canvas !== null && currentPicture(store.getState())?.info !== null;

export const zoomToFit: Action = {
  id: "zoom-to-fit",
  label: "Show the whole picture",
  shortcut: "0",
  isAvailable,
  run: ({ page }) => page.canvas?.fit(),
};

export const zoomIn: Action = {
  id: "zoom-in",
  label: "Zoom in",
  shortcut: "+",
  isAvailable,
  run: ({ page }) => page.canvas?.zoomIn(),
};

export const zoomOut: Action = {
  id: "zoom-out",
  label: "Zoom out",
  shortcut: "-",
  isAvailable,
  run: ({ page }) => page.canvas?.zoomOut(),
};
