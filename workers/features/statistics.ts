import { EngineError } from "../contract.ts";
import type { PatchTokens } from "../imaging/patch-tokens.ts";
import type { Whitening } from "./whitening.ts";

/**
 * Running mean and covariance of patch tokens over any number of pictures, in double precision. Sums are taken about
 * the first token seen, so that a mean far from zero costs no digits.
 */
export class TokenStatistics {
  readonly dimensions: number;
  #count = 0;
  readonly #origin: Float64Array;
  readonly #sum: Float64Array;
  /** D x D row-major, lower triangle only. */
  readonly #products: Float64Array;

  constructor(dimensions: number) {
    this.dimensions = dimensions;
    this.#origin = new Float64Array(dimensions);
    this.#sum = new Float64Array(dimensions);
    this.#products = new Float64Array(dimensions * dimensions);
  }

  /** Tokens seen so far. */
  get count(): number {
    return this.#count;
  }

  /** @throws EngineError "internal" when the tokens are not of this length. */
  add(tokens: PatchTokens): void {
    const size = this.dimensions;
    if (tokens.dimensions !== size) {
      throw new EngineError("internal", "Statistics got tokens of another length.", {
        expected: size,
        got: tokens.dimensions,
      });
    }
    if (this.#count === 0) this.#origin.set(tokens.data.subarray(0, size));
    const shifted = new Float64Array(size);
    for (let token = 0; token < tokens.rows * tokens.columns; token += 1) {
      for (let d = 0; d < size; d += 1) {
        const value = (tokens.data[token * size + d] ?? 0) - (this.#origin[d] ?? 0);
        shifted[d] = value;
        this.#sum[d] = (this.#sum[d] ?? 0) + value;
      }
      this.#addOuterProduct(shifted);
      this.#count += 1;
    }
  }

  /** D numbers; zeros before the first token. */
  mean(): Float64Array {
    const count = Math.max(1, this.#count);
    return this.#sum.map((sum, d) => sum / count + (this.#origin[d] ?? 0));
  }

  /** The population covariance, D x D row-major, symmetric. */
  covariance(): Float64Array {
    const size = this.dimensions;
    const count = Math.max(1, this.#count);
    const result = new Float64Array(size * size);
    for (let i = 0; i < size; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        const outer = ((this.#sum[i] ?? 0) / count) * ((this.#sum[j] ?? 0) / count);
        const value = (this.#products[i * size + j] ?? 0) / count - outer;
        result[i * size + j] = value;
        result[j * size + i] = value;
      }
    }
    return result;
  }

  #addOuterProduct(vector: Float64Array): void {
    const products = this.#products;
    const size = this.dimensions;
    for (let i = 0; i < size; i += 1) {
      const factor = vector[i] ?? 0;
      const row = i * size;
      for (let j = 0; j <= i; j += 1) products[row + j] = (products[row + j] ?? 0) + factor * (vector[j] ?? 0);
    }
  }
}

/**
 * The whitening that makes a distribution round: with Sigma + r * e * I = L L^T (Cholesky; e the mean eigenvalue,
 * that is trace / D) the matrix is L^-1, lower triangular. Any other W with W^T W = (Sigma + r e I)^-1 differs by a
 * rotation alone and gives the same cosines; this one costs half the multiplications.
 * @param mean D numbers. @param covariance D x D row-major, symmetric.
 * @param regulariser r > 0, as a share of the mean eigenvalue: how much of the small directions is left alone.
 * @throws EngineError "internal" when the matrix is not positive definite (r too small, or numbers not finite).
 */
export function whiteningFrom(mean: Float64Array, covariance: Float64Array, regulariser: number): Whitening {
  const size = mean.length;
  let trace = 0;
  for (let d = 0; d < size; d += 1) trace += covariance[d * size + d] ?? 0;
  // Tokens that never vary have nothing to whiten: only the mean goes.
  const ridge = trace === 0 ? 1 : (regulariser * trace) / size;
  const regularised = Float64Array.from(covariance);
  for (let d = 0; d < size; d += 1) regularised[d * size + d] = (regularised[d * size + d] ?? 0) + ridge;
  const inverse = invertLowerTriangle(cholesky(regularised, size), size);
  return { mean: Float32Array.from(mean), matrix: Float32Array.from(inverse) };
}

/** The lower triangular L with L L^T = matrix; the upper triangle of the result is zero. */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let rest = matrix[i * size + j] ?? 0;
      for (let k = 0; k < j; k += 1) rest -= (factor[i * size + k] ?? 0) * (factor[j * size + k] ?? 0);
      if (i === j && !(rest > 0 && Number.isFinite(rest))) {
        throw new EngineError("internal", "The covariance of the patch tokens is not positive definite.", { row: i });
      }
      factor[i * size + j] = i === j ? Math.sqrt(rest) : rest / (factor[j * size + j] ?? 1);
    }
  }
  return factor;
}

/** Inverse of a lower triangular matrix by forward substitution; itself lower triangular. */
export function invertLowerTriangle(factor: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) {
    const pivot = factor[i * size + i] ?? 1;
    // Row i of the inverse is (e_i - sum over k < i of L_ik * row k) / L_ii: rows are walked in memory order.
    for (let k = 0; k < i; k += 1) {
      const scale = factor[i * size + k] ?? 0;
      for (let j = 0; j <= k; j += 1) {
        inverse[i * size + j] = (inverse[i * size + j] ?? 0) - scale * (inverse[k * size + j] ?? 0);
      }
    }
    for (let j = 0; j < i; j += 1) inverse[i * size + j] = (inverse[i * size + j] ?? 0) / pivot;
    inverse[i * size + i] = 1 / pivot;
  }
  return inverse;
}
