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

/** How finely a model looks: "fine" gives it a picture 1.44 times as long and wide. */
export const DETAILS = ["standard", "fine"] as const;
export type Detail = (typeof DETAILS)[number];

/** A model with what it is used at. Its `id` differs with the detail: what it saw at one means nothing at the other. */
export interface ModelInUse extends ModelInfo {
  /** The model's id at standard detail, by which it is kept and chosen. */
  readonly base: ModelId;
  readonly detail: Detail;
}

/** Which model to use, and how finely; without a detail, "standard". */
export type ModelSource = { readonly detail?: Detail } & (
  | { readonly kind: "starter" }
  | { readonly kind: "file"; readonly file: File }
  | { readonly kind: "stored"; readonly id: ModelId }
);

export interface ModelCalls {
  useModel(source: ModelSource, job?: JobOptions): Promise<ModelInUse>;
  /** The starter first, then what is stored. */
  models(): Promise<readonly ModelInfo[]>;
  forgetModel(id: ModelId): Promise<void>;
}
