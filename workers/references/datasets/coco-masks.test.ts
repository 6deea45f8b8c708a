import { array, assert, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { maskOfRuns, runsOfMask } from "../../imaging/runs.ts";
import { lengthsOfText, runsOfCoco } from "./coco-masks.ts";

/** Column by column, outside first: what COCO's tools write of a mask given row by row. */
function lengthsOf(mask: readonly number[], width: number, height: number): number[] {
  const lengths: number[] = [];
  let value = 0;
  let count = 0;
  for (let at = 0; at < mask.length; at += 1) {
    const bit = mask[(at % height) * width + Math.floor(at / height)] ?? 0;
    if (bit !== value) {
      lengths.push(count);
      [value, count] = [bit, 0];
    }
    count += 1;
  }
  return [...lengths, count];
}

/** The text that COCO's tools make of lengths. */
function textOf(lengths: readonly number[]): string {
  return lengths
    .map((length, at) => {
      let rest = at > 2 ? length - (lengths[at - 2] ?? 0) : length;
      let text = "";
      for (;;) {
        const bits = rest & 31;
        rest >>= 5;
        const isLast = (bits & 16) === 0 ? rest === 0 : rest === -1;
        text += String.fromCharCode((isLast ? bits : bits | 32) + 48);
        if (isLast) return text;
      }
    })
    .join("");
}

const picture = record({ width: integer({ min: 1, max: 30 }), height: integer({ min: 1, max: 20 }) }).chain(
  ({ width, height }) =>
    array(integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height }).map((mask) => ({
      width,
      height,
      mask,
    })),
);

describe("COCO run lengths", () => {
  test("plain and as text give back the mask that they were made of", () => {
    assert(
      property(picture, ({ width, height, mask }) => {
        const counts = lengthsOf(mask, width, height);
        const size = [height, width] as const;
        const expected = [...runsOfMask(mask)];
        expect([...(runsOfCoco({ size, counts }, width, height) ?? [])]).toEqual(expected);
        expect([...(runsOfCoco({ size, counts: textOf(counts) }, width, height) ?? [])]).toEqual(expected);
      }),
    );
  });

  test("of any size survive the way through text", () => {
    assert(
      property(array(integer({ min: 0, max: 10_000_000 }), { maxLength: 40 }), (lengths) => {
        expect(lengthsOfText(textOf(lengths))).toEqual(lengths);
      }),
    );
  });

  test("a text that COCO's tools wrote is read as they read it", () => {
    // A square of 2 x 2 pixels at (1, 1) in a picture of 4 x 4.
    expect(lengthsOfText("52203")).toEqual([5, 2, 2, 2, 5]);
    expect([...(runsOfCoco({ size: [4, 4], counts: "52203" }, 4, 4) ?? [])]).toEqual([5, 2, 9, 2]);
  });

  test.each([
    ["too short", { size: [4, 4], counts: [5, 2] }],
    ["too long", { size: [4, 4], counts: [5, 20] }],
    ["negative", { size: [4, 4], counts: [5, -2, 13] }],
    ["fractions", { size: [4, 4], counts: [5, 2.5, 8.5] }],
    ["of another size", { size: [4, 5], counts: [0, 20] }],
    ["a text with other characters", { size: [4, 4], counts: "5 2" }],
    ["a text that is cut short", { size: [4, 4], counts: "52203P" }],
    ["a text of endless digits", { size: [4, 4], counts: "PPPPPPPPPPPP0" }],
  ] as const)("%s are no mask", (_case, segmentation) => {
    expect(runsOfCoco(segmentation, 4, 4)).toBeNull();
  });
});

describe("COCO polygons", () => {
  const pixelsOf = (polygons: readonly (readonly number[])[], width = 8, height = 6): number =>
    [...maskOfRuns(runsOfCoco(polygons, width, height) ?? runsOfMask([]), width * height)].reduce((a, b) => a + b, 0);

  test("cover the pixels whose centres they hold", () => {
    expect([...(runsOfCoco([[1, 1, 4, 1, 4, 3, 1, 3]], 8, 6) ?? [])]).toEqual([9, 3, 17, 3]);
  });

  test("may overlap, reach out of the picture, and turn either way", () => {
    expect(
      pixelsOf([
        [0, 0, 4, 0, 4, 4, 0, 4],
        [2, 2, 2, 6, 6, 6, 6, 2],
      ]),
    ).toBe(16 + 16 - 4);
    expect(pixelsOf([[-50, -50, 50, -50, 50, 50, -50, 50]])).toBe(48);
    expect(pixelsOf([[20, 20, 30, 20, 30, 30]])).toBe(0);
  });

  test("split along an edge cover what the whole covers, each pixel once", () => {
    const corner = record({ x: integer({ min: 1, max: 30 }), y: integer({ min: 1, max: 22 }) });
    assert(
      property(corner, corner, ({ x, y }, other) => {
        const [left, top] = [Math.min(x, other.x) / 4, Math.min(y, other.y) / 4];
        const [right, bottom] = [Math.max(x, other.x) / 4 + 0.25, Math.max(y, other.y) / 4 + 0.25];
        const middle = (left + right) / 2;
        const box = (from: number, to: number): number[] => [from, top, to, top, to, bottom, from, bottom];
        expect(pixelsOf([box(left, middle)]) + pixelsOf([box(middle, right)])).toBe(pixelsOf([box(left, right)]));
      }),
    );
  });
});
