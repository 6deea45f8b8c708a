import type { JobOptions } from "./jobs.ts";
import type { ModelId } from "./units.ts";

export interface ModelInfo {
  readonly id: ModelId;
  readonly name: string;
  readonly origin: "starter" | "file";
  readonly licence: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Side of a patch in model pixels. */
  readonly patch: number;
  /** Numbers per patch token (D). */
  readonly dimensions: number;
}

export type ModelSource =
  | { readonly kind: "starter" }
  | { readonly kind: "file"; readonly file: File }
  | { readonly kind: "stored"; readonly id: ModelId };

export interface ModelCalls {
  useModel(source: ModelSource, job?: JobOptions): Promise<ModelInfo>;
  /** The starter first, then what is stored. */
  models(): Promise<readonly ModelInfo[]>;
  forgetModel(id: ModelId): Promise<void>;
}
