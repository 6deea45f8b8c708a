import { timesTransposed, transposed } from "./matrix-products.ts";
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
  const grown = timesTransposed(matrix, matrix, size);
  for (let i = 0; i < grown.length; i += 1) grown[i] = (grown[i] ?? 0) * ridge;
  for (let d = 0; d < size; d += 1) grown[d * size + d] = (grown[d * size + d] ?? 0) + 1;
  const inverse = invertLowerTriangle(cholesky(grown, size), size);
  // (L L^T)^-1 W = L^-T (L^-1 W).
  const halfway = timesTransposed(inverse, transposed(matrix, size), size);
  return Float32Array.from(timesTransposed(transposed(inverse, size), transposed(halfway, size), size));
}

/** e: the trace of Sigma + r e I = (W^T W)^-1 is D (1 + r) e. */
function meanEigenvalue(matrix: Float32Array, size: number, regulariser: number): number {
  const turned = transposed(matrix, size);
  const inverse = invertLowerTriangle(cholesky(timesTransposed(turned, turned, size), size), size);
  let trace = 0;
  for (const value of inverse) trace += value * value;
  return trace / (size * (1 + regulariser));
}
