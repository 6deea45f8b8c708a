import type { ReferenceTable } from "./reference-table.ts";

/** One reference and how like a region it is. */
export interface ReferenceSimilarity {
  /** Row of the table. */
  readonly reference: number;
  readonly classIndex: number;
  /** Cosine, -1..1. */
  readonly similarity: number;
}

/**
 * All references of some classes with their similarity to a region, the most alike first; what "why this class" shows.
 * @param descriptor D numbers, unit length or zero. @param classes class numbers of the table.
 */
export function similaritiesOf(
  descriptor: Float32Array,
  table: ReferenceTable,
  classes: readonly number[],
): ReferenceSimilarity[] {
  const { dimensions, classOffsets, references } = table;
  const found: ReferenceSimilarity[] = [];
  for (const index of classes) {
    for (let reference = classOffsets[index] ?? 0; reference < (classOffsets[index + 1] ?? 0); reference += 1) {
      let similarity = 0;
      for (let d = 0; d < dimensions; d += 1) {
        similarity += (descriptor[d] ?? 0) * (references[reference * dimensions + d] ?? 0);
      }
      found.push({ reference, classIndex: index, similarity });
    }
  }
  return found.sort((a, b) => b.similarity - a.similarity);
}
