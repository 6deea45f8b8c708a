import type { HarvestCalls } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import { runsOfGiven } from "../examples.ts";
import { maskImage } from "../imaging/mask-image.ts";

/** Likely examples in the person's own pictures. */
export function harvestCalls(core: EngineCore): HarvestCalls {
  return {
    harvest: (pictures, settings) =>
      core.job("harvest", {}, async () => {
        // Without a picture there is nothing to match, and no table to be made for it.
        if (pictures.length === 0) return { candidates: [], stale: [] };
        const { machine, labelling } = core.use();
        const prepared = core.ready();
        const match = labelling.tableOf(prepared, settings.classes);
        return core.harvest.harvest(pictures, settings, prepared.session.info.id, match, core.classes(), machine);
      }),

    maskImage: (picture, mask) =>
      core.job(null, {}, async (context) => {
        const image = await core.pictures.decode(picture, context);
        return maskImage(image, runsOfGiven(mask, image));
      }),
  };
}
