import { EngineError } from "../contract.ts";

/**
 * All references that take part in a match, as unit rows sorted by class. Classes come first, then anchors: hidden
 * classes of common things and stuff, which win as "other". A class may have no reference; it then never wins.
 */
export interface ReferenceTable {
  /** D. */
  readonly dimensions: number;
  /** C, anchors included. */
  readonly classes: number;
  /** Classes with this index or a higher one are anchors. */
  readonly anchorsFrom: number;
  /** M x D: unit rows, those of class c at classOffsets[c] .. classOffsets[c+1]-1. */
  readonly references: Float32Array<ArrayBuffer>;
  /** C + 1 row numbers. */
  readonly classOffsets: Uint32Array<ArrayBuffer>;
  /**
   * C: the length of the sum of a class's references; 0 without references, or when they cancel out. The similarity of
   * the prototype (their normalised mean) is the sum of the references' similarities divided by this number, so that
   * nobody needs the prototypes themselves.
   */
  readonly sumLengths: Float32Array<ArrayBuffer>;
}

/** The sum of unit vectors counts as zero when it is shorter than this. */
export const SHORTEST_SUM = 1e-6;

/** Vectors of one class, D numbers each, of any length but zero. */
export type ClassVectors = readonly Float32Array[];

/**
 * Builds a table. Vectors are normalised; zero vectors resemble nothing and are kept as zero rows, so that row numbers
 * stay those of the input.
 * @param classes vectors of every class, in palette order. @param anchors vectors of every anchor.
 * @throws EngineError "internal" when a vector is not `dimensions` long.
 */
export function buildReferenceTable(
  dimensions: number,
  classes: readonly ClassVectors[],
  anchors: readonly ClassVectors[] = [],
): ReferenceTable {
  const all = [...classes, ...anchors];
  const classOffsets = new Uint32Array(all.length + 1);
  all.forEach((vectors, index) => {
    classOffsets[index + 1] = (classOffsets[index] ?? 0) + vectors.length;
  });
  const references = new Float32Array((classOffsets[all.length] ?? 0) * dimensions);
  const sumLengths = new Float32Array(all.length);
  const sum = new Float64Array(dimensions);
  all.forEach((vectors, index) => {
    sum.fill(0);
    vectors.forEach((vector, i) => {
      if (vector.length !== dimensions) {
        throw new EngineError("internal", "A reference has another length than the bank's model gives.", {
          expected: dimensions,
          got: vector.length,
        });
      }
      const row = ((classOffsets[index] ?? 0) + i) * dimensions;
      const scale = inverseLength(vector);
      for (let d = 0; d < dimensions; d += 1) {
        const value = (vector[d] ?? 0) * scale;
        references[row + d] = value;
        sum[d] = (sum[d] ?? 0) + value;
      }
    });
    const length = Math.hypot(...sum);
    sumLengths[index] = length > SHORTEST_SUM ? length : 0;
  });
  return {
    dimensions,
    classes: all.length,
    anchorsFrom: classes.length,
    references,
    classOffsets,
    sumLengths,
  };
}

/** 1 / length of a vector; 0 for the zero vector. */
function inverseLength(vector: Float32Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return squares > 0 ? 1 / Math.sqrt(squares) : 0;
}
