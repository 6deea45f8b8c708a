import { bankCalls } from "./calls/bank.ts";
import { banksCalls } from "./calls/banks.ts";
import { calibrationCalls } from "./calls/calibration.ts";
import { correctionCalls } from "./calls/corrections.ts";
import { developerCalls } from "./calls/developer.ts";
import { exampleCalls } from "./calls/examples.ts";
import { harvestCalls } from "./calls/harvest.ts";
import { heatCalls } from "./calls/heat.ts";
import { importCalls } from "./calls/import.ts";
import { modelCalls } from "./calls/models.ts";
import { nameCalls } from "./calls/names.ts";
import { paintingCalls } from "./calls/painting.ts";
import { photoCalls } from "./calls/photos.ts";
import { pictureCalls } from "./calls/pictures.ts";
import type { Engine, EngineEvent } from "./contract.ts";
import { EngineCore } from "./engine-core.ts";

/** An engine, and its events. */
export interface LookalikeEngine extends Engine {
  subscribe(listener: (event: EngineEvent) => void): void;
}

/**
 * The engine: every call of the contract, each family in a file of calls/, all on one core.
 * @param base address that the app's files are relative to
 */
export function createEngine(base: string): LookalikeEngine {
  const core = new EngineCore(base);
  return {
    start: (options) => core.start(options),
    subscribe: (listener) => core.subscribe(listener),
    ...modelCalls(core),
    ...pictureCalls(core),
    ...bankCalls(core),
    ...banksCalls(core),
    ...calibrationCalls(core),
    ...correctionCalls(core),
    ...harvestCalls(core),
    ...heatCalls(core),
    ...nameCalls(core),
    ...photoCalls(core),
    ...exampleCalls(core),
    ...importCalls(core),
    ...paintingCalls(core),
    ...developerCalls(core),
  };
}
