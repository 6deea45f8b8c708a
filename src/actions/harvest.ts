import type { Correction, HarvestCandidate, PictureId } from "../../workers/contract.ts";
import { findClass } from "../store/classes.ts";
import { findPicture, marksOf } from "../store/images.ts";
import { runJob } from "../store/jobs.ts";
import { guarded, type Action, type App } from "./action.ts";
import { newPictureId } from "./picture-files.ts";

/** Takes candidates off the offer; the engine offers anew once the page rests. */
function takeOff({ store }: App, gone: readonly HarvestCandidate[]): void {
  const { harvest, setHarvest } = store.getState();
  setHarvest({ harvest: harvest.filter((candidate) => !gone.includes(candidate)) });
}

function addCorrection({ store }: App, picture: PictureId, correction: Correction): void {
  const known = findPicture(store.getState(), picture);
  if (!known) return;
  const others = marksOf(known).corrections.filter(({ id }) => id !== correction.id);
  store.getState().changeMarks(picture, { corrections: [...others, correction] });
}

function dropCorrections({ store }: App, gone: ReadonlyMap<PictureId, ReadonlySet<string>>): void {
  for (const [picture, ids] of gone) {
    const known = findPicture(store.getState(), picture);
    if (!known) continue;
    const corrections = marksOf(known).corrections.filter(({ id }) => !ids.has(id));
    store.getState().changeMarks(picture, { corrections });
  }
}

/** Confirms offered regions: each is its class in its picture from now on, and a reference of it. */
export const confirmHarvest: Action<readonly HarvestCandidate[]> = {
  id: "confirm-harvest",
  label: "Confirm",
  shortcut: null,
  isAvailable: ({ store }) => store.getState().phase === "ready",
  run: (app, candidates) =>
    guarded(app, async () => {
      const { engine, store, segmenter } = app;
      takeOff(app, candidates);
      const made = new Map<PictureId, Set<string>>();
      const references: Correction["reference"][] = [];
      // One look at the pictures at the end, instead of one after each.
      const release = segmenter.hold();
      try {
        await runJob(store, { label: `Learning from ${candidates.length} regions` }, async ({ signal, onProgress }) => {
          for (const [done, { picture, classId, mask }] of candidates.entries()) {
            const source = findPicture(store.getState(), picture)?.source;
            if (!source) continue;
            onProgress({ stage: "embed-references", done, total: candidates.length });
            const added = await engine.addReference(
              classId,
              source,
              { kind: "mask", mask, source: "harvest" },
              { signal },
            );
            const correction: Correction = { id: newPictureId(), classId, mask, reference: added.id };
            made.set(picture, (made.get(picture) ?? new Set()).add(correction.id));
            references.push(added.id);
            addCorrection(app, picture, correction);
          }
        });
      } finally {
        release();
        const count = references.length;
        const name = findClass(store.getState(), candidates[0]?.classId ?? null)?.name ?? "the class";
        if (count > 0) {
          store.getState().notify({
            message: count === 1 ? `${name} has learned from a region.` : `${name} has learned from ${count} regions.`,
            undo: () =>
              void guarded(app, async () => {
                dropCorrections(app, made);
                const here = new Set(
                  store.getState().bank.classes.flatMap((entry) => entry.references.map(({ id }) => id)),
                );
                const left = references.filter((id) => id !== null).filter((id) => here.has(id));
                if (left.length > 0) await engine.removeReferences(left);
              }),
          });
        }
      }
    }),
};

/** Turns offered regions down: they are not offered for that class again. */
export const dismissHarvest: Action<readonly HarvestCandidate[]> = {
  id: "dismiss-harvest",
  label: "Not these",
  shortcut: null,
  isAvailable: () => true,
  run(app, candidates) {
    const { store } = app;
    takeOff(app, candidates);
    const before = new Map(
      candidates.flatMap(({ picture }) => {
        const known = findPicture(store.getState(), picture);
        return known ? [[picture, marksOf(known).dismissed] as const] : [];
      }),
    );
    for (const [picture, dismissed] of before) {
      const added = candidates.filter((entry) => entry.picture === picture);
      store.getState().changeMarks(picture, {
        dismissed: [...dismissed, ...added.map(({ classId, mask }) => ({ classId, mask }))],
      });
    }
    store.getState().notify({
      message: candidates.length === 1 ? "Not offered again." : `${candidates.length} regions are not offered again.`,
      undo: () => {
        for (const [picture, dismissed] of before) store.getState().changeMarks(picture, { dismissed });
      },
    });
  },
};
