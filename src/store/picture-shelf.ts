import { createStore, del, entries, get, set, type UseStore } from "idb-keyval";
import * as v from "valibot";
import { EngineError, type ImagePx, type OriginalPx, type PictureId } from "../../workers/contract.ts";
import type { Picture } from "./images.ts";
import { type PictureMarks, readMarks, toMarksRecord } from "./picture-marks.ts";

const side = v.pipe(v.number(), v.integer(), v.minValue(1));
const imageSide = v.pipe(
  side,
  v.transform((pixels) => pixels as ImagePx),
);
const originalSide = v.pipe(
  side,
  v.transform((pixels) => pixels as OriginalPx),
);
const pictureId = v.pipe(
  v.string(),
  v.minLength(1),
  v.transform((id) => id as PictureId),
);

const RECORD = v.object({
  version: v.literal(1),
  id: pictureId,
  name: v.string(),
  blob: v.instance(Blob),
  /** Pictures are shown in rising order. */
  order: v.number(),
  info: v.nullable(
    v.object({
      id: pictureId,
      width: imageSide,
      height: imageSide,
      originalWidth: originalSide,
      originalHeight: originalSide,
      hash: v.string(),
      thumbnail: v.instance(Blob),
    }),
  ),
});

export type ShelfRecord = v.InferOutput<typeof RECORD>;

/** Where the page keeps pictures between visits. */
export interface PictureShelf {
  /** All readable records in order; damaged ones are moved aside and counted. Rejects with an EngineError. */
  readAll(): Promise<{
    readonly records: readonly ShelfRecord[];
    readonly marks: ReadonlyMap<PictureId, PictureMarks>;
    readonly damaged: number;
    /** Pictures of which some marks could not be read. */
    readonly damagedMarks: number;
  }>;
  put(record: ShelfRecord): Promise<void>;
  /** Apart from the picture: naming a region must not write the whole file again. */
  putMarks(id: PictureId, marks: PictureMarks): Promise<void>;
  /** With its marks. */
  remove(id: PictureId): Promise<void>;
}

function storageError(cause: unknown): EngineError {
  const name = cause instanceof Error ? cause.name : "";
  return name === "QuotaExceededError"
    ? new EngineError("storage-full", "There is no room left to keep pictures.", { detail: name }, cause)
    : new EngineError(
        "storage-unavailable",
        "Pictures cannot be kept in this browser.",
        { detail: String(cause) },
        cause,
      );
}

async function attempt<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw storageError(cause);
  }
}

/**
 * Pictures in IndexedDB: one database for the good, one for what was said about parts of them, one for what could not be
 * read (idb-keyval: one store each).
 */
export function createPictureShelf(name = "lookalike-pictures"): PictureShelf {
  let kept: UseStore | null = null;
  let said: UseStore | null = null;
  let aside: UseStore | null = null;
  const shelf = (): UseStore => (kept ??= createStore(name, "pictures"));
  const marksShelf = (): UseStore => (said ??= createStore(`${name}-marks`, "marks"));
  const asideShelf = (): UseStore => (aside ??= createStore(`${name}-damaged`, "pictures"));

  return {
    readAll: () =>
      attempt(async () => {
        const records: ShelfRecord[] = [];
        let damaged = 0;
        for (const [key, value] of await entries<IDBValidKey, unknown>(shelf())) {
          const parsed = v.safeParse(RECORD, value);
          if (parsed.success && parsed.output.id === key) {
            records.push(parsed.output);
          } else {
            damaged += 1;
            await set(key, value, asideShelf());
            await del(key, shelf());
          }
        }
        const marks = new Map<PictureId, PictureMarks>();
        let damagedMarks = 0;
        for (const { id } of records) {
          const value: unknown = await get(id, marksShelf());
          if (value === undefined) continue;
          const read = readMarks(value);
          marks.set(id, read.marks);
          if (!read.damaged) continue;
          damagedMarks += 1;
          await set(`marks:${id}`, value, asideShelf());
          await set(id, toMarksRecord(read.marks), marksShelf());
        }
        return { records: records.sort((a, b) => a.order - b.order), marks, damaged, damagedMarks };
      }),
    put: (record) => attempt(() => set(record.id, record, shelf())),
    putMarks: (id, marks) => attempt(() => set(id, toMarksRecord(marks), marksShelf())),
    remove: (id) =>
      attempt(async () => {
        await del(id, shelf());
        await del(id, marksShelf());
      }),
  };
}

/** A picture as the shelf keeps it. */
export function toRecord(picture: Picture, order: number): ShelfRecord {
  const { id, name, blob } = picture.source;
  return { version: 1, id, name, blob, order, info: picture.info };
}
