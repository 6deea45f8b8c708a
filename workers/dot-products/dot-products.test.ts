import { assert, integer, property, tuple } from "fast-check";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import wabt from "wabt";
import { dotProducts } from "./dot-products.ts";
import { randomNumbers, seededRandom } from "../seeded-random.ts";

test("every product of every block size is the sum of its factors, and nothing else is written", () => {
  const rows = integer({ min: 0, max: 9 });
  const sizes = tuple(rows, rows, integer({ min: 1, max: 19 }), integer({ min: 0, max: 19 }), rows, rows);
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
        expect(value).toBeCloseTo(at < left * right ? expected : 99, 5);
      });
    }),
    { seed: 24 },
  );
});

test("rows that fill several tiles meet one another, whatever was multiplied before", () => {
  const random = seededRandom(5);
  const [a, b] = [randomNumbers(130 * 3, random), randomNumbers(67 * 3, random)];
  dotProducts(
    { data: a.fill(NaN, 0, 3), first: 0, count: 64 },
    { data: b, first: 0, count: 64 },
    3,
    new Float32Array(64 * 64),
  );
  const out = new Float32Array(129 * 67);
  dotProducts({ data: a, first: 1, count: 129 }, { data: b, first: 0, count: 67 }, 3, out);
  out.forEach((value, at) => {
    const [i, j] = [3 * (1 + Math.floor(at / 67)), 3 * (at % 67)];
    const [x = 0, y = 0, z = 0] = a.subarray(i, i + 3);
    expect(value).toBeCloseTo(x * (b[j] ?? 0) + y * (b[j + 1] ?? 0) + z * (b[j + 2] ?? 0), 5);
  });
});

test("the module that ships is what its text says", async () => {
  const { parseWat } = await wabt();
  const text = readFileSync(new URL("dot-products.wat", import.meta.url), "utf8");
  const assembled = parseWat("dot-products.wat", text, { simd: true }).toBinary({}).buffer;
  expect(Array.from(readFileSync(new URL("dot-products.wasm", import.meta.url)))).toEqual(Array.from(assembled));
});
