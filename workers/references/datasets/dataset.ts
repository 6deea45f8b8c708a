import type { DatasetFile, DatasetKind } from "../../contract.ts";
import type { Runs } from "../../imaging/runs.ts";
import type { SkippedList } from "./skipped.ts";

/** One thing of a data set: a mask, or of folders a whole picture. */
export interface Thing {
  /** Place among the data set's pictures. */
  readonly picture: number;
  /** Place among its classes. */
  readonly classIndex: number;
  /** Share of the picture, 0..1; 1 where it is not known. */
  readonly share: number;
  /** How its mask is found again. */
  readonly key: number;
}

/** A thing's mask over a grid of pixels. */
interface ThingMask {
  readonly width: number;
  readonly height: number;
  readonly runs: Runs;
}

/** The mask of a chosen thing. @returns a reason to leave it out, as Skipped has it */
export type FindMask = (thing: Thing) => Promise<ThingMask | string>;

/** Told of progress; may wait to let messages in, and throws when the work is to end. */
export type Breathe = (done: number, total: number) => Promise<void>;

export interface Dataset {
  readonly kind: DatasetKind;
  readonly classes: readonly string[];
  readonly pictures: readonly DatasetFile[];
  readonly things: readonly Thing[];
  readonly skipped: SkippedList;
  /** Reads what is needed for the masks of some things; null: there are no masks, they have to be found. */
  readonly masks: ((chosen: readonly Thing[], breathe: Breathe) => Promise<FindMask>) | null;
}

export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The name without its ending. */
export const stemOf = (path: string): string => nameOf(path).replace(/\.[^.]*$/u, "");

/** The folders of a path, without a "/" at the end; empty for none. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

export const isPictureFile = (path: string): boolean =>
  /\.(?:jpe?g|png|webp|avif|gif|bmp|jfif)$/iu.test(path) && !nameOf(path).startsWith(".");
