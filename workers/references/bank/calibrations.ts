import type { Calibration, ModelId } from "../../contract.ts";
import type { Bank } from "./bank.ts";
import { keyed, RECORD_VERSION } from "./records.ts";

/**
 * How far the match can be trusted, as it was last found out under a model.
 * @param of SHA-256 of all that it is estimated on
 * @returns null when it was estimated on something else
 */
export function keptCalibration(bank: Bank, model: ModelId, of: string): Calibration | null {
  const record = bank.records.calibrationOf(model);
  if (record?.of !== of) return null;
  const { basis, samples, wrong } = record;
  return { basis, samples, wrong: Float64Array.from(wrong) };
}

/** Keeps it with the bank, in the place of what was kept before. */
export async function keepCalibration(
  bank: Bank,
  model: ModelId,
  of: string,
  { basis, samples, wrong }: Calibration,
): Promise<void> {
  const record = {
    basis,
    samples,
    wrong: [...wrong],
    kind: "calibration",
    version: RECORD_VERSION,
    modelId: model,
    of,
  } as const;
  await bank.remember(() => ({ value: null, puts: [keyed(record)], deletes: [], label: null }));
}
