import type { JobOptions } from "./jobs.ts";
import type { ClassId } from "./units.ts";

/** How often named regions are expected to be wrong, by threshold: what a person reads beside the slider. */
export interface Calibration {
  /**
   * "bank": estimated on the bank itself, each picture's references left out in turn. "general": the bank has too few
   * photographs for that, and this is what other banks gave.
   */
  readonly basis: "bank" | "general";
  /** Things and surroundings that were left out and then named. */
  readonly samples: number;
  /** Expected share of wrong ones among the named regions, 0..1, at thresholds 0, 1 / (n - 1) .. 1; never rises. */
  readonly wrong: Float64Array<ArrayBuffer>;
}

export interface CalibrationCalls {
  /** @param classes that take part, as in MatchSettings */
  calibration(classes: readonly ClassId[], job?: JobOptions): Promise<Calibration>;
}
