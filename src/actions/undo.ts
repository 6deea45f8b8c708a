import type { Action, App } from "./action.ts";

const lastUndoable = ({ store }: App) => store.getState().notices.findLast((notice) => notice.undo !== null);

/** Undoes what the newest message on show offers to undo. */
export const undo: Action = {
  id: "undo",
  label: "Undo",
  shortcut: "$mod+z",
  isAvailable: (app) => lastUndoable(app) !== undefined,
  run(app) {
    const notice = lastUndoable(app);
    if (!notice) return;
    app.store.getState().dismiss(notice.id);
    notice.undo?.();
  },
};
