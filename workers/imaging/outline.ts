import { boxOfRuns } from "./runs.ts";
import type { Runs } from "./runs.ts";

// Directions along pixel edges, clockwise on a picture whose y points down; +1 turns right.
const RIGHT = 0;
const STEP_X = [1, 0, -1, 0] as const;
const STEP_Y = [0, 1, 0, -1] as const;
// The pixels ahead of a corner, as offsets from it, on the right and on the left of each direction.
const AHEAD_RIGHT = [
  [0, 0],
  [-1, 0],
  [-1, -1],
  [0, -1],
] as const;
const AHEAD_LEFT = [
  [0, -1],
  [0, 0],
  [-1, 0],
  [-1, -1],
] as const;

/**
 * The outline of a mask along its pixel edges as SVG path data: M, L and Z with integer coordinates, straight edges
 * merged, the inside on the right hand. Outer outlines run clockwise, holes counter-clockwise, so that even-odd and
 * non-zero filling both give the mask back. Empty for the empty mask.
 */
export function outlineOfRuns(runs: Runs, width: number): string {
  const box = boxOfRuns(runs, width);
  // A margin of one pixel: no test for the border, and every outline closes.
  const stride = box.width + 2;
  const inside = boxedMask(runs, width, box.x, box.y, stride, box.height + 2);
  const traced = new Uint8Array(inside.length);
  const parts: string[] = [];
  forEachSpan(runs, width, (x, y, length) => {
    const first = (y - box.y + 1) * stride + x - box.x + 1;
    for (let pixel = first; pixel < first + length; pixel++) {
      // Every outline has an edge that runs right: the upper edge of a pixel with nothing above.
      if (inside[pixel - stride] === 0 && traced[pixel] === 0) {
        parts.push(trace(inside, traced, stride, pixel, box.x - 1, box.y - 1));
      }
    }
  });
  return parts.join("");
}

/** Follows one outline from the upper left corner of `start` and returns its path data. */
function trace(
  inside: Uint8Array,
  traced: Uint8Array,
  stride: number,
  start: number,
  offsetX: number,
  offsetY: number,
): string {
  const startX = start % stride;
  const startY = (start - startX) / stride;
  let x = startX;
  let y = startY;
  let direction = RIGHT;
  let path = `M${x + offsetX} ${y + offsetY}`;
  for (;;) {
    if (direction === RIGHT) traced[y * stride + x] = 1;
    x += STEP_X[direction] ?? 0;
    y += STEP_Y[direction] ?? 0;
    const turned = turn(inside, stride, x, y, direction);
    if (x === startX && y === startY && turned === RIGHT) return `${path}Z`;
    if (turned !== direction) path += `L${x + offsetX} ${y + offsetY}`;
    direction = turned;
  }
}

/** The direction in which the outline leaves a corner. Pixels that touch only at a corner stay separate. */
function turn(inside: Uint8Array, stride: number, x: number, y: number, direction: number): number {
  const right = AHEAD_RIGHT[direction] ?? AHEAD_RIGHT[RIGHT];
  if (inside[(y + right[1]) * stride + x + right[0]] === 0) return (direction + 1) & 3;
  const left = AHEAD_LEFT[direction] ?? AHEAD_LEFT[RIGHT];
  if (inside[(y + left[1]) * stride + x + left[0]] === 1) return (direction + 3) & 3;
  return direction;
}

/** The mask inside its box with a margin of one pixel, a byte a pixel. */
function boxedMask(runs: Runs, width: number, left: number, top: number, stride: number, rows: number): Uint8Array {
  const inside = new Uint8Array(stride * rows);
  forEachSpan(runs, width, (x, y, length) => {
    const from = (y - top + 1) * stride + x - left + 1;
    inside.fill(1, from, from + length);
  });
  return inside;
}

/** The runs cut at the ends of rows. */
function forEachSpan(runs: Runs, width: number, visit: (x: number, y: number, length: number) => void): void {
  for (let i = 0; i < runs.length; i += 2) {
    let start = runs[i] ?? 0;
    const end = start + (runs[i + 1] ?? 0);
    while (start < end) {
      const y = Math.floor(start / width);
      const stop = Math.min(end, (y + 1) * width);
      visit(start - y * width, y, stop - start);
      start = stop;
    }
  }
}
