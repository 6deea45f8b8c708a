import type { ClassId, Correction, PictureId, ReferenceId, RegionIndex } from "../../workers/contract.ts";
import { findClass } from "../store/classes.ts";
import { currentPicture, findPicture, marksOf } from "../store/images.ts";
import { runJob } from "../store/jobs.ts";
import { matchSettings } from "../store/segmentation.ts";
import { inspectedRegion } from "../store/view.ts";
import { guarded, type Action, type App } from "./action.ts";
import { newPictureId } from "./picture-files.ts";

/** The region that is spoken of, in the picture that is shown; null when there is none. */
function regionOnShow({ store }: App) {
  const state = store.getState();
  const picture = currentPicture(state);
  const index = inspectedRegion(state);
  const region = picture?.segmentation?.regions.find((entry) => entry.index === index) ?? null;
  return picture && region && state.phase === "ready" ? { picture, region } : null;
}

/** Puts corrections in the place of some of a picture's, whatever else was said about it meanwhile. */
function replaceCorrections(
  { store }: App,
  picture: PictureId,
  gone: readonly string[],
  added: readonly Correction[],
): void {
  const known = findPicture(store.getState(), picture);
  if (!known) return;
  const corrections = [...marksOf(known).corrections.filter(({ id }) => !gone.includes(id)), ...added];
  store.getState().changeMarks(picture, { corrections });
}

/** Removes a reference that may be gone already, by another hand. Returns what brings it back. */
async function forgetReference({ engine, store }: App, id: ReferenceId): Promise<() => Promise<void>> {
  const isThere = store.getState().bank.classes.some(({ references }) => references.some((entry) => entry.id === id));
  const step = isThere ? await engine.removeReferences([id]) : null;
  return async () => {
    if (step) await engine.undo(step.id);
  };
}

/**
 * Says what a region of the current picture is: null for none of the classes. The picture shows it at once, whatever the
 * match says; a class gets the region as a reference, and so learns from it for all pictures.
 */
export const assignRegion: Action<{ readonly region: RegionIndex; readonly classId: ClassId | null }> = {
  id: "assign-region",
  label: "This region is…",
  shortcut: null,
  isAvailable: ({ store }) => store.getState().phase === "ready",
  run: (app, { region, classId }) =>
    guarded(app, async () => {
      const { engine, store } = app;
      const picture = currentPicture(store.getState());
      const summary = picture?.segmentation?.regions.find((entry) => entry.index === region);
      if (!picture || !summary) return;
      const { id } = picture.source;
      const mask = await engine.regionMask(picture.source, region, matchSettings(store.getState()));
      const earlier = marksOf(picture).corrections.filter((entry) => entry.id === summary.correction);
      const correction: Correction = { id: newPictureId(), classId, mask, reference: null };
      replaceCorrections(
        app,
        id,
        earlier.map((entry) => entry.id),
        [correction],
      );
      const learning = learn(app, id, correction, earlier);
      const name = findClass(store.getState(), classId)?.name;
      store.getState().notify({
        message: name === undefined ? "The region is none of your classes now." : `The region is ${name} now.`,
        undo: () =>
          void guarded(app, async () => {
            replaceCorrections(app, id, [correction.id], earlier);
            await (
              await learning.catch(() => null)
            )?.();
          }),
      });
      await learning;
    }),
};

/**
 * Makes a reference of a correction, and drops those of the corrections that it replaced.
 * @returns what takes that back
 */
