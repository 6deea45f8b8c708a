import type { CalibrationCalls } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import { calibrate } from "../calibrating.ts";

/** How far the match can be trusted. */
export function calibrationCalls(core: EngineCore): CalibrationCalls {
  return {
    calibration: (classes, job) =>
      core.job("calibration", job, async (context) => {
        const { bank, labelling } = core.use();
        await core.learn(context);
        await context.breathe();
        const { samples, wrong, basis } = calibrate(labelling.tableOf(core.ready(), classes), bank.snapshot().classes);
        return { basis, samples, wrong: wrong.slice() };
      }),
  };
}
