import type { ReferenceTable } from "../reference-table.ts";

/** Numbers that the similarity kernel, its CPU twin and their callers share. */

/** s of a class without references: below every similarity. */
export const NO_SIMILARITY = -2;

/** In place of a row number: there is no reference. */
export const NO_REFERENCE = 0xffffffff;

/** Classes are worked on in groups with at most this many references in all, or alone; multiplied at once. */
export const GROUP_REFERENCES = 64;

/** Regions that a workgroup compares with a group. A quarter of either number, multiplied, is its size. */
export const SIMILARITY_REGIONS = 32;

/**
 * Vectors of every row that a workgroup fetches at once: with them (REGIONS + REFERENCES) * DEPTH * 16 bytes of
 * workgroup memory are in use, 12 of the 16 KiB that every device has. The products, which take their place, need less.
 */
export const SIMILARITY_DEPTH = 8;

/** Rows of the kernel's matrices are padded to whole vectors of this many numbers. */
export const VECTOR = 4;

/** `Parameters` of the kernel. */
export const SIMILARITY_PARAMETERS = {
  regions: "u32",
  firstRow: "u32",
  leaveOneOut: "u32",
  classes: "u32",
  vectors: "u32",
} as const;

/** s of every class for every region, with the reference that gave the maximum. */
export interface Similarities {
  /** N. */
  readonly count: number;
  /** C. */
  readonly classes: number;
  /** N x C: s_c = 1/2 <x, p_c> + 1/2 max_i <x, r_ci>, -1..1; NO_SIMILARITY for a class without references. */
  readonly similarity: Float32Array<ArrayBuffer>;
  /** N x C: row of the table; NO_REFERENCE for a class without references. */
  readonly nearest: Uint32Array<ArrayBuffer>;
}

/**
 * Cuts the classes of a table into runs of neighbours that have at most GROUP_REFERENCES references together, a larger
 * class alone.
 * @returns G + 1 class numbers: group g has the classes result[g] .. result[g+1]-1.
 */
export function groupClasses({ classes, classOffsets }: ReferenceTable): Uint32Array<ArrayBuffer> {
  const bounds = [0];
  let start = 0;
  for (let index = 0; index < classes; index += 1) {
    const references = (classOffsets[index + 1] ?? 0) - (classOffsets[start] ?? 0);
    if (references > GROUP_REFERENCES && index > start) {
      bounds.push(index);
      start = index;
    }
  }
  if (classes > 0) bounds.push(classes);
  return Uint32Array.from(bounds);
}
