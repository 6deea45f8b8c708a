import { EngineError, type CorrectionCalls, type ImagePx } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import { runsOfMask } from "../imaging/runs.ts";

/** What naming regions by hand needs. */
export function correctionCalls(core: EngineCore): CorrectionCalls {
  return {
    regionMask: (picture, region) =>
      core.job(null, {}, async () => {
        const labelled = core.use().labelling.last(picture.id);
        if (!labelled) throw new EngineError("picture-missing", "The picture has not been segmented yet.");
        const { width, height, regionMap } = labelled;
        const runs = runsOfMask(regionMap.map((value) => (value === region + 1 ? 1 : 0)));
        if (runs.length === 0) throw new EngineError("region-missing", "The region is no longer there.", { region });
        return { width: width as ImagePx, height: height as ImagePx, runs };
      }),
  };
}
