import type { StateCreator } from "zustand/vanilla";
import type {
  BankId,
  Detail,
  EngineOptions,
  EngineStatus,
  ModelId,
  ModelInfo,
  NameLanguage,
  PhotoProvider,
} from "../../workers/contract.ts";
import type { StoreState } from "./store.ts";

export type Theme = "system" | "light" | "dark";

/**
 * starting: the engine or its model is being loaded. ready: pictures can be segmented. no-model: the engine runs
 * without a feature model. broken: the engine cannot be started in this browser.
 */
export type Phase = "starting" | "ready" | "no-model" | "broken";

export interface SettingsSlice {
  readonly theme: Theme;
  readonly device: EngineOptions["device"];
  /** WASM threads; 0 lets the engine choose. */
  readonly threads: number;
  /** The bank to start with; null is the one used last, in whichever tab. */
  readonly bankId: BankId | null;
  /** 0..1, see MatchSettings. */
  readonly threshold: number;
  /** The model to start with; null is the starter. */
  readonly modelId: ModelId | null;
  /** How finely the model looks. */
  readonly detail: Detail;
  /** Languages besides English in which names are understood, in the order in which they are asked. */
  readonly languages: readonly NameLanguage[];
  /** Services that the person agreed to: only these are ever sent a class name. */
  readonly photoProviders: readonly PhotoProvider[];
  readonly phase: Phase;
  readonly status: EngineStatus | null;
  readonly models: readonly ModelInfo[];
  /** False once the browser refused to keep pictures: the app goes on in memory. */
  readonly picturesPersist: boolean;
  setSettings(change: Partial<Omit<SettingsSlice, "setSettings" | "takeStatus">>): void;
  takeStatus(status: EngineStatus): void;
}

export const createSettings: StateCreator<StoreState, [], [], SettingsSlice> = (set) => ({
  theme: "system",
  device: "auto",
  threads: 0,
  bankId: null,
  threshold: 0.1,
  modelId: null,
  detail: "standard",
  languages: [],
  photoProviders: [],
  phase: "starting",
  status: null,
  models: [],
  picturesPersist: true,

  setSettings: (change) => set(change),
  takeStatus: (status) =>
    set(({ phase }) => ({ status, phase: status.model ? "ready" : phase === "ready" ? "no-model" : phase })),
});
