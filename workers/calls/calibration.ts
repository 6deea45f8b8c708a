import type { CalibrationCalls } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import { keepCalibration, keptCalibration } from "../references/bank/calibrations.ts";
import { calibrate, calibrationKeyOf } from "../calibrating.ts";

/** How far the match can be trusted. */
export function calibrationCalls(core: EngineCore): CalibrationCalls {
  return {
    calibration: (classes, job) =>
      core.job("calibration", job, async (context) => {
        const { bank, labelling } = core.use();
        await core.learn(context);
        await context.breathe();
        const model = core.ready();
        const { id } = model.session.info;
        const match = labelling.tableOf(model, classes);
        const of = await calibrationKeyOf(match);
        const known = keptCalibration(bank, id, of);
        if (known) return known;
        const { samples, wrong, basis } = calibrate(match, bank.snapshot().classes);
        await keepCalibration(bank, id, of, { basis, samples, wrong });
        return { basis, samples, wrong: wrong.slice() };
      }),
  };
}
