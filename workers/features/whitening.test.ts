import { describe, expect, test } from "vitest";
import type { PatchTokens } from "../imaging/patch-tokens.ts";
import { randomNumbers, seededRandom } from "../seeded-random.ts";
import { poolOnCpu } from "./pooling/pooling.cpu.ts";
import { TokenStatistics, whiteningFrom } from "./statistics.ts";
import { normalise, whiten, whitenTokens } from "./whitening.ts";

const DIMENSIONS = 21;

/** Tokens with strongly unequal, correlated directions far from zero. */
function stretchedTokens(seed: number, rows = 20, columns = 15): PatchTokens {
  const random = seededRandom(seed);
  const mixing = randomNumbers(DIMENSIONS * DIMENSIONS, seededRandom(5));
  const data = new Float32Array(rows * columns * DIMENSIONS);
  for (let token = 0; token < rows * columns; token += 1) {
    const source = randomNumbers(DIMENSIONS, random);
    for (let i = 0; i < DIMENSIONS; i += 1) {
      let value = 100;
      for (let j = 0; j < DIMENSIONS; j += 1) value += (mixing[i * DIMENSIONS + j] ?? 0) * (source[j] ?? 0) * (j + 1);
      data[token * DIMENSIONS + i] = value;
    }
  }
  return { rows, columns, dimensions: DIMENSIONS, data };
}

function statisticsOf(...pictures: PatchTokens[]): TokenStatistics {
  const statistics = new TokenStatistics(DIMENSIONS);
  for (const picture of pictures) statistics.add(picture);
  return statistics;
}

const asDescriptors = (tokens: PatchTokens) => ({
  count: tokens.rows * tokens.columns,
  dimensions: tokens.dimensions,
  data: tokens.data,
});

const cosine = (data: Float32Array, i: number, j: number): number => {
  let product = 0;
  for (let d = 0; d < DIMENSIONS; d += 1) {
    product += (data[i * DIMENSIONS + d] ?? 0) * (data[j * DIMENSIONS + d] ?? 0);
  }
  return product;
};

describe("token statistics", () => {
  test("mean and covariance over several pictures are those of all tokens together", () => {
    const pictures = [stretchedTokens(1), stretchedTokens(2, 3, 4)];
    const statistics = statisticsOf(...pictures);
    const rows = pictures.flatMap((picture) =>
      Array.from({ length: picture.rows * picture.columns }, (_, t) =>
        picture.data.subarray(t * DIMENSIONS, (t + 1) * DIMENSIONS),
      ),
    );
    expect(statistics.count).toBe(rows.length);
    const mean = Array.from({ length: DIMENSIONS }, (_, d) => rows.reduce((s, r) => s + (r[d] ?? 0), 0) / rows.length);
    statistics.mean().forEach((value, d) => expect(value).toBeCloseTo(mean[d] ?? Number.NaN, 9));
    const covariance = statistics.covariance();
    for (const [i, j] of [
      [0, 0],
      [3, 17],
      [17, 3],
      [20, 20],
    ] as const) {
      const products = rows.map((r) => ((r[i] ?? 0) - (mean[i] ?? 0)) * ((r[j] ?? 0) - (mean[j] ?? 0)));
      const expected = products.reduce((s, p) => s + p, 0) / rows.length;
      expect(covariance[i * DIMENSIONS + j]).toBeCloseTo(expected, 6);
    }
  });

  test("tokens of another length are refused", () => {
    expect(() => new TokenStatistics(3).add(stretchedTokens(1))).toThrow("another length");
  });
});

