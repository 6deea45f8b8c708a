import type { HeatCalls } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import { HeatMaps } from "../heat-maps.ts";

/** Where in a picture something is. */
export function heatCalls(core: EngineCore): HeatCalls {
  const maps = new HeatMaps();
  /** Grows with every wish to hide: what was asked for before is not shown any more. */
  let hidden = 0;
  return {
    showHeat: (picture, query, settings, job) => {
      const asked = hidden;
      return core.job("heat", job, async (context) => {
        const labelled = await core.label(picture, settings, context);
        const described = await core.describe(picture, context);
        const map = await maps.map(described, labelled, query, core.use().machine);
        // A copy: what is handed out is given away.
        if (asked === hidden) core.display.setHeat(picture.id, { ...map, values: map.values.slice() });
        return map;
      });
    },

    hideHeat: async () => {
      hidden += 1;
      core.display.hideHeat();
    },
  };
}
