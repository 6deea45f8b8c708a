import type { Detail, ModelSource } from "../../workers/contract.ts";
import { loadModel } from "../store/session.ts";
import { guarded, type Action } from "./action.ts";

/** Uses the starter or a stored model. */
export const chooseModel: Action<ModelSource> = {
  id: "use-model",
  label: "Use this model",
  shortcut: null,
  isAvailable: ({ store }) => store.getState().phase !== "broken",
  run: (app, source) => guarded(app, () => loadModel(app.engine, app.store, source)),
};

/** Changes how finely the model in use looks: it is opened anew, and references and pictures are shown to it again. */
export const setDetail: Action<Detail> = {
  id: "set-detail",
  label: "Detail",
  shortcut: null,
  isAvailable: ({ store }) => store.getState().phase === "ready",
  run: async (app, detail) => {
    const model = app.store.getState().status?.model;
    if (!model || model.detail === detail) return;
    const source =
      model.origin === "starter" ? { kind: "starter" as const } : { kind: "stored" as const, id: model.base };
    await chooseModel.run(app, { ...source, detail });
  },
};

/** Loads a feature model from a file, the given one or one that the person chooses. */
export const loadModelFile: Action<File | undefined> = {
  id: "load-model",
  label: "Load a model file…",
  shortcut: null,
  isAvailable: chooseModel.isAvailable,
  async run(app, given) {
    const file = given ?? (await app.page.pickFiles({ accept: ".onnx", multiple: false }))[0];
    if (file) await chooseModel.run(app, { kind: "file", file });
  },
};
