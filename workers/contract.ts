import type { BankList, BanksCalls } from "./contract/banks.ts";
import type { BankCalls, BankChange, History } from "./contract/classes.ts";
import type { CalibrationCalls } from "./contract/calibration.ts";
import type { CorrectionCalls } from "./contract/corrections.ts";
import type { DeveloperCalls } from "./contract/developer.ts";
import type { ExampleCalls } from "./contract/examples.ts";
import type { Failure } from "./contract/failures.ts";
import type { HarvestCalls } from "./contract/harvest.ts";
import type { HeatCalls } from "./contract/heat.ts";
import type { ImportCalls } from "./contract/import.ts";
import type { ModelCalls } from "./contract/models.ts";
import type { NameCalls } from "./contract/names.ts";
import type { PaintingCalls } from "./contract/painting.ts";
import type { PhotoCalls } from "./contract/photos.ts";
import type { PictureCalls } from "./contract/pictures.ts";
import type { EngineOptions, EngineStatus } from "./contract/status.ts";

/**
 * What the page and the engine agree on: types, string unions, and the closed sets of failures and details. Everything in contract/ is
 * exported from here: this is the one file of workers/ that src/ may import.
 */
export type * from "./contract/banks.ts";
export type * from "./contract/calibration.ts";
export type * from "./contract/classes.ts";
export type * from "./contract/corrections.ts";
export type * from "./contract/developer.ts";
export type * from "./contract/examples.ts";
export { ADVICE, EngineError } from "./contract/failures.ts";
export type { ErrorCode, Failure } from "./contract/failures.ts";
export type * from "./contract/harvest.ts";
export type * from "./contract/heat.ts";
export type * from "./contract/import.ts";
export type * from "./contract/jobs.ts";
export { DETAILS } from "./contract/models.ts";
export type * from "./contract/models.ts";
export type * from "./contract/names.ts";
export type * from "./contract/painting.ts";
export type * from "./contract/photos.ts";
export type * from "./contract/pictures.ts";
export type * from "./contract/status.ts";
export type * from "./contract/units.ts";
export type * from "./contract/wire.ts";

export type EngineEvent =
  | { readonly type: "status"; readonly status: EngineStatus }
  /** The bank changed, here or in another tab. */
  | { readonly type: "bank"; readonly change: BankChange }
  /** Banks came, went or got another name, here or in another tab; or this tab works with another one. */
  | { readonly type: "banks"; readonly banks: BankList }
  /** Another step can now be undone or redone. */
  | { readonly type: "history"; readonly history: History }
  /** Something went wrong that belongs to no call: a lost device, a damaged record. */
  | { readonly type: "notice"; readonly failure: Failure };

/**
 * Everything the page can ask for. Implemented by workers/engine.ts and, over the wire, by the proxy in src/engine/.
 * Every method rejects with an EngineError. Whatever a method returns is given away (buffers are transferred).
 */
export interface Engine
  extends
    ModelCalls,
    PictureCalls,
    BankCalls,
    BanksCalls,
    CalibrationCalls,
    CorrectionCalls,
    HarvestCalls,
    HeatCalls,
    NameCalls,
    PhotoCalls,
    ExampleCalls,
    ImportCalls,
    PaintingCalls,
    DeveloperCalls {
  start(options: EngineOptions): Promise<EngineStatus>;
}

export type EngineMethod = keyof Engine;
