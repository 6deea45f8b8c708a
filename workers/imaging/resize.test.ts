import { array, assert, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { resizeToPlanes } from "./resize.ts";
import type { PixelSource } from "./resize.ts";

const AS_IS = { mean: [0, 0, 0], std: [1, 1, 1] } as const;

function picture(width: number, height: number, colour: (x: number, y: number) => readonly number[]): PixelSource {
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i += 1) pixels.set([...colour(i % width, Math.floor(i / width)), 255], 4 * i);
  return { width, height, pixels };
}

function resized(source: PixelSource, width: number, height: number): Float32Array {
  const out = new Float32Array(3 * width * height);
  resizeToPlanes(source, width, height, AS_IS, out);
  return out;
}

describe("resizing to planes", () => {
  test("at the same size changes nothing but the layout", () => {
    const source = picture(3, 2, (x, y) => [10 * x, 20 * y, 255]);
    const expected = [0, 10, 20, 0, 10, 20, 0, 0, 0, 20, 20, 20, 255, 255, 255, 255, 255, 255];
    resized(source, 3, 2).forEach((value, i) => expect(value * 255).toBeCloseTo(expected[i] ?? NaN, 3));
  });

  test("a plain colour stays what it is at every size", () => {
    const side = integer({ min: 1, max: 40 });
    assert(
      property(array(side, { minLength: 4, maxLength: 4 }), ([a = 1, b = 1, c = 1, d = 1]) => {
        const out = resized(
          picture(a, b, () => [51, 102, 204]),
          c,
          d,
        );
        out.forEach((value, i) => expect(value).toBeCloseTo([0.2, 0.4, 0.8][Math.floor(i / (c * d))] ?? NaN, 5));
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  test("reducing by a whole factor does not alias: a fine checkerboard becomes grey", () => {
    const board = picture(64, 64, (x, y) => Array.from({ length: 3 }, () => ((x + y) % 2 === 0 ? 255 : 0)));
    resized(board, 8, 8).forEach((value) => expect(value).toBeCloseTo(0.5, 2));
  });

  test("enlarging interpolates between pixel centres", () => {
    const source = picture(2, 1, (x) => [x * 200, 0, 0]);
    const red = Array.from(resized(source, 4, 1).subarray(0, 4), (value) => Math.round(value * 255));
    expect(red).toEqual([0, 50, 150, 200]);
  });

  test("a ramp keeps its mirror image: no shift by half a pixel", () => {
    const ramp = resized(
      picture(37, 5, (x) => [x * 6, 0, 0]),
      9,
      3,
    );
    const mirrored = resized(
      picture(37, 5, (x) => [(36 - x) * 6, 0, 0]),
      9,
      3,
    );
    for (let x = 0; x < 9; x += 1) expect(ramp[x]).toBeCloseTo(mirrored[8 - x] ?? NaN, 5);
  });

  test("subtracts the mean, divides by the deviation, and writes from the offset on", () => {
    const out = new Float32Array(7).fill(-9);
    const normalisation = { mean: [0.2, 0.4, 0.5], std: [0.1, 0.2, 0.5] } as const;
    resizeToPlanes(
      picture(5, 5, () => [255, 0, 127.5]),
      1,
      1,
      normalisation,
      out,
      2,
    );
    const expected = [-9, -9, 8, -2, (128 / 255 - 0.5) / 0.5, -9, -9];
    out.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 4));
  });
});
