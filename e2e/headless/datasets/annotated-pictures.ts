import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Runs } from "../../../workers/imaging/runs.ts";

/** In place of a class in a truth map: nobody knows what is there. */
export const UNKNOWN = 0xffff;

/** One annotated thing; in label pictures all that a picture has of a class is one thing. */
export interface Thing {
  /** Place in the dataset's classes. */
  readonly classIndex: number;
  /** Pairs [start, length], row-major over the picture. */
  readonly runs: Runs;
}

/** What is known of a picture's pixels. */
export interface Annotated {
  readonly width: number;
  readonly height: number;
  readonly things: readonly Thing[];
  /** width * height: 0 background, n + 1 the n-th class, or UNKNOWN. */
  readonly truth: Uint16Array<ArrayBuffer>;
}

export interface DatasetPicture {
  /** File name. */
  readonly file: string;
  readonly path: string;
  /** Reads the masks. @throws Error with one plain sentence when they cannot be used */
  readonly annotated: () => Annotated;
  /** What decides the masks, in few characters: another when they may be others. */
  readonly truthVersion: () => string;
}

/** Something that is wrong with a dataset: named, counted, and left out. */
export interface Problem {
  /** A file of the dataset, or what of it. */
  readonly where: string;
  readonly reason: string;
}

export interface Dataset {
  readonly folder: string;
  /** Names without the background, in the dataset's order. */
  readonly classes: readonly string[];
  /** In the dataset's order, those that can be read. */
  readonly pictures: readonly DatasetPicture[];
  readonly problems: readonly Problem[];
}

/** Path of a picture of a dataset: beside the annotations or in images/; null where there is none. */
export function picturePath(folder: string, file: string): string | null {
  return [join(folder, "images", file), join(folder, file)].find((path) => existsSync(path)) ?? null;
}
