import { withCorrections } from "./follow-bank.ts";
import { guarded, type Action, type App } from "./action.ts";

const newestUndoable = ({ store }: App) => store.getState().notices.findLast((notice) => notice.undo !== null);

/** Undoes the newest step of the bank, and takes the message along that offers the same. */
export const undoStep: Action = {
  id: "undo-step",
  label: "Undo the newest change of the bank",
  shortcut: null,
  isAvailable: ({ store }) => store.getState().history.undo !== null,
  run: (app) =>
    guarded(app, async () => {
      const step = await withCorrections(app, () => app.engine.undo());
      if (!step) return;
      const { notices, dismiss, notify } = app.store.getState();
      for (const notice of notices) if (notice.step === step.id) dismiss(notice.id);
      notify({ message: `Undone: ${step.label}.` });
    }),
};

/** Undoes what the newest message on show offers to undo; when that is a step of the bank, or there is none, the newest step. */
export const undo: Action = {
  id: "undo",
  label: "Undo",
  shortcut: "$mod+z",
  isAvailable: (app) => newestUndoable(app) !== undefined || app.store.getState().history.undo !== null,
  run(app) {
    const notice = newestUndoable(app);
    if (!notice || notice.step !== null) return undoStep.run(app, undefined);
    app.store.getState().dismiss(notice.id);
    notice.undo?.();
    return undefined;
  },
};

export const redo: Action = {
  id: "redo",
  label: "Redo",
  shortcut: "$mod+Shift+z",
  isAvailable: ({ store }) => store.getState().history.redo !== null,
  run: (app) =>
    guarded(app, async () => {
      const step = await withCorrections(app, () => app.engine.redo());
      if (step) app.store.getState().notify({ message: `Done again: ${step.label}.` });
    }),
};
