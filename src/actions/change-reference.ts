import type { ReferenceId } from "../../workers/contract.ts";
import { guarded, notifyStep, type Action } from "./action.ts";

/** Lets a reference take part, or leaves it out without removing it. */
export const enableReference: Action<{ readonly id: ReferenceId; readonly enabled: boolean }> = {
  id: "enable-reference",
  label: "Use this reference",
  shortcut: null,
  isAvailable: () => true,
  run: (app, { id, enabled }) => guarded(app, async () => void (await app.engine.changeReferences([id], { enabled }))),
};

export const removeReference: Action<ReferenceId> = {
  id: "remove-reference",
  label: "Remove this reference",
  shortcut: null,
  isAvailable: () => true,
  run: (app, id) =>
    guarded(app, async () => {
      const step = await app.engine.removeReferences([id]);
      notifyStep(app, "The reference was removed.", step);
    }),
};
