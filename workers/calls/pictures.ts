import { EngineError, type PictureCalls } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import { choicesAt } from "../examples.ts";
import { explainRegion, whatIfWithout } from "../why.ts";
import { runStage } from "../pictures.ts";
import { enlarged, mapCopy, summaryOf } from "../results.ts";

/** What is asked of one picture. */
export function pictureCalls(core: EngineCore): PictureCalls {
  return {
    inspect: (picture, job) => core.job(null, job, (context) => core.pictures.inspect(picture, context)),

    segment: (picture, settings, job) =>
      core.job(`segment ${picture.id}`, job, async (context) => {
        const labelled = await core.label(picture, settings, context);
        await runStage(context, "paint", () => core.display.setLabels(picture.id, labelled, core.classes()));
        return summaryOf(picture.id, core.ready().session.info.id, labelled, context.timings);
      }),

    explain: (picture, region, settings) =>
      core.job(`explain ${picture.id}`, {}, async (context) =>
        explainRegion(await core.label(picture, settings, context), region),
      ),

    whatIf: (picture, region, settings, job) =>
      core.job(`what if ${picture.id}`, job, async (context) => {
        const labelled = await core.label(picture, settings, context);
        const { regions } = await core.describe(picture, context);
        return whatIfWithout(labelled, regions, region, settings.threshold, core.use().machine, context);
      }),

    regionMap: (picture) =>
      core.job(null, {}, async () => {
        const labelled = core.use().labelling.last(picture.id);
        if (!labelled) throw new EngineError("picture-missing", "The picture has not been segmented yet.");
        return mapCopy(labelled, labelled.regionMap);
      }),

    classMap: (picture, settings, job) =>
      core.job(null, job, async (context) => {
        const labelled = await core.label(picture, settings, context);
        const image = await core.pictures.decode(picture, context);
        return runStage(context, "export", () => enlarged(labelled, image.originalWidth, image.originalHeight));
      }),

    proposalsAt: (picture, point, job) =>
      core.job(`proposals ${picture.id}`, job, async (context) =>
        choicesAt((await core.describe(picture, context)).regions, point),
      ),
  };
}
