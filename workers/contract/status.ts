/** What the engine runs on. */

import type { ModelInUse } from "./models.ts";
import type { BankId } from "./units.ts";

/** Why the engine runs on what it runs on. */
export type DeviceReason =
  | "webgpu"
  | "forced-wasm"
  /** There is an adapter, but it is the processor in disguise: WASM is faster. */
  | "software-adapter"
  | "no-webgpu-api"
  | "no-adapter"
  | "device-failed"
  | "lost-too-often";

export interface EngineStatus {
  readonly device: "webgpu" | "wasm";
  readonly reason: DeviceReason;
  /** Adapter description as the browser gives it; empty on WASM. */
  readonly adapter: string;
  readonly shaderF16: boolean;
  readonly runtime: "jspi" | "asyncify" | "wasm";
  readonly threads: number;
  readonly crossOriginIsolated: boolean;
  /** Painting can go on in 2D while models run on WASM, and the other way round. */
  readonly painter: "webgpu" | "2d" | "none";
  readonly model: ModelInUse | null;
  /** False when IndexedDB is refused: the bank lives in memory only. */
  readonly storagePersists: boolean;
}

export interface EngineOptions {
  /** "auto" takes WebGPU when there is a hardware adapter; "webgpu" takes a software one too. */
  readonly device: "auto" | "webgpu" | "wasm";
  /** The bank to work with; left out or gone, it is the one that was used last. */
  readonly bank?: BankId | null;
  /** WASM threads; 0 lets the engine choose. */
  readonly threads: number;
}

/** Live GPU objects by kind, GPU bytes, and WASM heap bytes: for the leak test and the developer's panel. */
export interface Counters {
  readonly buffers: number;
  readonly textures: number;
  readonly bytes: number;
  readonly wasmBytes: number;
  readonly cachedPictures: number;
}
