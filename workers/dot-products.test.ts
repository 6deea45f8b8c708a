import { assert, integer, property, tuple } from "fast-check";
import { expect, test } from "vitest";
import { dotProducts } from "./dot-products.ts";
import { randomNumbers, seededRandom } from "./seeded-random.ts";

test("every product of every block size is the sum of its factors, and nothing else is written", () => {
  const rows = integer({ min: 0, max: 9 });
  const sizes = tuple(rows, rows, integer({ min: 1, max: 7 }), integer({ min: 0, max: 7 }), rows, rows);
  assert(
    property(sizes, ([left, right, dimensions, wanted, firstLeft, firstRight]) => {
      const length = Math.min(wanted, dimensions);
      const random = seededRandom(left + 10 * right);
      const a = randomNumbers((firstLeft + left) * dimensions, random);
      const b = randomNumbers((firstRight + right) * dimensions, random);
      const out = new Float64Array(left * right + 3).fill(99);
      const leftRows = { data: a, first: firstLeft, count: left };
      dotProducts(leftRows, { data: b, first: firstRight, count: right }, dimensions, out, length);
      out.forEach((value, at) => {
        const [i, j] = [firstLeft + Math.floor(at / right), firstRight + (at % right)];
        const row = Array.from(a.subarray(i * dimensions, i * dimensions + length));
        const expected = row.reduce((sum, factor, d) => sum + factor * (b[j * dimensions + d] ?? 0), 0);
        expect(value).toBeCloseTo(at < left * right ? expected : 99, 9);
      });
    }),
    { seed: 24 },
  );
});
