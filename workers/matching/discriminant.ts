import { dotProducts } from "../dot-products/dot-products.ts";
import { addWeightedProducts } from "../dot-products/weighted-products.ts";
import type { Descriptors } from "../imaging/patch-tokens.ts";
import { decide, type MatchResult, NO_CLASS } from "./matcher.ts";

/** Number of "other" among the classes of samples: what surrounds things. */
export const SURROUNDINGS = -1;

/** A piece of a reference or of what surrounds it. */
export interface Sample {
  /** D numbers, of unit length. */
  readonly vector: Float32Array;
  /** Number of its class, or SURROUNDINGS. */
  readonly classIndex: number;
  /** Patches that it covers, > 0. */
  readonly patches: number;
}

/** What tells each class from all others and from what surrounds them: a linear function of a unit descriptor each. */
export interface Discriminant {
  readonly dimensions: number;
  /** C. */
  readonly classes: number;
  /** (C + 1) x (D + 1), already times the weight of the whole: row 0 is "other", row c + 1 class c; the last number is the constant. */
  readonly functions: Float32Array<ArrayBuffer>;
}

/** What the squared weights are punished with, in units of samples. Of 0.1, 0.3, 1 and 3, see docs/method.md. */
const RIDGE = 1;
/** More samples than this are of no more help than these: who has more thins them out. */
export const MOST_SAMPLES = 20_000;
/** With so many references, the functions count half: a handful cannot tell what all other things look like. */
const HALF_TRUST = 20;
/** Samples whose products are summed at once. */
const BLOCK = 2048;

/** How far the functions of a bank with so many references are to be trusted, 0..1. */
export function trustIn(references: number): number {
  return references / (references + HALF_TRUST);
}

/**
 * Ridge regression of "is of class c" on the samples, all classes and "other" at once, in closed form:
 * (X' S X + I) w_c = X' S y_c, where a sample's weight S is its patches over the root of all patches of its class, so that
 * classes with few samples are heard. Classes without samples are as likely as "other".
 * @param trust see trustIn
 * @returns null when there are no samples of things
 */
export function fitDiscriminant(
  dimensions: number,
  classes: number,
  samples: readonly Sample[],
  trust: number,
): Discriminant | null {
  const patches = new Float64Array(classes + 1);
  for (const sample of samples) patches[sample.classIndex + 1] = (patches[sample.classIndex + 1] ?? 0) + sample.patches;
  if (!patches.subarray(1).some((count) => count > 0)) return null;
  const size = dimensions + 1;
  const gram = new Float64Array(size * size);
  const sides = new Float64Array((classes + 1) * size);
  for (let first = 0; first < samples.length; first += BLOCK) {
    const block = samples.slice(first, first + BLOCK);
    const weights = block.map(
      ({ classIndex, patches: own }) => own / Math.sqrt(Math.max(1, patches[classIndex + 1] ?? 1)),
    );
    addWeightedProducts(
      gram,
      block.map(({ vector }) => vector),
      weights,
      dimensions,
    );
    addSides(sides, block, weights, size);
  }
  for (let at = 0; at < size; at += 1) gram[at * size + at] = (gram[at * size + at] ?? 0) + RIDGE;
  const lower = choleskyInPlace(gram, size);
  const functions = new Float32Array((classes + 1) * size);
  for (let row = 0; row <= classes; row += 1) {
    // A class that nothing is known of gains what "other" gains.
    const known = (patches[row] ?? 0) > 0 ? row : 0;
    const solved = solveWith(lower, sides.slice(known * size, (known + 1) * size), size);
    for (let at = 0; at < size; at += 1) functions[row * size + at] = trust * (solved[at] ?? 0);
  }
  return { dimensions, classes, functions };
}

/** Row c + 1 of sides += the weighted sum of the samples of class c. */
function addSides(sides: Float64Array, block: readonly Sample[], weights: readonly number[], size: number): void {
  block.forEach(({ vector, classIndex }, at) => {
    const row = (classIndex + 1) * size;
    const weight = weights[at] ?? 0;
    for (let d = 0; d + 1 < size; d += 1) sides[row + d] = (sides[row + d] ?? 0) + weight * (vector[d] ?? 0);
    sides[row + size - 1] = (sides[row + size - 1] ?? 0) + weight;
  });
}

/** The lower triangle L of a positive definite matrix, L L' = it, in its place. */
function choleskyInPlace(matrix: Float64Array, size: number): Float64Array {
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row * size + column] ?? 0;
      for (let k = 0; k < column; k += 1) sum -= (matrix[row * size + k] ?? 0) * (matrix[column * size + k] ?? 0);
      matrix[row * size + column] = row === column ? Math.sqrt(sum) : sum / (matrix[column * size + column] ?? 1);
    }
  }
  return matrix;
}

/** x with L L' x = side, in the place of side. */
function solveWith(lower: Float64Array, side: Float64Array, size: number): Float64Array {
  for (let row = 0; row < size; row += 1) {
    let sum = side[row] ?? 0;
    for (let k = 0; k < row; k += 1) sum -= (lower[row * size + k] ?? 0) * (side[k] ?? 0);
    side[row] = sum / (lower[row * size + row] ?? 1);
  }
  // A number that is found is taken from those before it, so that rows are walked in memory order.
  for (let row = size - 1; row >= 0; row -= 1) {
    const found = (side[row] ?? 0) / (lower[row * size + row] ?? 1);
    side[row] = found;
    for (let k = 0; k < row; k += 1) side[k] = (side[k] ?? 0) - (lower[row * size + k] ?? 0) * found;
  }
  return side;
}

/** What "other" (column 0) and every class gain for every region: N x (C + 1). @param units rows of unit length, or zero. */
export function discriminantScores(
  { count, dimensions, data }: Descriptors,
  { classes, functions }: Discriminant,
): Float32Array<ArrayBuffer> {
  const columns = classes + 1;
  const size = dimensions + 1;
  const slopes = new Float32Array(columns * dimensions);
  for (let row = 0; row < columns; row += 1) {
    slopes.set(functions.subarray(row * size, row * size + dimensions), row * dimensions);
  }
  const scores = new Float32Array(count * columns);
  dotProducts({ data, first: 0, count }, { data: slopes, first: 0, count: columns }, dimensions, scores);
  for (let at = 0; at < scores.length; at += 1) {
    scores[at] = (scores[at] ?? 0) + (functions[(at % columns) * size + dimensions] ?? 0);
  }
  return scores;
}

/** A match in which every candidate has gained what its function gives, anchors what "other" gains. */
export function withGains(match: MatchResult, gains: Float32Array<ArrayBuffer>, anchorsFrom: number): MatchResult {
  const { count, slots, candidates } = match;
  const columns = anchorsFrom + 1;
  const score = match.score.slice();
  const other = new Float32Array(count);
  for (let region = 0; region < count; region += 1) {
    const row = region * columns;
    other[region] = gains[row] ?? 0;
    for (let slot = region * slots; slot < (region + 1) * slots; slot += 1) {
      const candidate = candidates[slot] ?? NO_CLASS;
      if (candidate === NO_CLASS) break;
      score[slot] = (score[slot] ?? 0) + (gains[candidate < anchorsFrom ? row + candidate + 1 : row] ?? 0);
    }
  }
  return { ...decide({ ...match, score }), other };
}
