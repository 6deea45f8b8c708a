import type { ModelSource } from "../../workers/contract.ts";
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
