import type { Calibration, ReferenceId, ReferenceInfo } from "./contract.ts";
import type { MatchTable } from "./match-table.ts";
import { calibrationOf, nameLeftOut, RULES } from "./matching/calibration.ts";
import { functionsOf, type Lesson } from "./lessons.ts";
import { sha256 } from "./imaging/hash.ts";
import { centringShare } from "./matching/centring.ts";
import { OTHER_FLOOR } from "./matching/compose.ts";
import { discriminantScores, fitDiscriminant } from "./matching/discriminant.ts";
import { DEFAULT_PARAMETERS } from "./matching/matcher.ts";

/** Pictures that a bank is asked about, at most: more change the shares by less than a person could tell apart. */
const MOST_ASKED = 1500;

/** Fewer things and surroundings say nothing about a bank. */
const FEWEST_SAMPLES = 20;

/** Curves of tables that are in use; a bank that changes gets another table. */
const known = new WeakMap<MatchTable["table"], Calibration>();

/** References with where they come from. */
type Origins = readonly { readonly references: readonly Pick<ReferenceInfo, "id" | "source" | "provenance">[] }[];

/**
 * How often what the match names is wrong, estimated on the bank itself. Kept as long as its table is.
 * @param classes says where the table's references come from
 */
export function calibrate(match: MatchTable, classes: Origins): Calibration {
  const before = known.get(match.table);
  if (before) return before;
  const origins = originsOf(classes);
  const pictures = picturesOfRows(match, origins);
  const named = nameLeftOut({
    table: match.table,
    pictures: pictures.ofRows,
    parameters: DEFAULT_PARAMETERS,
    otherFloor: OTHER_FLOOR,
    centring: centringShare(match.trust),
    gains: gainsWithoutOwnPicture(match, origins, pictures),
  });
  const isEnough = named.length >= FEWEST_SAMPLES;
  const made: Calibration = {
    basis: isEnough ? "bank" : "general",
    ...calibrationOf(isEnough ? named : [], match.classes.length),
  };
  known.set(match.table, made);
  return made;
}

/** SHA-256 of what `calibrate` looks at, by which a curve is known again. */
export async function calibrationKeyOf({ table, discriminant, trust }: MatchTable): Promise<string> {
  const rules = JSON.stringify([
    RULES,
    DEFAULT_PARAMETERS,
    OTHER_FLOOR,
    trust,
    table.anchorsFrom,
    [...table.classOffsets],
  ]);
  const parts = [new TextEncoder().encode(rules), table.references, discriminant?.functions ?? new Float32Array()];
  return sha256(await new Blob(parts).arrayBuffer());
}

/** File of every reference that is not a pictogram. */
function originsOf(classes: Origins): ReadonlyMap<ReferenceId, string> {
  const origins = new Map<ReferenceId, string>();
  for (const { id, source, provenance } of classes.flatMap((one) => one.references)) {
    if (source !== "pictogram") origins.set(id, provenance);
  }
  return origins;
}

interface Pictures {
  /** Which picture each row is from, by its file's name; -1 for pictograms, which are no regions of any picture. */
  readonly ofRows: Int32Array;
  readonly numbers: ReadonlyMap<string, number>;
}

function picturesOfRows({ references, anchors }: MatchTable, origins: ReadonlyMap<ReferenceId, string>): Pictures {
  // Numbered as the bank has them, whichever of its classes take part.
  const numbers = new Map([...new Set(origins.values())].map((origin, number) => [origin, number]));
  const rows = [...references.filter((id) => id !== null), ...anchors];
  const ofRows = Int32Array.from(rows, (id) => numbers.get(origins.get(id) ?? "") ?? -1);
  return { ofRows: thinnedOut(ofRows), numbers };
}

/** The same with no more than MOST_ASKED pictures, taken evenly. */
function thinnedOut(ofRows: Int32Array): Int32Array {
  const pictures = [...new Set(ofRows)].filter((picture) => picture >= 0).sort((a, b) => a - b);
  if (pictures.length <= MOST_ASKED) return ofRows;
  const step = pictures.length / MOST_ASKED;
  const asked = new Set(Array.from({ length: MOST_ASKED }, (_, at) => pictures[Math.floor(at * step)]));
  return ofRows.map((picture) => (asked.has(picture) ? picture : -1));
}

/** Pictures are taken out a fold at a time: learning anew for each would take too long. */
const FOLDS = 4;

/** Lessons with a fold of their pictures left out; they serve all tables, whichever classes take part. */
const foldedLessons = new WeakMap<Lesson, readonly Lesson[]>();

function lessonsWithoutFolds(lesson: Lesson, dimensions: number, foldOf: (id: ReferenceId) => number) {
  const before = foldedLessons.get(lesson);
  if (before) return before;
  const made = Array.from({ length: FOLDS }, (_, fold) => {
    const others = lesson.samples.filter(({ referenceId }) => foldOf(referenceId) !== fold);
    const discriminant = fitDiscriminant(dimensions, lesson.classes.length, others, lesson.trust);
    return { ...lesson, discriminant };
  });
  foldedLessons.set(lesson, made);
  return made;
}

/** What every row gains by functions that were learned without its picture, and without a quarter of the others. */
function gainsWithoutOwnPicture(
  { table, classes, lesson }: MatchTable,
  origins: ReadonlyMap<ReferenceId, string>,
  { ofRows, numbers }: Pictures,
): Float32Array<ArrayBuffer> | null {
  if (!lesson.discriminant) return null;
  const { dimensions, references } = table;
  const columns = classes.length + 1;
  const gains = new Float32Array(ofRows.length * columns);
  const foldOf = (id: ReferenceId): number => {
    const picture = numbers.get(origins.get(id) ?? "");
    return picture === undefined ? -1 : picture % FOLDS;
  };
  for (const [fold, without] of lessonsWithoutFolds(lesson, dimensions, foldOf).entries()) {
    const wanted = functionsOf(without, classes);
    if (!wanted) continue;
    const rows = [...ofRows.keys()].filter((row) => (ofRows[row] ?? -1) % FOLDS === fold);
    const data = new Float32Array(rows.length * dimensions);
    for (const [at, row] of rows.entries()) {
      data.set(references.subarray(row * dimensions, (row + 1) * dimensions), at * dimensions);
    }
    const scores = discriminantScores({ count: rows.length, dimensions, data }, wanted);
    for (const [at, row] of rows.entries()) gains.set(scores.subarray(at * columns, (at + 1) * columns), row * columns);
  }
  return gains;
}
