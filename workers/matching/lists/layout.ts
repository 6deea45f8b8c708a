import type { ReferenceTable } from "../reference-table.ts";

/** Numbers that the class list kernel, its CPU twin and their callers share. */

/** Side of the square of list entries that a workgroup computes. */
export const LISTS_TILE = 8;

/** `Parameters` of the kernel. */
export const LISTS_PARAMETERS = { firstClass: "u32", classCount: "u32", classes: "u32" } as const;

/** How many references a class has. */
export function referenceCount({ classOffsets }: ReferenceTable, index: number): number {
  return (classOffsets[index + 1] ?? 0) - (classOffsets[index] ?? 0);
}

/**
 * Writes the own entries of classes with a single reference, which leave-one-out cannot give: the median own entry of
 * the classes that have two or more, that is, such a class is taken to be as coherent as classes here are. When there
 * are none, the highest entry of its row (it is like itself at least as much as like any other class), and 1 when it
 * is alone.
 * @param lists C x C, all other entries known; changed in place.
 */
export function completeSingles(lists: Float32Array, table: ReferenceTable): void {
  const { classes } = table;
  const indices = Array.from({ length: classes }, (_, index) => index);
  const coherences = indices
    .filter((index) => referenceCount(table, index) > 1)
    .map((index) => lists[index * classes + index] ?? 0);
  const typical = median(coherences);
  for (const index of indices) {
    if (referenceCount(table, index) !== 1) continue;
    lists[index * classes + index] = typical ?? highestOther(lists, index, table);
  }
}

/** Undefined for no values. */
function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle];
  const low = sorted[middle - 1];
  return sorted.length % 2 === 1 || high === undefined || low === undefined ? high : (high + low) / 2;
}

function highestOther(lists: Float32Array, index: number, table: ReferenceTable): number {
  let highest = -Infinity;
  for (let other = 0; other < table.classes; other += 1) {
    if (other === index || referenceCount(table, other) === 0) continue;
    highest = Math.max(highest, lists[index * table.classes + other] ?? 0);
  }
  return highest === -Infinity ? 1 : highest;
}
