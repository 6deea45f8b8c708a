import * as v from "valibot";
import type { ClassId, Correction, ImagePx, Dismissal, ReferenceId } from "../../workers/contract.ts";

/** What a person said about parts of a picture. */
export interface PictureMarks {
  readonly corrections: readonly Correction[];
  readonly dismissed: readonly Dismissal[];
}

export const NO_MARKS: PictureMarks = { corrections: [], dismissed: [] };

const side = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(1),
  v.maxValue(4096),
  v.transform((pixels) => pixels as ImagePx),
);
const text = v.pipe(v.string(), v.minLength(1));
const classId = v.pipe(
  text,
  v.transform((id) => id as ClassId),
);

/** Pairs that rise, do not touch and end inside. */
function areRuns(runs: unknown): runs is Uint32Array<ArrayBuffer> {
  if (!(runs instanceof Uint32Array) || runs.length === 0 || runs.length % 2 !== 0) return false;
  let free = 0;
  for (let at = 0; at < runs.length; at += 2) {
    if ((runs[at] ?? 0) < free || (runs[at + 1] ?? 0) === 0) return false;
    free = (runs[at] ?? 0) + (runs[at + 1] ?? 0);
  }
  return true;
}

const mask = v.pipe(
  v.object({ width: side, height: side, runs: v.custom<Uint32Array<ArrayBuffer>>(areRuns) }),
  v.check(({ width, height, runs }) => (runs.at(-2) ?? 0) + (runs.at(-1) ?? 0) <= width * height),
);

const CORRECTION = v.object({
  id: text,
  classId: v.nullable(classId),
  mask,
  reference: v.nullable(
    v.pipe(
      text,
      v.transform((id) => id as ReferenceId),
    ),
  ),
});
const DISMISSAL = v.object({ classId, mask });

const RECORD = v.object({
  version: v.literal(1),
  corrections: v.array(v.unknown()),
  dismissed: v.array(v.unknown()),
});

/** Marks as the shelf keeps them. */
export const toMarksRecord = (marks: PictureMarks): v.InferOutput<typeof RECORD> => ({
  version: 1,
  corrections: [...marks.corrections],
  dismissed: [...marks.dismissed],
});

/** What can be read of a stored record; `damaged` when some of it cannot. */
export function readMarks(value: unknown): { readonly marks: PictureMarks; readonly damaged: boolean } {
  const record = v.safeParse(RECORD, value);
  if (!record.success) return { marks: NO_MARKS, damaged: true };
  const good = <Output>(schema: v.GenericSchema<unknown, Output>, entries: readonly unknown[]): Output[] =>
    entries.flatMap((entry) => {
      const parsed = v.safeParse(schema, entry);
      return parsed.success ? [parsed.output] : [];
    });
  const corrections = good(CORRECTION, record.output.corrections);
  const dismissed = good(DISMISSAL, record.output.dismissed);
  const kept = corrections.length + dismissed.length;
  return {
    marks: { corrections, dismissed },
    damaged: kept < record.output.corrections.length + record.output.dismissed.length,
  };
}
