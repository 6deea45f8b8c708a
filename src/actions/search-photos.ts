import type { ChosenPhoto, ClassId, FoundPhoto, PhotoProvider } from "../../workers/contract.ts";
import { runJob } from "../store/jobs.ts";
import { guarded, type Action } from "./action.ts";

/** Opens the search for openly licensed photographs; nothing is sent before the person has agreed in it. */
export const searchPhotos: Action<{ readonly classId: ClassId; readonly subcategory: string | null }> = {
  id: "search-photos",
  label: "Search open photographs…",
  shortcut: null,
  isAvailable: ({ store }) => store.getState().phase === "ready",
  run: ({ store }, wish) => store.getState().openDialog({ kind: "photos", ...wish }),
};

/** Agrees that class names may be sent to a service when one searches for photographs, or takes that back. */
export const agreeToService: Action<{ readonly provider: PhotoProvider; readonly agreed: boolean }> = {
  id: "agree-to-service",
  label: "Send class names to this service",
  shortcut: null,
  isAvailable: () => true,
  run: ({ store }, { provider, agreed }) => {
    const others = store.getState().photoProviders.filter((one) => one !== provider);
    store.getState().setSettings({ photoProviders: agreed ? [...others, provider] : others });
  },
};

export const forgetPhotos: Action = {
  id: "forget-photos",
  label: "Forget found photographs",
  shortcut: null,
  isAvailable: () => true,
  run: (app) =>
    guarded(app, async () => {
      await app.engine.forgetPhotos();
      app.store.getState().notify({ message: "What was found in earlier searches is forgotten." });
    }),
};

/** Makes references of chosen photographs: of the part that they have in common, else of the most salient, else whole. */
export const addFoundPhotos: Action<{
  readonly classId: ClassId;
  readonly photos: readonly FoundPhoto[];
  readonly subcategory: string | null;
}> = {
  id: "add-found-photos",
  label: "Use these photographs",
  shortcut: null,
  isAvailable: searchPhotos.isAvailable,
  run: (app, { classId, photos, subcategory }) =>
    guarded(app, async () => {
      const { engine, store, segmenter } = app;
      const release = segmenter.hold();
      const words = photos.length === 1 ? "a photograph" : `${photos.length} photographs`;
      try {
        const added = await runJob(store, { label: `Learning from ${words}` }, async (job) => {
          const sources = photos.map(({ source }) => source);
          const localised = await engine.localise(sources, classId, job);
          const chosen = photos.flatMap(({ source, attribution }, at): ChosenPhoto[] => {
            const found = localised[at];
            // One that cannot be opened is left out; one without any region is taken whole.
            if (found?.failure) return [];
            const proposal = found?.choice?.proposal;
            return [
              {
                source,
                attribution,
                target: proposal === undefined ? { kind: "whole" } : { kind: "proposal", proposal },
              },
            ];
          });
          return engine.addPhotos(classId, chosen, subcategory, job);
        });
        store.getState().dropReadings(classId, subcategory);
        const count = added.length === 1 ? "One photograph is an example" : `${added.length} photographs are examples`;
        store.getState().notify({ message: `${count} now. Each can be corrected or removed in the class.` });
      } finally {
        release();
      }
    }),
};
