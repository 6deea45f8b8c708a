/** What every call that can take long has: progress, and a way to stop it. */

/** What the engine is doing; the order is the order in which a picture passes through. */
export type Stage =
  | "start"
  | "load-model"
  | "prepare-model"
  | "embed-references"
  | "decode"
  | "describe"
  | "propose"
  | "localise"
  | "read-dataset"
  | "import-dataset"
  | "search-photos"
  | "match"
  | "compose"
  | "paint"
  | "export"
  | "import";

export interface Progress {
  readonly stage: Stage;
  /** 0..total, in steps of the stage. */
  readonly done: number;
  readonly total: number;
}

/** Last argument of every call that can take long. */
export interface JobOptions {
  /** Aborting rejects the call with code "cancelled"; work already done stays cached. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}
