import type { EngineOptions, NameLanguage } from "../../workers/contract.ts";
import { runJob } from "../store/jobs.ts";
import type { Theme } from "../store/settings.ts";
import { guarded, type Action } from "./action.ts";

export const setTheme: Action<Theme> = {
  id: "set-theme",
  label: "Appearance",
  shortcut: null,
  isAvailable: () => true,
  run: ({ store }, theme) => store.getState().setSettings({ theme }),
};

/** Chooses what the engine runs on; it is started anew for that. */
export const setDevice: Action<EngineOptions["device"]> = {
  id: "set-device",
  label: "Run on",
  shortcut: null,
  isAvailable: () => true,
  run: (app, device) =>
    guarded(app, async () => {
      const { engine, store } = app;
      const { threads } = store.getState();
      if (store.getState().device === device) return;
      store.getState().setSettings({ device });
      const status = await runJob(store, { label: "Changing what it runs on" }, () =>
        engine.start({ device, threads }),
      );
      store.getState().takeStatus(status);
    }),
};

/** Switches a language in which names are understood on or off; it is asked after those that were on before. */
export const setLanguage: Action<{ readonly language: NameLanguage; readonly on: boolean }> = {
  id: "set-language",
  label: "Understand names in",
  shortcut: null,
  isAvailable: () => true,
  run: ({ store }, { language, on }) => {
    const others = store.getState().languages.filter((one) => one !== language);
    store.getState().setSettings({ languages: on ? [...others, language] : others });
  },
};
