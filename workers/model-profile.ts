import { firmerPartner } from "./features/cross-domain.ts";
import { TokenStatistics, whiteningFrom } from "./features/statistics.ts";
import type { Whitening } from "./features/whitening.ts";
import type { PatchTokens } from "./imaging/patch-tokens.ts";
import type { FeatureSession } from "./models/feature-session.ts";

/**
 * How a model's numbers are made comparable: photographs are whitened, pictograms go to the same space by a matrix of
 * their own; each is centred on the mean of its domain.
 */
export interface ModelProfile {
  readonly photo: Whitening;
  readonly pictogram: Whitening;
  /** Whether it rests on a few sample scenes, as the model brought no statistics: photographs then know better. */
  readonly isGuess: boolean;
}

/** Share of the mean eigenvalue added to the covariance before it is inverted; see docs/method.md. */
const REGULARISER = 0.5;

/** The same for what pictograms and photographs have in common; 0.5, 1, 2, 5 and 10 were tried, see docs/method.md. */
export const PICTOGRAM_REGULARISER = 5;

/**
 * The profile of a model: from the statistics that it brought, else estimated.
 * @param sampleTokens token grids of some pictures, computed only when the model brought no statistics
 * @param glyphMeans raw mean tokens (D numbers each) of pictograms, computed only when the model brought no mean
 */
export async function profileOf(
  session: FeatureSession,
  sampleTokens: () => Promise<readonly PatchTokens[]>,
  glyphMeans: () => Promise<readonly Float32Array[]>,
): Promise<ModelProfile> {
  const { statistics, info } = session;
  const photo = statistics
    ? { mean: statistics.photoMean, matrix: statistics.whitening }
    : estimate(info.dimensions, await sampleTokens());
  const mean = statistics?.pictogramMean ?? meanOf(await glyphMeans(), info.dimensions);
  const regulariser = statistics?.regulariser ?? REGULARISER;
  const matrix = firmerPartner(photo.matrix, regulariser, PICTOGRAM_REGULARISER);
  return { photo, pictogram: { mean, matrix }, isGuess: statistics === null };
}

/** Whether a stored value is the whitening of a model with this many dimensions. */
export function isWhitening(value: unknown, dimensions: number): value is Whitening {
  if (typeof value !== "object" || value === null || !("mean" in value) || !("matrix" in value)) return false;
  const { mean, matrix } = value;
  return (
    mean instanceof Float32Array &&
    matrix instanceof Float32Array &&
    mean.length === dimensions &&
    matrix.length === dimensions * dimensions &&
    matrix.every(Number.isFinite)
  );
}

function estimate(dimensions: number, grids: readonly PatchTokens[]): Whitening {
  const statistics = new TokenStatistics(dimensions);
  for (const grid of grids) statistics.add(grid);
  return whiteningFrom(statistics.mean(), statistics.covariance(), REGULARISER);
}

function meanOf(vectors: readonly Float32Array[], dimensions: number): Float32Array<ArrayBuffer> {
  const mean = new Float32Array(dimensions);
  for (const vector of vectors) {
    for (let d = 0; d < dimensions; d += 1) mean[d] = (mean[d] ?? 0) + (vector[d] ?? 0) / vectors.length;
  }
  return mean;
}
