import type { ModelId } from "../../workers/contract.ts";
import { loadModel } from "../store/session.ts";
import { guarded, type Action } from "./action.ts";

/** Removes a stored model from this device; when it was in use, the starter takes its place. */
export const forgetModel: Action<ModelId> = {
  id: "forget-model",
  label: "Remove this model",
  shortcut: null,
  isAvailable: () => true,
  run: (app, id) =>
    guarded(app, async () => {
      const { engine, store } = app;
      if (store.getState().status?.model?.base === id) await loadModel(engine, store, { kind: "starter" });
      await engine.forgetModel(id);
      store.getState().setSettings({ models: await engine.models() });
    }),
};
