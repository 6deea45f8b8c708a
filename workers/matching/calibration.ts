import { dotProducts } from "../dot-products/dot-products.ts";
import { confidenceOf } from "./confidence.ts";
import { withGains } from "./discriminant.ts";
import { type Isotonic, isotonicRegression, type Observation, valueAt } from "./isotonic.ts";
import { expectedListsOf } from "./lists/class-lists.cpu.ts";
import { decide, type MatchParameters, NO_CLASS } from "./matcher.ts";
import { rankOnCpu } from "./ranking/ranking.cpu.ts";
import { type ReferenceTable, SHORTEST_SUM } from "./reference-table.ts";
import { NO_SIMILARITY } from "./similarity/layout.ts";

/** How often what is named is wrong. */
export interface CalibrationCurve {
  /** References and surroundings that were left out and then named. */
  readonly samples: number;
  /**
   * Expected share of wrong ones among the regions that are named, for the thresholds 0, 1 / (n - 1) .. 1; never rises.
   */
  readonly wrong: Float64Array<ArrayBuffer>;
}

/** Thresholds of a curve: 0, 0.02 .. 1. */
const THRESHOLDS = 51;

/** Something that was named, how sure the match was, and whether it was right. */
export interface Named {
  readonly confidence: number;
  readonly isRight: boolean;
}

/**
 * How many of the named regions show a thing of one of the classes at all, by threshold, with many classes at once and with
 * few: what no bank can say, as its masks are true and its surroundings few. Measured on the photographs of docs/figures.md,
 * which says how well one half of them foretells the other, as the share of right ones among the named regions over the
 * share of right ones among the bank's own left-out things (the column "things" of npm run evaluate), with all 80 classes
 * and with the picture's own, three on the average.
 */
const THINGS: readonly (readonly [threshold: number, many: number, few: number])[] = [
  [0.3, 0.66, 0.79],
  [0.5, 0.695, 0.82],
  [0.6, 0.74, 0.85],
  [0.7, 0.8, 0.88],
  [0.8, 0.86, 0.93],
  [0.9, 0.94, 0.95],
];
const MANY_CLASSES = 80;
const FEW_CLASSES = 3;

/** Another text when curves of the same bank become others. */
export const RULES = `2 ${JSON.stringify(THINGS)}`;

/** Share of things that get their own class when they get one, where the bank is too small to say: as with 80 classes. */
const GENERAL_RIGHT = 0.67;
/** Samples as which the general experience counts, so that a small bank's own say grows with it. */
const GENERAL_SAMPLES = 20;

/**
 * From things that were left out and named to a curve. A named region is right when it shows a thing of the classes at
 * all (THINGS) and that thing gets its own class: isotonic regression of right on confidence, the general experience
 * counting as a few samples, and its mean from every threshold on.
 * @param classes how many take part
 */
export function calibrationOf(named: readonly Named[], classes: number): CalibrationCurve {
  const general = THINGS.map(([at]) => ({ at, value: GENERAL_RIGHT, weight: GENERAL_SAMPLES / THINGS.length }));
  const own = named.map(({ confidence, isRight }) => ({ at: confidence, value: isRight ? 1 : 0, weight: 1 }));
  const observations: readonly Observation[] = [...general, ...own];
  const fitted = isotonicRegression(observations);
  const wrong = Float64Array.from({ length: THRESHOLDS }, (_, step) => {
    const threshold = step / (THRESHOLDS - 1);
    return 1 - thingsAt(threshold, classes) * meanFrom(observations, fitted, threshold);
  });
  // Beyond the surest sample there is only its own value, which a mean over a few may have been below.
  for (let step = 1; step < THRESHOLDS; step += 1) {
    wrong[step] = Math.min(wrong[step - 1] ?? 1, wrong[step] ?? 1);
  }
  return { samples: named.length, wrong };
}

/** Mean of a function over the observations from a place on; its own value where there are none. */
function meanFrom(observations: readonly Observation[], fitted: Isotonic, from: number): number {
  let sum = 0;
  let weight = 0;
  for (const one of observations) {
    if (one.at < from) continue;
    sum += one.weight * valueAt(fitted, one.at);
    weight += one.weight;
  }
  return weight === 0 ? valueAt(fitted, from) : sum / weight;
}

/**
 * How many of the regions that are named at a threshold show a thing: THINGS between its places, constant before the first
 * and after the last; between few and many classes by the logarithm of their number.
 */