describe("whitening", () => {
  test("makes the covariance of its own tokens the identity when hardly regularised", () => {
    const tokens = stretchedTokens(3);
    const statistics = statisticsOf(tokens);
    const white = whitenTokens(tokens, whiteningFrom(statistics.mean(), statistics.covariance(), 1e-9));
    const after = statisticsOf(white);
    after.mean().forEach((value) => expect(Math.abs(value)).toBeLessThan(1e-2));
    after.covariance().forEach((value, i) => {
      const expected = i % (DIMENSIONS + 1) === 0 ? 1 : 0;
      expect(Math.abs(value - expected)).toBeLessThan(2e-2);
    });
  });

  test("W^T W is the inverse of the regularised covariance", () => {
    const statistics = statisticsOf(stretchedTokens(3));
    const covariance = statistics.covariance();
    const { matrix } = whiteningFrom(statistics.mean(), covariance, 0.5);
    const at = (values: Float32Array | Float64Array, i: number, j: number): number => values[i * DIMENSIONS + j] ?? 0;
    const indices = Array.from({ length: DIMENSIONS }, (_, i) => i);
    const ridge = (0.5 * indices.reduce((sum, i) => sum + at(covariance, i, i), 0)) / DIMENSIONS;
    const gram = indices.map((i) =>
      indices.map((j) => indices.reduce((s, k) => s + at(matrix, k, i) * at(matrix, k, j), 0)),
    );
    for (const i of indices) {
      for (const j of indices) {
        const product = indices.reduce((sum, k) => {
          return sum + (gram[i]?.[k] ?? 0) * (at(covariance, k, j) + (k === j ? ridge : 0));
        }, 0);
        expect(product).toBeCloseTo(i === j ? 1 : 0, 4);
      }
    }
  });

  test("descriptors come out with unit length, and a zero row stays zero", () => {
    const tokens = stretchedTokens(4, 1, 6);
    const statistics = statisticsOf(stretchedTokens(3));
    const descriptors = asDescriptors(tokens);
    descriptors.data.fill(0, 2 * DIMENSIONS, 3 * DIMENSIONS);
    const white = whiten(descriptors, whiteningFrom(statistics.mean(), statistics.covariance(), 0.3));
    for (let row = 0; row < 6; row += 1) expect(cosine(white.data, row, row)).toBeCloseTo(row === 2 ? 0 : 1, 5);
  });

  test("whitened tokens that are pooled and normalised are the same as pooled tokens that are whitened", () => {
    const tokens = stretchedTokens(6, 4, 4);
    const statistics = statisticsOf(stretchedTokens(3));
    const whitening = whiteningFrom(statistics.mean(), statistics.covariance(), 0.3);
    const coverage = {
      count: 3,
      offsets: Uint32Array.of(0, 3, 3, 5),
      patches: Uint32Array.of(0, 5, 9, 14, 15),
      weights: Float32Array.of(1, 0.5, 0.125, 0.75, 1),
      parent: null,
    };
    const before = normalise(poolOnCpu(whitenTokens(tokens, whitening), coverage));
    const after = whiten(poolOnCpu(tokens, coverage), whitening);
    before.data.forEach((value, i) => expect(value).toBeCloseTo(after.data[i] ?? Number.NaN, 3));
  });

  test("a full matrix is applied as well as a triangular one", () => {
    const matrix = randomNumbers(DIMENSIONS * DIMENSIONS, seededRandom(8));
    const mean = randomNumbers(DIMENSIONS, seededRandom(9));
    const tokens = stretchedTokens(7, 1, 3);
    const white = whitenTokens(tokens, { mean, matrix });
    white.data.forEach((value, at) => {
      const [token, i] = [Math.floor(at / DIMENSIONS), at % DIMENSIONS];
      let expected = 0;
      for (let d = 0; d < DIMENSIONS; d += 1) {
        expected += (matrix[i * DIMENSIONS + d] ?? 0) * ((tokens.data[token * DIMENSIONS + d] ?? 0) - (mean[d] ?? 0));
      }
      expect(Math.abs(value - expected)).toBeLessThan(1e-3);
    });
  });

  test("a covariance that is not positive definite is refused", () => {
    expect(() => whiteningFrom(new Float64Array(2), Float64Array.of(1, 2, 2, 1), 0)).toThrow("not positive definite");
  });

  test("a whitening of another model is refused", () => {
    const whitening = { mean: new Float32Array(3), matrix: new Float32Array(9) };
    expect(() => whitenTokens(stretchedTokens(1), whitening)).toThrow("not of this model");
  });
});
