import { expect, test } from "vitest";
import { EngineError } from "../contract.ts";
import { randomNumbers, seededRandom } from "../seeded-random.ts";
import { firmerPartner } from "./cross-domain.ts";
import { TokenStatistics, whiteningFrom } from "./statistics.ts";

const SIZE = 13;

/** Statistics of correlated tokens of unequal spread. */
function statistics(): TokenStatistics {
  const random = seededRandom(3);
  const mixing = randomNumbers(SIZE * SIZE, seededRandom(4));
  const data = new Float32Array(200 * SIZE);
  for (let token = 0; token < 200; token += 1) {
    const source = randomNumbers(SIZE, random);
    for (let i = 0; i < SIZE; i += 1) {
      for (let j = 0; j < SIZE; j += 1) {
        const at = token * SIZE + i;
        data[at] = (data[at] ?? 0) + (mixing[i * SIZE + j] ?? 0) * (source[j] ?? 0) * (j + 1);
      }
    }
  }
  const result = new TokenStatistics(SIZE);
  result.add({ rows: 20, columns: 10, dimensions: SIZE, data });
  return result;
}

const applied = (matrix: Float32Array, vector: Float32Array): number[] =>
  Array.from({ length: SIZE }, (_, row) => vector.reduce((sum, v, d) => sum + (matrix[row * SIZE + d] ?? 0) * v, 0));

const product = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, d) => sum + value * (b[d] ?? 0), 0);

test("a whitened vector times a partner's is the product under the firmer regulariser", () => {
  const seen = statistics();
  const soft = whiteningFrom(seen.mean(), seen.covariance(), 0.5).matrix;
  const firm = whiteningFrom(seen.mean(), seen.covariance(), 5).matrix;
  const partner = firmerPartner(soft, 0.5, 5);
  const random = seededRandom(9);
  for (let pair = 0; pair < 20; pair += 1) {
    const [x, y] = [randomNumbers(SIZE, random), randomNumbers(SIZE, random)];
    const wanted = product(applied(firm, x), applied(firm, y));
    expect(product(applied(soft, x), applied(partner, y))).toBeCloseTo(wanted, 5);
  }
});

test("the partner under the same regulariser is the whitening itself", () => {
  const seen = statistics();
  const { matrix } = whiteningFrom(seen.mean(), seen.covariance(), 0.5);
  const partner = firmerPartner(matrix, 0.5, 0.5);
  partner.forEach((value, at) => expect(value).toBeCloseTo(matrix[at] ?? 0, 5));
});

test("a whitening that loses directions is refused", () => {
  expect(() => firmerPartner(new Float32Array(SIZE * SIZE), 0.5, 5)).toThrow(EngineError);
});
