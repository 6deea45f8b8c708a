import type { ReferenceId } from "../../workers/contract.ts";
import { guarded, type Action } from "./action.ts";

/** Lets a reference take part, or leaves it out without removing it. */
export const enableReference: Action<{ readonly id: ReferenceId; readonly enabled: boolean }> = {
  id: "enable-reference",
  label: "Use this reference",
  shortcut: null,
  isAvailable: () => true,
  run: (app, { id, enabled }) => guarded(app, () => app.engine.changeReference(id, { enabled })),
};

export const removeReference: Action<ReferenceId> = {
  id: "remove-reference",
  label: "Remove this reference",
  shortcut: null,
  isAvailable: () => true,
  run: (app, id) =>
    guarded(app, async () => {
      await app.engine.removeReference(id);
      app.store.getState().notify({
        message: "The reference was removed.",
        undo: () => void guarded(app, () => app.engine.restoreReference(id)),
      });
    }),
};
