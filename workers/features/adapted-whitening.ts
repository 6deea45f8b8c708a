import { addWeightedProducts } from "../dot-products/weighted-products.ts";
import { timesTransposed, transposed } from "./matrix-products.ts";
import { cholesky, invertLowerTriangle } from "./statistics.ts";
import type { Whitening } from "./whitening.ts";

/** A piece of a picture, as a model saw it: the mean of its tokens. */
export interface SeenPiece {
  /** D numbers, not whitened. */
  readonly vector: Float32Array;
  /** Patches that it covers, > 0. */
  readonly patches: number;
}

export interface AdaptedWhitening {
  /** In place of the general one. */
  readonly whitening: Whitening;
  /** From what the general one makes of a vector to what this one makes of it. */
  readonly again: Whitening;
}

/** Share of the mean eigenvalue that is added to the covariance of the pieces; 0.1 to 1 were tried, see docs/method.md. */
export const ADAPTED_REGULARISER = 0.2;

/**
 * A whitening fitted to pictures of one kind: what is common in them, such as sky or tiles, tells less than what is rare,
 * and nobody can know beforehand what that will be. Between the covariance that the general whitening W was made of,
 * (W' W)^-1 as it is with its ridge, and that of the pieces with one of their own, as far as the pieces are trusted.
 * @param general W, of full rank. @param pieces not none. @param trust in the pieces, 0..1
 * @throws EngineError "internal" when W has not full rank.
 */
export function adaptWhitening(general: Whitening, pieces: readonly SeenPiece[], trust: number): AdaptedWhitening {
  const size = general.mean.length;
  const { moments, mean, patches } = momentsOf(general.mean, pieces);
  const old = covarianceBehind(general.matrix, size);
  let variance = 0;
  for (let d = 0; d < size; d += 1) variance += (moments[d * (size + 1) + d] ?? 0) / patches - (mean[d] ?? 0) ** 2;
  const ridge = (ADAPTED_REGULARISER * variance) / size;
  const joint = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < size; j += 1) {
      const seen = (moments[i * (size + 1) + j] ?? 0) / patches + (i === j ? ridge : 0);
      const between = trust * (mean[i] ?? 0) * trust * (mean[j] ?? 0);
      joint[i * size + j] = (1 - trust) * (old[i * size + j] ?? 0) + trust * seen - between;
    }
  }
  const matrix = invertLowerTriangle(cholesky(joint, size), size);
  const shift = mean.map((value) => trust * value);
  return {
    whitening: {
      mean: general.mean.map((value, d) => value + (shift[d] ?? 0)),
      matrix: Float32Array.from(matrix),
    },
    again: {
      mean: Float32Array.from(timesVector(general.matrix, shift)),
      // W1 W^-1 = W1 (W' W)^-1 W', the middle one being symmetric.
      matrix: Float32Array.from(timesTransposed(timesTransposed(matrix, old, size), general.matrix, size)),
    },
  };
}

/** Second moments about the general mean, see addWeightedProducts; the mean less the general one; the patches of all. */
function momentsOf(origin: Float32Array, pieces: readonly SeenPiece[]) {
  const size = origin.length;
  const moments = new Float64Array((size + 1) * (size + 1));
  const centred = pieces.map(({ vector }) => vector.map((value, d) => value - (origin[d] ?? 0)));
  addWeightedProducts(
    moments,
    centred,
    pieces.map(({ patches }) => patches),
    size,
  );
  const patches = moments.at(-1) ?? 1;
  const mean = Float64Array.from({ length: size }, (_, d) => (moments[size * (size + 1) + d] ?? 0) / patches);
  return { moments, mean, patches };
}

/** Covariances that were asked for: a model's whitening stays the same while its bank grows. */
const known = new WeakMap<Float32Array, Float64Array>();

/** (W' W)^-1 = L^-T L^-1 with W' W = L L'. */
function covarianceBehind(matrix: Float32Array, size: number): Float64Array {
  const before = known.get(matrix);
  if (before) return before;
  const turned = transposed(matrix, size);
  const inverse = invertLowerTriangle(cholesky(timesTransposed(turned, turned, size), size), size);
  const columns = transposed(inverse, size);
  const covariance = timesTransposed(columns, columns, size);
  known.set(matrix, covariance);
  return covariance;
}

function timesVector(matrix: Float32Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  return vector.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < size; k += 1) sum += (matrix[i * size + k] ?? 0) * (vector[k] ?? 0);
    return sum;
  });
}
