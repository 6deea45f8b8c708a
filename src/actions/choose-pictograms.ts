import type { ClassId, ReferenceId } from "../../workers/contract.ts";
import { runJob } from "../store/jobs.ts";
import { guarded, type Action } from "./action.ts";

/** Opens the chooser of pictograms for a class. `subcategory`: those that are added become of it. */
export const choosePictograms: Action<{
  readonly classId: ClassId;
  readonly text: string;
  readonly subcategory: string | null;
}> = {
  id: "choose-pictograms",
  label: "Choose pictograms…",
  shortcut: null,
  isAvailable: ({ store }) => store.getState().phase !== "broken",
  run: ({ store }, wish) => store.getState().openDialog({ kind: "pictograms", ...wish }),
};

/** Gives a class other pictograms: some are added, some removed, and the pictures are looked at once. */
export const changePictograms: Action<{
  readonly classId: ClassId;
  readonly add: readonly string[];
  readonly remove: readonly ReferenceId[];
  readonly subcategory: string | null;
}> = {
  id: "change-pictograms",
  label: "Use these pictograms",
  shortcut: null,
  isAvailable: choosePictograms.isAvailable,
  run: (app, { classId, add, remove, subcategory }) =>
    guarded(app, async () => {
      const { engine, store, segmenter } = app;
      const release = segmenter.hold();
      try {
        await runJob(store, { label: "Changing pictograms" }, (job) =>
          engine.changePictograms(classId, { add, remove }, subcategory, job),
        );
        store.getState().dropReadings(classId, subcategory);
      } finally {
        release();
      }
    }),
};
