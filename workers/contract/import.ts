import type { JobOptions } from "./jobs.ts";

/** A file of a data set, as it was found in a folder. */
export interface DatasetFile {
  /** Folders and name, with "/" between them, beginning with the folder that was given. */
  readonly path: string;
  readonly blob: Blob;
}

/**
 * coco: annotations in COCO's format beside pictures. labels: pictures whose values are classes beside pictures.
 * folders: a folder of pictures for each class, without masks.
 */
export type DatasetKind = "coco" | "labels" | "folders";

/** What was left out, and why. */
export interface Skipped {
  /** A sentence without a capital and an end: "pictures are missing". Text only. */
  readonly reason: string;
  readonly count: number;
  /** Some of them by name. Text only. */
  readonly examples: readonly string[];
}

interface DatasetClass {
  readonly name: string;
  readonly pictures: number;
  /** Masks; of folders the pictures. */
  readonly things: number;
}

export interface DatasetSummary {
  readonly kind: DatasetKind;
  readonly pictures: number;
  /** Those with things, in the data set's order. */
  readonly classes: readonly DatasetClass[];
  readonly skipped: readonly Skipped[];
}

export interface ImportChoice {
  /** Names of the classes to take over. */
  readonly classes: readonly string[];
  /** At most so many references of each, spread evenly over the pictures; at least one. */
  readonly perClass: number;
}

export interface DatasetReport {
  readonly classes: readonly { readonly name: string; readonly added: number }[];
  readonly skipped: readonly Skipped[];
}

export interface ImportCalls {
  /** What is in a folder. Reads annotations piece by piece, and no picture. @throws EngineError dataset-unreadable */
  readDataset(files: readonly DatasetFile[], job?: JobOptions): Promise<DatasetSummary>;
  /**
   * Makes references of a data set's things. Every class is taken over whole or not at all, also when it is stopped or the
   * page is closed in the middle. Pictures and masks that cannot be used are named, counted and left out.
   */
  importDataset(files: readonly DatasetFile[], choice: ImportChoice, job?: JobOptions): Promise<DatasetReport>;
}