async function learn(
  app: App,
  picture: PictureId,
  correction: Correction,
  replaced: readonly Correction[],
): Promise<() => Promise<void>> {
  const { engine, store } = app;
  const restorings: (() => Promise<void>)[] = [];
  for (const { reference } of replaced) {
    if (reference !== null) restorings.push(await forgetReference(app, reference));
  }
  const restore = async (): Promise<void> => {
    for (const bringBack of restorings) await bringBack();
  };
  const { classId, mask } = correction;
  const source = findPicture(store.getState(), picture)?.source;
  if (classId === null || !source) return restore;
  // One turn of the engine's queue: the picture with its new region, and what hovering needs of it, go before the model.
  await engine.regionMap(source).catch(() => undefined);
  const added = await runJob(store, { label: "Learning from this region" }, (job) =>
    engine.addReference(classId, source, { kind: "mask", mask, source: "example" }, job),
  );
  const known = findPicture(store.getState(), picture);
  if (known && marksOf(known).corrections.some(({ id }) => id === correction.id)) {
    replaceCorrections(app, picture, [correction.id], [{ ...correction, reference: added.id }]);
  }
  return async () => {
    await forgetReference(app, added.id);
    await restore();
  };
}

/** Leaves a region that was named by hand to the match again; what was learned from it is forgotten too. */
export const releaseRegion: Action<RegionIndex> = {
  id: "release-region",
  label: "Leave it to the match",
  shortcut: null,
  isAvailable: ({ store }) => store.getState().phase === "ready",
  run: (app, region) =>
    guarded(app, async () => {
      const { store } = app;
      const picture = currentPicture(store.getState());
      const summary = picture?.segmentation?.regions.find((entry) => entry.index === region);
      const correction = picture && marksOf(picture).corrections.find(({ id }) => id === summary?.correction);
      if (!picture || !correction) return;
      const { id } = picture.source;
      const { reference } = correction;
      replaceCorrections(app, id, [correction.id], []);
      const bringBack = reference === null ? null : await forgetReference(app, reference);
      store.getState().notify({
        message: "The region is left to the match again.",
        undo: () =>
          void guarded(app, async () => {
            replaceCorrections(app, id, [], [correction]);
            await bringBack?.();
          }),
      });
    }),
};

/** Opens the list of classes for the region that is spoken of, and keeps it pinned meanwhile. */
export const chooseClass: Action = {
  id: "choose-class",
  label: "Say what this region is…",
  shortcut: "t",
  isAvailable: (app) => regionOnShow(app) !== null,
  run(app) {
    const shown = regionOnShow(app);
    if (!shown) return;
    app.store.getState().setView({ selected: shown.region.index });
    app.store.getState().openDialog({ kind: "assign", region: shown.region.index });
  },
};

/** Says that the region that is spoken of is none of the classes. */
export const assignOther: Action = {
  id: "assign-other",
  label: "This region is none of the classes",
  shortcut: "x",
  isAvailable: chooseClass.isAvailable,
  run(app) {
    const shown = regionOnShow(app);
    if (shown) return assignRegion.run(app, { region: shown.region.index, classId: null });
  },
};

/** Names the region by a class that is not there yet: it begins with the name's pictograms and this region. */
export const assignNewClass: Action<{ readonly region: RegionIndex; readonly name: string }> = {
  id: "assign-new-class",
  label: "New class for this region",
  shortcut: null,
  isAvailable: assignRegion.isAvailable,
  run: (app, { region, name }) =>
    guarded(app, async () => {
      const { engine, store, segmenter } = app;
      // Until the region is named too: the match of the new class alone would number the regions anew.
      const release = segmenter.hold();
      try {
        const added = await runJob(store, { label: `Adding ${name}` }, (job) => engine.addClass(name, job));
        await assignRegion.run(app, { region, classId: added.id });
      } finally {
        release();
      }
    }),
};

/** Keys 1 to 9: the first nine classes, in the order of the legend. */
export const assignNth: readonly Action[] = Array.from({ length: 9 }, (_, place): Action => ({
  id: `assign-class-${place + 1}`,
  label: `This region is of class ${place + 1} of the list`,
  shortcut: String(place + 1),
  isAvailable: (app) => regionOnShow(app) !== null && place < app.store.getState().bank.classes.length,
  run(app) {
    const shown = regionOnShow(app);
    const chosen = app.store.getState().bank.classes[place];
    if (shown && chosen) return assignRegion.run(app, { region: shown.region.index, classId: chosen.id });
  },
}));