export function thingsAt(threshold: number, classes: number): number {
  const many = Math.log(Math.max(1, classes) / FEW_CLASSES) / Math.log(MANY_CLASSES / FEW_CLASSES);
  const share = Math.min(1, Math.max(0, many));
  const next = THINGS.findIndex(([place]) => place > threshold);
  const above = THINGS[next < 0 ? THINGS.length - 1 : next] ?? [0, 0, 0];
  const below = THINGS[next < 0 ? THINGS.length - 1 : Math.max(0, next - 1)] ?? above;
  const step = above[0] > below[0] ? Math.max(0, (threshold - below[0]) / (above[0] - below[0])) : 0;
  const between = (column: 1 | 2): number => below[column] + step * (above[column] - below[column]);
  return share * between(1) + (1 - share) * between(2);
}

/** Expected share of wrong regions at a threshold, 0..1. */
export function wrongAt({ wrong }: Pick<CalibrationCurve, "wrong">, threshold: number): number {
  return wrong[Math.round(Math.min(1, Math.max(0, threshold)) * (wrong.length - 1))] ?? 0;
}

/** How a bank's own references are asked about. */
export interface LeavingOut {
  readonly table: ReferenceTable;
  /** Of every row of the table, which picture it is from; -1 for rows that are not asked about, such as pictograms. */
  readonly pictures: Int32Array;
  readonly parameters: MatchParameters;
  /** What a class must score to be named at all. */
  readonly otherFloor: number;
  /** How much of a picture's surroundings is taken from its descriptors, as in centring.ts. */
  readonly centring: number;
  /** What "other" and every class gain for every row, learned without the row's picture: see discriminant.ts. */
  readonly gains: Float32Array<ArrayBuffer> | null;
}

/**
 * Asks about every reference of a photograph, and about what surrounds it, as if it were a region of a picture that the
 * bank does not know: all rows of its picture are left out, and it is centred on the picture's surroundings. A thing is
 * right when it gets its own class; surroundings that get any class are wrong.
 * @returns those that were named
 */
export function nameLeftOut(leavingOut: LeavingOut): Named[] {
  const { table, pictures } = leavingOut;
  const members = membersOf(pictures);
  const classOf = rowClasses(table);
  const named: Named[] = [];
  // A few pictures at a time: products of all rows with all would not fit into memory for a large bank.
  for (let first = 0; first < members.length; first += PICTURES_AT_ONCE) {
    const some = members.slice(first, first + PICTURES_AT_ONCE);
    const products = productsOf(table, some.flat());
    let place = 0;
    for (const rows of some) {
      named.push(...namePicture(leavingOut, { rows, products, place }, classOf));
      place += rows.length;
    }
  }
  return named;
}

/** Pictures whose rows are multiplied with all others at once. */
const PICTURES_AT_ONCE = 64;

/** Rows of a picture: the products of rows[i] with every row of the table begin at (place + i) * their number. */
interface PictureRows {
  readonly rows: readonly number[];
  readonly products: Float32Array;
  readonly place: number;
}

/** Products of some rows with every row of the table. */
function productsOf({ references, dimensions, classes, classOffsets }: ReferenceTable, rows: readonly number[]) {
  const total = classOffsets[classes] ?? 0;
  const chosen = new Float32Array(rows.length * dimensions);
  rows.forEach((row, at) => chosen.set(references.subarray(row * dimensions, (row + 1) * dimensions), at * dimensions));
  const products = new Float32Array(rows.length * total);
  const left = { data: chosen, first: 0, count: rows.length };
  dotProducts(left, { data: references, first: 0, count: total }, dimensions, products);
  return products;
}

function namePicture(leavingOut: LeavingOut, picture: PictureRows, classOf: Uint32Array): Named[] {
  const { table, pictures, parameters, otherFloor, centring, gains } = leavingOut;
  const { classes, anchorsFrom } = table;
  const lists = expectedListsOf(table);
  const around = meanProducts(picture, (row) => (classOf[row] ?? 0) >= anchorsFrom, classOf.length);
  const without = sumsWithout(table, picture, classOf);
  const named: Named[] = [];
  for (const [at, row] of picture.rows.entries()) {
    const start = (picture.place + at) * classOf.length;
    const own = picture.products.subarray(start, start + classOf.length);
    const similarity = similarityTo(table, own, row, around, centring, pictures, without);
    const given = { count: 1, classes, similarity, nearest: new Uint32Array(classes) };
    const decided = decide(rankOnCpu(given, lists, parameters));
    const columns = anchorsFrom + 1;
    const gain = gains?.slice(row * columns, (row + 1) * columns);
    const gained = gain ? withGains(decided, gain, anchorsFrom) : decided;
    const { bestScore, best, slots, candidates, score } = gained;
    const label = best[0] ?? NO_CLASS;
    const rivals = scoresOf(candidates, score, slots, anchorsFrom);
    const other = Math.max(rivals.anchor, otherFloor + (gained.other?.[0] ?? 0));
    const top = bestScore[0] ?? NO_SIMILARITY;
    if (label >= anchorsFrom || top <= other) continue;
    const margin = top - Math.max(other, rivals.second);
    named.push({ confidence: confidenceOf(top, margin), isRight: label === classOf[row] });
  }
  return named;
}

