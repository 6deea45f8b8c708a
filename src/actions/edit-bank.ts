import type { ClassId, PictureId, ReferenceId } from "../../workers/contract.ts";
import { findClass, findReference } from "../store/classes.ts";
import { guarded, notifyStep, type Action, type App } from "./action.ts";

const always = (): boolean => true;
const counted = (count: number): string => (count === 1 ? "One reference" : `${count} references`);
const nameOf = ({ store }: App, id: ClassId): string => findClass(store.getState(), id)?.name ?? "the class";

/** Gives the references of some classes to another, and removes those classes. */
export const mergeClasses: Action<{ readonly into: ClassId; readonly from: readonly ClassId[] }> = {
  id: "merge-classes",
  label: "Merge",
  shortcut: null,
  isAvailable: always,
  run: (app, { into, from }) =>
    guarded(app, async () => {
      const step = await app.engine.mergeClasses(into, from);
      notifyStep(app, `Merged into ${nameOf(app, into)}.`, step);
    }),
};

/** Puts references into the class of a name: one that is there, or a new one made of them. */
export const putIntoClass: Action<{ readonly references: readonly ReferenceId[]; readonly name: string }> = {
  id: "put-into-class",
  label: "Move to another class…",
  shortcut: null,
  isAvailable: always,
  run: (app, { references, name }) =>
    guarded(app, async () => {
      const key = name.trim().toLowerCase();
      const known = app.store.getState().bank.classes.find((entry) => entry.name.toLowerCase() === key);
      if (known) {
        await moveReferences.run(app, { references, to: known.id });
        return;
      }
      const made = await app.engine.splitClass(references, name);
      notifyStep(app, `${made.name} is a class of its own now.`, app.store.getState().history.undo);
    }),
};

export const moveReferences: Action<{ readonly references: readonly ReferenceId[]; readonly to: ClassId }> = {
  id: "move-references",
  label: "Move",
  shortcut: null,
  isAvailable: always,
  run: (app, { references, to }) =>
    guarded(app, async () => {
      const step = await app.engine.changeReferences(references, { classId: to });
      notifyStep(app, `${counted(references.length)} moved to ${nameOf(app, to)}.`, step);
    }),
};

export const enableReferences: Action<{ readonly references: readonly ReferenceId[]; readonly enabled: boolean }> = {
  id: "enable-references",
  label: "Use these references",
  shortcut: null,
  isAvailable: always,
  run: (app, { references, enabled }) =>
    guarded(app, async () => {
      const step = await app.engine.changeReferences(references, { enabled });
      notifyStep(app, `${counted(references.length)} switched ${enabled ? "on" : "off"}.`, step);
    }),
};

export const removeReferences: Action<readonly ReferenceId[]> = {
  id: "remove-references",
  label: "Remove references",
  shortcut: null,
  isAvailable: always,
  run: (app, references) =>
    guarded(app, async () => {
      const step = await app.engine.removeReferences(references);
      notifyStep(app, `${counted(references.length)} removed.`, step);
    }),
};

export const nameSubcategory: Action<{ readonly references: readonly ReferenceId[]; readonly subcategory: string }> = {
  id: "name-subcategory",
  label: "Change the sub-category",
  shortcut: null,
  isAvailable: always,
  run: (app, { references, subcategory }) =>
    guarded(app, async () => {
      const name = subcategory.trim();
      await app.engine.changeReferences(references, { subcategory: name === "" ? null : name });
    }),
};

/** Opens a reference's picture, to choose another part of it in its place. */
export const correctReference: Action<ReferenceId> = {
  id: "correct-reference",
  label: "Correct…",
  shortcut: null,
  isAvailable: ({ store }) => store.getState().phase === "ready",
  run: (app, id) =>
    guarded(app, async () => {
      const found = findReference(app.store.getState(), id);
      if (!found) return;
      const blob = await app.engine.referenceImage(id);
      const source = { id: `reference-${id}` as PictureId, name: found.reference.provenance, blob };
      const pending = [{ source, classId: found.owner.id, replaces: id }];
      app.store.getState().openDialog({ kind: "examples", pending, total: 1 });
    }),
};
