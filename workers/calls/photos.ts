import { EngineError, type ChosenPhoto, type PhotoCalls } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import { runsOfTarget } from "../examples.ts";
import { decodePicture } from "../imaging/decode.ts";
import type { StageContext } from "../pictures.ts";
import type { ReferenceDraft } from "../references/bank/records.ts";
import { makeExample } from "../references/sources/example.ts";
import { PhotoSearch } from "../references/sources/photo-search/photo-search.ts";

/** Openly licensed photographs. A search waits for a network, not for the queue. */
export function photoCalls(core: EngineCore): PhotoCalls {
  let made: PhotoSearch | null = null;
  const search = (): PhotoSearch => (made ??= new PhotoSearch({ measure: decodePicture }));

  return {
    searchPhotos: (name, providers, job) => search().search(name, providers, job ?? {}),

    addPhotos: (id, photos, subcategory, job) =>
      core.job(null, job, async (context) => {
        const drafts: ReferenceDraft[] = [];
        for (const photo of photos) drafts.push({ ...(await draftOf(core, photo, context)), subcategory });
        const label = drafts.length === 1 ? "Added a photograph" : `Added ${drafts.length} photographs`;
        const added = await core.use().bank.addReferences(id, drafts, { label });
        if (added.length < drafts.length) throw new EngineError("class-missing", "The class was removed.");
        await core.learn(context);
        return added;
      }),

    forgetPhotos: () => search().forget(),
  };
}

async function draftOf(core: EngineCore, photo: ChosenPhoto, context: StageContext): Promise<ReferenceDraft> {
  const { image, regions } = await core.describe(photo.source, context);
  const runs = runsOfTarget(photo.target, image, regions, null);
  const draft = await makeExample(image, runs, photo.source.name);
  return { ...draft, source: "photo-search", attribution: photo.attribution };
}
