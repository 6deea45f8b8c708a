import type { Box, ImagePx, Point } from "../../workers/contract.ts";
import { imagePx, type Size } from "./viewport.ts";

/** What a click means: another region, or a part that belongs to the region or does not. */
export type PickerTool = "choose" | "plus" | "minus";

export type PickerWish =
  | { readonly kind: PickerTool; readonly point: Point }
  | { readonly kind: "box"; readonly box: Box }
  | { readonly kind: "step"; readonly by: 1 | -1 }
  /** Moves the point that keys work at. */
  | { readonly kind: "move"; readonly point: Point }
  /** Marks a corner of a box at that point, or its opposite corner when one is marked. */
  | { readonly kind: "corner"; readonly point: Point }
  | { readonly kind: "take-back" }
  | { readonly kind: "confirm" };

/** A share of the picture that an arrow key moves the point by; the second with Shift. */
const KEY_MOVE = 0.05;
const FINE_KEY_MOVE = 0.01;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const STEPS: Readonly<Record<string, 1 | -1>> = { "]": 1, "[": -1, PageUp: 1, PageDown: -1 };
const MARKS: Readonly<Record<string, PickerTool>> = { " ": "choose", "+": "plus", "=": "plus", "-": "minus" };

/** The point at a share of the picture's width and height, held inside. */
export function pointInPicture(size: Size<ImagePx>, x: number, y: number): Point {
  return heldInside(size, x * size.width, y * size.height);
}

function heldInside({ width, height }: Size<ImagePx>, x: number, y: number): Point {
  const within = (place: number, length: number) => imagePx(Math.max(0, Math.min(length - 0.5, place)));
  return { x: within(x, width), y: within(y, height) };
}

/** The smallest box of whole pixels around two points. */
export function boxAround(a: Point, b: Point): Box {
  const [left, top] = [Math.floor(Math.min(a.x, b.x)), Math.floor(Math.min(a.y, b.y))];
  const [right, bottom] = [Math.ceil(Math.max(a.x, b.x)), Math.ceil(Math.max(a.y, b.y))];
  return {
    x: imagePx(left),
    y: imagePx(top),
    width: imagePx(Math.max(1, right - left)),
    height: imagePx(Math.max(1, bottom - top)),
  };
}

/** What a key means while keys work at a point of the picture; null: nothing. */
export function wishOfKey(
  { key, shiftKey }: { readonly key: string; readonly shiftKey: boolean },
  size: Size<ImagePx>,
  point: Point,
): PickerWish | null {
  const arrow = ARROWS[key];
  if (arrow) {
    const reach = shiftKey ? FINE_KEY_MOVE : KEY_MOVE;
    const [x, y] = [point.x + arrow[0] * reach * size.width, point.y + arrow[1] * reach * size.height];
    return { kind: "move", point: heldInside(size, x, y) };
  }
  const by = STEPS[key];
  if (by) return { kind: "step", by };
  const mark = MARKS[key];
  if (mark) return { kind: mark, point };
  if (key === "b" || key === "B") return { kind: "corner", point };
  if (key === "Backspace" || key === "Delete") return { kind: "take-back" };
  return key === "Enter" ? { kind: "confirm" } : null;
}
