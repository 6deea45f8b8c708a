import { isCancelled } from "../store/failure.ts";
import { report } from "../store/jobs.ts";
import type { Theme } from "../store/settings.ts";
import type { Action } from "./action.ts";

export const setTheme: Action<Theme> = {
  id: "set-theme",
  label: "Appearance",
  shortcut: null,
  isAvailable: () => true,
  run: ({ store }, theme) => store.getState().setSettings({ theme }),
};

/** Chooses what the engine runs on; it is started anew for that. */
export const setDevice: Action<"auto" | "wasm"> = {
  id: "set-device",
  label: "Run on",
  shortcut: null,
  isAvailable: () => true,
  run({ engine, store }, device) {
    const { threads } = store.getState();
    if (store.getState().device === device) return;
    store.getState().setSettings({ device });
    // The fresh worker is started with the options that were asked for last.
    engine.start({ device, threads }).catch((cause: unknown) => {
      if (!isCancelled(cause)) report(store, cause);
    });
    engine.restart();
  },
};
