import type { ClassId } from "../../workers/contract.ts";
import { findClass } from "../store/classes.ts";
import { guarded, notifyStep, type Action } from "./action.ts";

export const renameClass: Action<{ readonly id: ClassId; readonly name: string }> = {
  id: "rename-class",
  label: "Rename",
  shortcut: null,
  isAvailable: () => true,
  run: (app, { id, name }) => guarded(app, async () => void (await app.engine.changeClass(id, { name }))),
};

export const recolourClass: Action<{ readonly id: ClassId; readonly colour: string }> = {
  id: "recolour-class",
  label: "Change the colour",
  shortcut: null,
  isAvailable: () => true,
  run: (app, { id, colour }) => guarded(app, async () => void (await app.engine.changeClass(id, { colour }))),
};

/** Removes a class with its references; the message that says so can undo it. */
export const removeClass: Action<ClassId> = {
  id: "remove-class",
  label: "Remove",
  shortcut: null,
  isAvailable: () => true,
  run: (app, id) =>
    guarded(app, async () => {
      const name = findClass(app.store.getState(), id)?.name ?? "The class";
      const step = await app.engine.removeClass(id);
      notifyStep(app, `${name} was removed.`, step);
    }),
};
