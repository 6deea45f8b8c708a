import { describe, expect, it } from "vitest";
import { randomNumbers, seededRandom } from "../seeded-random.ts";
import { ADAPTED_REGULARISER, adaptWhitening, type SeenPiece } from "./adapted-whitening.ts";
import { TokenStatistics, whiteningFrom } from "./statistics.ts";
import { whiten, whitenTokens } from "./whitening.ts";

const SIZE = 9;

/** Correlated vectors of unequal spread, about a mean of their own. */
function vectors(count: number, seed: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(seed);
  const mixing = randomNumbers(SIZE * SIZE, seededRandom(seed + 1));
  const mean = randomNumbers(SIZE, seededRandom(seed + 2));
  const data = new Float32Array(count * SIZE);
  for (let row = 0; row < count; row += 1) {
    const source = randomNumbers(SIZE, random);
    for (let i = 0; i < SIZE; i += 1) {
      let value = 3 * (mean[i] ?? 0);
      for (let j = 0; j < SIZE; j += 1) value += (mixing[i * SIZE + j] ?? 0) * (source[j] ?? 0) * (j + 1);
      data[row * SIZE + i] = value;
    }
  }
  return data;
}

function statisticsOf(data: Float32Array<ArrayBuffer>): TokenStatistics {
  const statistics = new TokenStatistics(SIZE);
  statistics.add({ rows: data.length / SIZE, columns: 1, dimensions: SIZE, data });
  return statistics;
}

const before = statisticsOf(vectors(300, 10));
const general = whiteningFrom(before.mean(), before.covariance(), 0.5);
const seen = vectors(200, 20);
const pieces: SeenPiece[] = Array.from({ length: 200 }, (_, at) => ({
  vector: seen.subarray(at * SIZE, (at + 1) * SIZE),
  patches: 1,
}));

/** The largest difference between two lists of numbers. */
const distance = (found: readonly number[] | Float32Array, wanted: readonly number[] | Float32Array): number => {
  expect(found).toHaveLength(wanted.length);
  return [...wanted].reduce((most, value, at) => Math.max(most, Math.abs(value - (found[at] ?? 0))), 0);
};
const NEAR = 0.001;

const cosines = (whitening: typeof general): number[] => {
  const { data } = whiten({ count: 20, dimensions: SIZE, data: seen.slice(0, 20 * SIZE) }, whitening);
  const rows = Array.from({ length: 20 }, (_, at) => data.slice(at * SIZE, (at + 1) * SIZE));
  return rows.flatMap((a) => rows.map((b) => a.reduce((sum, value, d) => sum + value * (b[d] ?? 0), 0)));
};

describe("a whitening fitted to pictures", () => {
  it("is the general one where they are not trusted", () => {
    const { whitening, again } = adaptWhitening(general, pieces, 0);
    expect(distance(cosines(whitening), cosines(general))).toBeLessThan(NEAR);
    expect(distance(again.mean, new Float32Array(SIZE))).toBeLessThan(NEAR);
  });

  it("is that of their own statistics where nothing else is trusted", () => {
    const own = statisticsOf(seen);
    const wanted = whiteningFrom(own.mean(), own.covariance(), ADAPTED_REGULARISER);
    expect(distance(cosines(adaptWhitening(general, pieces, 1).whitening), cosines(wanted))).toBeLessThan(NEAR);
  });

  it("lies between the two otherwise, and counts a piece by its patches", () => {
    const twice = [...pieces, ...pieces.slice(0, 50)];
    const weighed = pieces.map((piece, at) => ({ ...piece, patches: at < 50 ? 2 : 1 }));
    const one = adaptWhitening(general, weighed, 0.6);
    const other = adaptWhitening(general, twice, 0.6);
    expect(distance(cosines(one.whitening), cosines(other.whitening))).toBeLessThan(NEAR);
    const half = Math.hypot(...one.whitening.mean.map((value, d) => value - (general.mean[d] ?? 0)));
    const all = Math.hypot(
      ...adaptWhitening(general, weighed, 1).whitening.mean.map((value, d) => value - (general.mean[d] ?? 0)),
    );
    expect(half / all).toBeCloseTo(0.6, 4);
  });

  it("is also reached from what the general one made of vectors", () => {
    const { whitening, again } = adaptWhitening(general, pieces, 0.7);
    const tokens = { rows: 200, columns: 1, dimensions: SIZE, data: seen };
    const straight = whitenTokens(tokens, whitening);
    const roundabout = whitenTokens(whitenTokens(tokens, general), again);
    expect(distance(roundabout.data, straight.data)).toBeLessThan(NEAR);
  });
});
