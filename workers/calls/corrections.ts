import { EngineError, type CorrectionCalls, type ImagePx } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import { runsOfMask } from "../imaging/runs.ts";

/** What naming regions by hand needs. */
export function correctionCalls(core: EngineCore): CorrectionCalls {
  return {
    regionMask: (picture, region, settings) =>
      core.job(null, {}, async (context) => {
        const { width, height, regionMap } = await core.label(picture, settings, context);
        const runs = runsOfMask(regionMap.map((value) => (value === region + 1 ? 1 : 0)));
        if (runs.length === 0) throw new EngineError("region-missing", "The region is no longer there.", { region });
        return { width: width as ImagePx, height: height as ImagePx, runs };
      }),
  };
}
