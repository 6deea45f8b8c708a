import { withCorrections } from "./follow-bank.ts";
import { guarded, type Action, type App } from "./action.ts";

const newestUndoable = ({ store }: App) => store.getState().notices.findLast((notice) => notice.undo !== null);

/** Undoes what the newest message on show offers to undo; when none does, the newest step of the bank. */
export const undo: Action = {
  id: "undo",
  label: "Undo",
  shortcut: "$mod+z",
  isAvailable: (app) => newestUndoable(app) !== undefined || app.store.getState().history.undo !== null,
  run(app) {
    const notice = newestUndoable(app);
    if (notice) {
      app.store.getState().dismiss(notice.id);
      notice.undo?.();
      return undefined;
    }
    return guarded(app, async () => {
      const step = await withCorrections(app, () => app.engine.undo());
      if (step) app.store.getState().notify({ message: `Undone: ${step.label}.` });
    });
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
