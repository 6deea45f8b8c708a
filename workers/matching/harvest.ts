import type { Descriptors } from "../imaging/patch-tokens.ts";
import type { ReferenceTable } from "./reference-table.ts";

/** A region that could become a reference. */
export interface HarvestRow {
  /** Row of the descriptors. */
  readonly row: number;
  /** Any number that is the same for regions of one picture. */
  readonly picture: number;
  readonly classIndex: number;
  /** 0..1. */
  readonly confidence: number;
}

/** Most offered of one class at a time. */
const MOST_OFFERED = 12;
/** A region this like (cosine) a reference of its class, or one offered already, would teach nothing. */
const TOO_ALIKE = 0.92;

/**
 * Which regions to offer: of each class the surest first, then always the one that is least like the references and what
 * was chosen before (farthest-point choice), pictures that gave nothing yet going first.
 * @returns the chosen rows by class, in the order of choice
 */
export function chooseHarvest(
  rows: readonly HarvestRow[],
  descriptors: Descriptors,
  table: ReferenceTable,
): readonly HarvestRow[] {
  const byClass = new Map<number, HarvestRow[]>();
  for (const row of rows) byClass.set(row.classIndex, [...(byClass.get(row.classIndex) ?? []), row]);
  return [...byClass]
    .sort(([a], [b]) => a - b)
    .flatMap(([classIndex, members]) => chooseOfClass(members, classIndex, descriptors, table));
}

function chooseOfClass(
  members: readonly HarvestRow[],
  classIndex: number,
  { data, dimensions }: Descriptors,
  table: ReferenceTable,
): HarvestRow[] {
  const vectorOf = ({ row }: HarvestRow): Float32Array => data.subarray(row * dimensions, (row + 1) * dimensions);
  /** The highest cosine of each candidate with what is there already. */
  const likeness = new Map(members.map((one) => [one, likestReference(vectorOf(one), classIndex, table)]));
  const left = new Set(members);
  const given = new Map<number, number>();
  const chosen: HarvestRow[] = [];
  while (left.size > 0 && chosen.length < MOST_OFFERED) {
    for (const one of left) if ((likeness.get(one) ?? 0) > TOO_ALIKE) left.delete(one);
    const least = Math.min(...[...left].map(({ picture }) => given.get(picture) ?? 0));
    const eligible = [...left].filter(({ picture }) => (given.get(picture) ?? 0) === least);
    const next = best(eligible, (one) => (chosen.length === 0 ? one.confidence : -(likeness.get(one) ?? 0)));
    if (!next) break;
    left.delete(next);
    chosen.push(next);
    given.set(next.picture, least + 1);
    for (const one of left) {
      likeness.set(one, Math.max(likeness.get(one) ?? 0, cosine(vectorOf(one), vectorOf(next))));
    }
  }
  return chosen;
}

function best<Item>(items: readonly Item[], value: (item: Item) => number): Item | null {
  let found: Item | null = null;
  let highest = Number.NEGATIVE_INFINITY;
  for (const item of items) {
    const own = value(item);
    if (own <= highest) continue;
    found = item;
    highest = own;
  }
  return found;
}

function likestReference(vector: Float32Array, classIndex: number, table: ReferenceTable): number {
  const { dimensions, classOffsets, references } = table;
  let likest = -1;
  for (let row = classOffsets[classIndex] ?? 0; row < (classOffsets[classIndex + 1] ?? 0); row += 1) {
    likest = Math.max(likest, cosine(vector, references.subarray(row * dimensions, (row + 1) * dimensions)));
  }
  return likest;
}

/** -1..1; 0 with a zero vector. */
function cosine(a: Float32Array, b: Float32Array): number {
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let d = 0; d < a.length; d += 1) {
    const [x, y] = [a[d] ?? 0, b[d] ?? 0];
    product += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return squaresA > 0 && squaresB > 0 ? product / Math.sqrt(squaresA * squaresB) : 0;
}
