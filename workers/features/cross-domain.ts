import { cholesky, invertLowerTriangle } from "./statistics.ts";

/**
 * The matrix for vectors of another domain (pictograms) that are to be compared with whitened vectors of photographs.
 * Across domains the small directions of the covariance are noise, and a firmer regulariser is wanted; yet photographs
 * are whitened once, with W, W^T W = (Sigma + r e I)^-1, e the mean eigenvalue. So the other side makes up for it: with
 * P = W^-T (Sigma + f e I)^-1 the product of W x and P y is x^T (Sigma + f e I)^-1 y. In terms of W alone,
 * P = (I + (f - r) e W W^T)^-1 W.
 * @param matrix W, D x D row-major, of full rank. @param regulariser r that W was made with. @param firmer f > r.
 * @returns P, D x D row-major
 * @throws EngineError "internal" when W has not full rank.
 */
export function firmerPartner(matrix: Float32Array, regulariser: number, firmer: number): Float32Array<ArrayBuffer> {
  const size = Math.round(Math.sqrt(matrix.length));
  const ridge = (firmer - regulariser) * meanEigenvalue(matrix, size, regulariser);
  const grown = rowProducts(matrix, size);
  for (let i = 0; i < grown.length; i += 1) grown[i] = (grown[i] ?? 0) * ridge;
  for (let d = 0; d < size; d += 1) grown[d * size + d] = (grown[d * size + d] ?? 0) + 1;
  const inverse = invertLowerTriangle(cholesky(grown, size), size);
  // (L L^T)^-1 W = L^-T (L^-1 W), with L^-1 lower triangular.
  const halfway = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) {
    for (let k = 0; k <= i; k += 1) addRow(halfway, i, inverse[i * size + k] ?? 0, matrix, k, size);
  }
  const result = new Float64Array(size * size);
  for (let k = 0; k < size; k += 1) {
    for (let i = 0; i <= k; i += 1) addRow(result, i, inverse[k * size + i] ?? 0, halfway, k, size);
  }
  return Float32Array.from(result);
}

/** e: the trace of Sigma + r e I = (W^T W)^-1 is D (1 + r) e. */
function meanEigenvalue(matrix: Float32Array, size: number, regulariser: number): number {
  const turned = new Float32Array(matrix.length);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < size; j += 1) turned[j * size + i] = matrix[i * size + j] ?? 0;
  }
  const inverse = invertLowerTriangle(cholesky(rowProducts(turned, size), size), size);
  let trace = 0;
  for (const value of inverse) trace += value * value;
  return trace / (size * (1 + regulariser));
}

/** A A^T. */
function rowProducts(matrix: Float32Array, size: number): Float64Array {
  const products = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = 0;
      for (let k = 0; k < size; k += 1) sum += (matrix[i * size + k] ?? 0) * (matrix[j * size + k] ?? 0);
      products[i * size + j] = sum;
      products[j * size + i] = sum;
    }
  }
  return products;
}

/** Adds `scale` times row `from` of `source` to row `to` of `target`. */
function addRow(
  target: Float64Array,
  to: number,
  scale: number,
  source: ArrayLike<number>,
  from: number,
  size: number,
): void {
  if (scale === 0) return;
  for (let d = 0; d < size; d += 1) {
    target[to * size + d] = (target[to * size + d] ?? 0) + scale * (source[from * size + d] ?? 0);
  }
}
