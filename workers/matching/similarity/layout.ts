import type { ReferenceTable } from "../reference-table.ts";

/** Numbers that the similarity kernel, its CPU twin and their callers share. */

/** s of a class without references: below every similarity. */
export const NO_SIMILARITY = -2;

/** In place of a row number: there is no reference. */
export const NO_REFERENCE = 0xffffffff;

/** Classes are worked on in groups with about this many references in all. */
export const GROUP_REFERENCES = 64;

/** Side of a tile: so many regions, references and fours of numbers at once; its square is the workgroup. */
export const SIMILARITY_TILE = 16;

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
