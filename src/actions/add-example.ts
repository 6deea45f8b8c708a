import { EngineError, type ClassId, type ExampleTarget, type PictureId } from "../../workers/contract.ts";
import { currentPicture } from "../store/images.ts";
import { report, runJob } from "../store/jobs.ts";
import type { PendingExample } from "../store/view.ts";
import { guarded, type Action } from "./action.ts";
import { PICTURE_TYPES, toPictureSource } from "./picture-files.ts";

/**
 * Begins to show a class by example: opens the dialog in which the object is pointed at, picture after picture. No
 * class means a new one, named in the dialog. Without files the person chooses some.
 */
export const addExamples: Action<{ readonly classId: ClassId | null; readonly files?: readonly File[] }> = {
  id: "add-examples",
  label: "Show examples…",
  shortcut: null,
  isAvailable: ({ store }) => store.getState().phase === "ready",
  async run({ store, page }, { classId, files }) {
    const chosen = files ?? (await page.pickFiles({ accept: PICTURE_TYPES, multiple: true }));
    const pending: PendingExample[] = [];
    for (const file of chosen) {
      try {
        pending.push({ source: await toPictureSource(file, page), classId });
      } catch (cause) {
        report(store, cause);
      }
    }
    const { dialog, openDialog } = store.getState();
    const earlier = dialog?.kind === "examples" ? dialog : { pending: [], total: 0 };
    if (pending.length > 0) {
      openDialog({
        kind: "examples",
        pending: [...earlier.pending, ...pending],
        total: earlier.total + pending.length,
      });
    }
  },
};

/** Begins to show a class by an object of a picture of the gallery; no class means a new one. */
export const pictureAsExample: Action<PendingExample> = {
  id: "picture-as-example",
  label: "Use this picture as an example",
  shortcut: null,
  isAvailable: addExamples.isAvailable,
  run(app, example) {
    if (addExamples.isAvailable(app))
      app.store.getState().openDialog({ kind: "examples", pending: [example], total: 1 });
  },
};

/** Takes the pictures of the clipboard as examples; no class means a new one. */
export const pasteExamples: Action<ClassId | null> = {
  id: "paste-examples",
  label: "Paste an example",
  shortcut: null,
  isAvailable: (app) => addExamples.isAvailable(app),
  run: (app, classId) =>
    guarded(app, async () => {
      const files = await app.page.readClipboard();
      if (files.length > 0) await addExamples.run(app, { classId, files });
      else app.store.getState().notify({ message: "There is no picture on the clipboard: copy one first." });
    }),
};

/** Begins to show a class by an object of the current picture; no class means a new one. */
export const pointAtExample: Action<ClassId | null> = {
  id: "point-at-example",
  label: "Point at one in this picture…",
  shortcut: null,
  isAvailable: (app) => addExamples.isAvailable(app) && (currentPicture(app.store.getState())?.info ?? null) !== null,
  run(app, classId) {
    const picture = currentPicture(app.store.getState());
    if (picture) return pictureAsExample.run(app, { source: picture.source, classId });
  },
};

/** Takes the next picture of the dialog off, whether it became an example or was skipped. */
function advance(store: Parameters<Action["run"]>[0]["store"], classId: ClassId | null): void {
  const { dialog, openDialog } = store.getState();
  if (dialog?.kind !== "examples") return;
  const [done, ...rest] = dialog.pending;
  // The rest of a drop on "new class" belongs to the class that its first picture was given.
  const pending = rest.map((entry): PendingExample => ({
    source: entry.source,
    classId: entry.classId ?? (done?.classId === null ? classId : null),
  }));
  openDialog(pending.length > 0 ? { ...dialog, pending } : null);
}

/** Makes the pointed-at object of the dialog's picture a reference; `newName` names the class when there is none. */
export const confirmExample: Action<{ readonly target: ExampleTarget; readonly newName: string }> = {
  id: "confirm-example",
  label: "Use as example",
  shortcut: null,
  isAvailable: ({ store }) => store.getState().dialog?.kind === "examples",
  run: (app, { target, newName }) =>
    guarded(app, async () => {
      const { engine, store, segmenter } = app;
      const { dialog } = store.getState();
      const example = dialog?.kind === "examples" ? dialog.pending[0] : undefined;
      if (!example) return;
      const release = segmenter.hold();
      try {
        await runJob(store, { label: `Learning from ${example.source.name}` }, async (job) => {
          const classId = example.classId ?? (await engine.addClass(newName, job)).id;
          if (example.replaces) await engine.correctReference(example.replaces, example.source, target, job);
          else await engine.addReference(classId, example.source, target, job);
          advance(store, classId);
        });
      } finally {
        release();
      }
    }),
};

/**
 * Makes what was proposed in all pictures of the dialog references at once. A picture that cannot be used is told of and
 * left out; the others are not lost by it.
 */
export const confirmAllExamples: Action<{
  readonly proposals: ReadonlyMap<PictureId, number>;
  readonly newName: string;
}> = {
  id: "confirm-all-examples",
  label: "Use all as proposed",
  shortcut: null,
  isAvailable: confirmExample.isAvailable,
  run: (app, { proposals, newName }) =>
    guarded(app, async () => {
      const { engine, store, segmenter } = app;
      const { dialog } = store.getState();
      if (dialog?.kind !== "examples") return;
      const release = segmenter.hold();
      try {
        await runJob(store, { label: "Learning from the examples" }, async (job) => {
          let added: ClassId | null = null;
          for (const { source, classId } of dialog.pending) {
            const proposal = proposals.get(source.id);
            const owner: ClassId = classId ?? added ?? (await engine.addClass(newName, job)).id;
            if (classId === null) added = owner;
            try {
              const target: ExampleTarget = proposal === undefined ? { kind: "whole" } : { kind: "proposal", proposal };
              await engine.addReference(owner, source, target, job);
            } catch (cause) {
              if (!isAboutPicture(cause)) throw cause;
              report(store, cause);
            }
            advance(store, owner);
          }
        });
      } finally {
        release();
      }
    }),
};

/** Whether one picture is at fault, and others may do. */
const isAboutPicture = (cause: unknown): boolean => cause instanceof EngineError && cause.code.startsWith("picture-");

export const skipExample: Action = {
  id: "skip-example",
  label: "Skip this picture",
  shortcut: null,
  isAvailable: confirmExample.isAvailable,
  run: ({ store }) => advance(store, null),
};
