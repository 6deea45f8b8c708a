import type { ClassId, RegionIndex } from "../../workers/contract.ts";
import { currentPicture } from "../store/images.ts";
import type { Action, App } from "./action.ts";

const hasPicture = ({ store }: App): boolean => currentPicture(store.getState()) !== null;

/** Shows the bare picture, or the colours again. */
export const toggleOverlay: Action = {
  id: "toggle-overlay",
  label: "Hide or show the colours",
  shortcut: "h",
  isAvailable: hasPicture,
  run: ({ store }) => store.getState().setView({ bare: !store.getState().bare }),
};

export const setOpacity: Action<number> = {
  id: "set-opacity",
  label: "Strength of the colours",
  shortcut: null,
  isAvailable: () => true,
  run: ({ store }, opacity) => store.getState().setView({ opacity }),
};

export const toggleHidden: Action<ClassId> = {
  id: "toggle-hidden",
  label: "Hide or show this class",
  shortcut: null,
  isAvailable: () => true,
  run({ store }, id) {
    const { hidden, setHidden } = store.getState();
    setHidden(id, !hidden.includes(id));
  },
};

export const toggleSolo: Action<ClassId> = {
  id: "toggle-solo",
  label: "Show this class alone",
  shortcut: null,
  isAvailable: () => true,
  run({ store }, id) {
    const { solo, setView } = store.getState();
    setView({ solo: solo === id ? null : id });
  },
};

/** Pins a region in the inspector; null lets it go. */
export const selectRegion: Action<RegionIndex | null> = {
  id: "select-region",
  label: "Inspect this region",
  shortcut: null,
  isAvailable: hasPicture,
  run({ store }, region) {
    store.getState().setView({ selected: region, ...(region === null ? {} : { tab: "inspector" }) });
  },
};

/** How sure the match must be before a region is named, 0..1. Values outside are brought to the nearest end. */
export const setThreshold: Action<number> = {
  id: "set-threshold",
  label: "How sure it must be",
  shortcut: null,
  isAvailable: () => true,
  run: ({ store }, threshold) => store.getState().setSettings({ threshold: Math.min(1, Math.max(0, threshold)) }),
};