function rowClasses({ classes, classOffsets }: ReferenceTable): Uint32Array {
  const found = new Uint32Array(classOffsets[classes] ?? 0);
  for (let index = 0; index < classes; index += 1) found.fill(index, classOffsets[index], classOffsets[index + 1]);
  return found;
}

/** Rows by picture. */
function membersOf(pictures: Int32Array): number[][] {
  const members = new Map<number, number[]>();
  for (const [row, picture] of pictures.entries()) {
    if (picture >= 0) members.set(picture, [...(members.get(picture) ?? []), row]);
  }
  return [...members.values()];
}

/** Products of the mean of some of a picture's rows with every row; null for no rows. */
function meanProducts(
  { rows, products, place }: PictureRows,
  takesPart: (row: number) => boolean,
  total: number,
): Float32Array | null {
  const places = rows.flatMap((row, at) => (takesPart(row) ? [place + at] : []));
  if (places.length === 0) return null;
  const mean = new Float32Array(total);
  for (const one of places) {
    for (let at = 0; at < total; at += 1)
      mean[at] = (mean[at] ?? 0) + (products[one * total + at] ?? 0) / places.length;
  }
  return mean;
}

/** Lengths of the sums of the classes' references when a picture's rows are not among them: |S - E| by products alone. */
function sumsWithout(
  { classes, classOffsets, sumLengths }: ReferenceTable,
  { rows: left, products, place }: PictureRows,
  classOf: Uint32Array,
): Float64Array {
  const total = classOf.length;
  const lengths = Float64Array.from({ length: classes }, (_, index) => sumLengths[index] ?? 0);
  for (const index of new Set(left.map((row) => classOf[row] ?? 0))) {
    const rows = left.flatMap((row, at) => (classOf[row] === index ? [{ row, start: (place + at) * total }] : []));
    let shared = 0;
    let own = 0;
    for (const { start } of rows) {
      for (let at = classOffsets[index] ?? 0; at < (classOffsets[index + 1] ?? 0); at += 1) {
        shared += products[start + at] ?? 0;
      }
      for (const other of rows) own += products[start + other.row] ?? 0;
    }
    lengths[index] = Math.sqrt(Math.max(0, (lengths[index] ?? 0) ** 2 - 2 * shared + own));
  }
  return lengths;
}

/** s of every class for one row, whose products with every row are given, without the rows of its picture. */
function similarityTo(
  { classes, classOffsets }: ReferenceTable,
  products: Float32Array,
  row: number,
  around: Float32Array | null,
  centring: number,
  pictures: Int32Array,
  sumLengths: Float64Array,
): Float32Array<ArrayBuffer> {
  const similarity = new Float32Array(classes).fill(NO_SIMILARITY);
  for (let index = 0; index < classes; index += 1) {
    let sum = 0;
    let highest = Number.NEGATIVE_INFINITY;
    for (let at = classOffsets[index] ?? 0; at < (classOffsets[index + 1] ?? 0); at += 1) {
      if (pictures[at] === pictures[row]) continue;
      const product = (products[at] ?? 0) - centring * (around?.[at] ?? 0);
      sum += product;
      highest = Math.max(highest, product);
    }
    if (highest === Number.NEGATIVE_INFINITY) continue;
    const length = sumLengths[index] ?? 0;
    similarity[index] = 0.5 * (length > SHORTEST_SUM ? sum / length : 0) + 0.5 * highest;
  }
  return similarity;
}

/** z of the best anchor and of the second best class; -1, the lowest cosine, where there is none. */
function scoresOf(
  candidates: Uint32Array,
  score: Float32Array,
  slots: number,
  anchorsFrom: number,
): { readonly anchor: number; readonly second: number } {
  let anchor = -1;
  let first = -1;
  let second = -1;
  for (let slot = 0; slot < slots && candidates[slot] !== NO_CLASS; slot += 1) {
    const value = score[slot] ?? -1;
    if ((candidates[slot] ?? 0) >= anchorsFrom) anchor = Math.max(anchor, value);
    else if (value > first) [first, second] = [value, first];
    else second = Math.max(second, value);
  }
  return { anchor, second };
}
