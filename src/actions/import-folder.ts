import type { DatasetFile, ImportChoice } from "../../workers/contract.ts";
import { isCancelled } from "../store/failure.ts";
import { runJob } from "../store/jobs.ts";
import { guarded, type Action, type App } from "./action.ts";

/** Opens a data set: a folder with masks, or with a folder of pictures for each class. Without files one is chosen. */
export const importFolder: Action<readonly DatasetFile[] | undefined> = {
  id: "import-folder",
  label: "Import examples from a folder…",
  shortcut: null,
  isAvailable: ({ store }) => store.getState().phase === "ready",
  async run(app, given) {
    const files = given ?? (await app.page.pickFolder());
    if (files.length > 0 && importFolder.isAvailable(app)) {
      app.store.getState().openDialog({ kind: "import", files, report: null });
    }
  },
};

const referenceCount = ({ store }: App): number =>
  store.getState().bank.classes.reduce((sum, { references }) => sum + references.length, 0);

/** "3 classes, 40 references". */
export function countWords(classes: number, references: number): string {
  const word = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`;
  return `${word(classes, "class", "classes")}, ${word(references, "reference", "references")}`;
}

/** Takes classes of the open data set over. Its report is shown in the dialog, or said when that was closed meanwhile. */
export const takeOverDataset: Action<{ readonly files: readonly DatasetFile[]; readonly choice: ImportChoice }> = {
  id: "take-over-dataset",
  label: "Import",
  shortcut: null,
  isAvailable: importFolder.isAvailable,
  run: (app, { files, choice }) =>
    guarded(app, async () => {
      const { engine, store, segmenter } = app;
      const before = referenceCount(app);
      const release = segmenter.hold();
      try {
        const report = await runJob(store, { label: "Importing examples" }, (job) =>
          engine.importDataset(files, choice, job),
        );
        const { dialog, openDialog, notify } = store.getState();
        const added = report.classes.reduce((sum, one) => sum + one.added, 0);
        if (dialog?.kind === "import" && dialog.files === files) openDialog({ ...dialog, report });
        else notify({ message: `Imported ${countWords(report.classes.length, added)}.` });
      } catch (cause) {
        if (!isCancelled(cause)) throw cause;
        const kept = referenceCount(app) - before;
        const message =
          kept > 0
            ? `The import was stopped. Classes that were done by then stay, with ${kept} references.`
            : "The import was stopped. Nothing was taken over.";
        store.getState().notify({ message });
      } finally {
        release();
      }
    }),
};
