import { array, assert, integer, nat, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { depthInRegion } from "./depth.ts";

/** The definition, pixel by pixel. */
function slowDepth(map: Uint16Array, width: number, height: number, x: number, y: number): number {
  for (let radius = 1; ; radius += 1) {
    for (let row = y - radius; row <= y + radius; row += 1) {
      for (let column = x - radius; column <= x + radius; column += 1) {
        const beyond = row < 0 || column < 0 || row >= height || column >= width;
        if (beyond || map[row * width + column] !== map[y * width + x]) return radius;
      }
    }
  }
}

describe("depth inside regions", () => {
  it("is the chessboard distance to the nearest pixel of another region or beyond the picture", () => {
    assert(
      property(
        integer({ min: 1, max: 9 }),
        array(nat({ max: 1 }), { minLength: 1, maxLength: 81 }),
        (width, values) => {
          const height = Math.max(1, Math.floor(values.length / width));
          const map = Uint16Array.from({ length: width * height }, (_, pixel) => values[pixel] ?? 0);
          const expected = Array.from(map, (_, pixel) =>
            slowDepth(map, width, height, pixel % width, Math.floor(pixel / width)),
          );
          expect([...depthInRegion(map, width, height)]).toEqual(expected);
        },
      ),
    );
  });

  it("stops counting at 255", () => {
    const depth = depthInRegion(new Uint16Array(601 * 601), 601, 601);
    expect(depth[300 * 601 + 300]).toBe(255);
    expect(depth[100 * 601 + 300]).toBe(101);
  });
});
