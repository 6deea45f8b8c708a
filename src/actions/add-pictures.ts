import { toFailure } from "../store/failure.ts";
import { newPicture, type Picture } from "../store/images.ts";
import type { Action, App } from "./action.ts";
import { loadModelFile } from "./load-model.ts";
import { newPictureId, PICTURE_TYPES, toPictureSource } from "./picture-files.ts";

const isModel = (file: File): boolean => /\.onnx$/i.test(file.name);

/** One file as a picture of the gallery; one that cannot even be prepared stands there with its failure. */
async function toPicture(file: File, app: App): Promise<Picture> {
  try {
    return newPicture(await toPictureSource(file, app.page));
  } catch (cause) {
    const source = { id: newPictureId(), name: file.name, blob: file };
    return { ...newPicture(source), state: "failed", failure: toFailure(cause) };
  }
}

/** Adds the given files, or lets the person choose some. A model among them is loaded as one. */
export const addPictures: Action<readonly File[] | undefined> = {
  id: "add-pictures",
  label: "Add pictures…",
  shortcut: "$mod+o",
  isAvailable: () => true,
  async run(app, given) {
    const files = given ?? (await app.page.pickFiles({ accept: PICTURE_TYPES, multiple: true }));
    const model = files.find(isModel);
    const pictures = await Promise.all(files.filter((file) => !isModel(file)).map((file) => toPicture(file, app)));
    const state = app.store.getState();
    state.insertPictures(pictures);
    const first = pictures.find((picture) => picture.state !== "failed") ?? pictures[0];
    if (first) state.setCurrent(first.source.id);
    if (model) await loadModelFile.run(app, model);
  },
};
