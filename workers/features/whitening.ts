import { EngineError } from "../contract.ts";
import { dotProducts } from "../dot-products/dot-products.ts";
import type { Descriptors, PatchTokens } from "../imaging/patch-tokens.ts";

/** x -> W (x - mean): the fixed whitening of one model's patch tokens. It belongs to the model and ships with it. */
export interface Whitening {
  /** D numbers: the mean of the domain the tokens come from. */
  readonly mean: Float32Array<ArrayBuffer>;
  /** W, D x D row-major; may be lower triangular, which is found out and used. */
  readonly matrix: Float32Array<ArrayBuffer>;
}

/** Rows of W that are multiplied at once, by as many of their numbers as the longest has before its zeros. */
const MATRIX_ROWS = 64;

/** Rows of input that are whitened at once. */
const INPUT_ROWS = 64;

/** A vector shorter than this (in whitened units) points nowhere. */
const SHORTEST = 1e-12;

/**
 * Descriptors as the match wants them: normalise(W (x - mean)), unit length. A zero row (a mask that covers no patch)
 * stays zero and so resembles nothing.
 * @throws EngineError "internal" when the lengths do not agree.
 */
export function whiten(descriptors: Descriptors, whitening: Whitening): Descriptors {
  const { count, dimensions } = descriptors;
  const data = applyWhitening(descriptors.data, count, dimensions, whitening);
  for (let row = 0; row < count; row += 1) {
    if (isZero(descriptors.data, row, dimensions)) data.fill(0, row * dimensions, (row + 1) * dimensions);
  }
  return { count, dimensions, data: normaliseRows(data, dimensions) };
}

/**
 * Patch tokens W (t - mean), NOT of unit length: a mean over patches taken afterwards is then the same as whitening
 * the mean of the raw tokens. So a picture is whitened once, its masks are pooled from the result, and `normalise`
 * makes their descriptors.
 * @throws EngineError "internal" when the lengths do not agree.
 */
export function whitenTokens(tokens: PatchTokens, whitening: Whitening): PatchTokens {
  const { rows, columns, dimensions } = tokens;
  return { rows, columns, dimensions, data: applyWhitening(tokens.data, rows * columns, dimensions, whitening) };
}

/** Rows of unit length; zero rows stay zero. */
export function normalise(descriptors: Descriptors): Descriptors {
  return { ...descriptors, data: normaliseRows(Float32Array.from(descriptors.data), descriptors.dimensions) };
}

function applyWhitening(
  input: Float32Array<ArrayBuffer>,
  count: number,
  dimensions: number,
  { mean, matrix }: Whitening,
): Float32Array<ArrayBuffer> {
  if (mean.length !== dimensions || matrix.length !== dimensions * dimensions) {
    throw new EngineError("internal", "The whitening is not of this model: lengths differ.", {
      dimensions,
      mean: mean.length,
      matrix: matrix.length,
    });
  }
  const lengths = usedLengths(matrix, dimensions);
  const output = new Float32Array(count * dimensions);
  const centred = new Float32Array(INPUT_ROWS * dimensions);
  const products = new Float32Array(INPUT_ROWS * MATRIX_ROWS);
  for (let first = 0; first < count; first += INPUT_ROWS) {
    const taken = Math.min(INPUT_ROWS, count - first);
    centre(input, first, taken, mean, centred);
    const left = { data: centred, first: 0, count: taken };
    for (let row = 0, block = 0; row < dimensions; row += MATRIX_ROWS, block += 1) {
      const height = Math.min(MATRIX_ROWS, dimensions - row);
      dotProducts(left, { data: matrix, first: row, count: height }, dimensions, products, lengths[block]);
      for (let i = 0; i < taken; i += 1) {
        output.set(products.subarray(i * height, (i + 1) * height), (first + i) * dimensions + row);
      }
    }
  }
  return output;
}

/** For every block of MATRIX_ROWS rows of W: how many numbers of a row can differ from zero. */
function usedLengths(matrix: Float32Array, dimensions: number): number[] {
  const lengths: number[] = [];
  for (let row = 0; row < dimensions; row += MATRIX_ROWS) {
    let used = 0;
    for (let i = row; i < Math.min(row + MATRIX_ROWS, dimensions); i += 1) {
      let d = dimensions;
      while (d > used && matrix[i * dimensions + d - 1] === 0) d -= 1;
      used = d;
    }
    lengths.push(used);
  }
  return lengths;
}

function centre(input: Float32Array, first: number, count: number, mean: Float32Array, output: Float32Array): void {
  const dimensions = mean.length;
  for (let row = 0; row < count; row += 1) {
    const source = (first + row) * dimensions;
    for (let d = 0; d < dimensions; d += 1) {
      output[row * dimensions + d] = (input[source + d] ?? 0) - (mean[d] ?? 0);
    }
  }
}

function isZero(data: Float32Array, row: number, dimensions: number): boolean {
  for (let i = row * dimensions; i < (row + 1) * dimensions; i += 1) if (data[i] !== 0) return false;
  return true;
}

/** In place. */
function normaliseRows(data: Float32Array<ArrayBuffer>, dimensions: number): Float32Array<ArrayBuffer> {
  for (let start = 0; start < data.length; start += dimensions) {
    let squares = 0;
    for (let d = 0; d < dimensions; d += 1) squares += (data[start + d] ?? 0) ** 2;
    const length = Math.sqrt(squares);
    const scale = length > SHORTEST ? 1 / length : 0;
    for (let d = 0; d < dimensions; d += 1) data[start + d] = (data[start + d] ?? 0) * scale;
  }
  return data;
}
