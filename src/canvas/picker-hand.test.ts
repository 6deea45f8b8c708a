import { assert, double, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { boxAround, pointInPicture, wishOfKey } from "./picker-hand.ts";
import { imagePx } from "./viewport.ts";

const size = { width: imagePx(200), height: imagePx(100) };
const at = (x: number, y: number) => ({ x: imagePx(x), y: imagePx(y) });
const press = (key: string, shiftKey = false) => wishOfKey({ key, shiftKey }, size, at(100, 50));

describe("keys on an example picture", () => {
  test("arrows move the point, in small steps with Shift, and never out of the picture", () => {
    expect(press("ArrowRight")).toEqual({ kind: "move", point: at(110, 50) });
    expect(press("ArrowUp", true)).toEqual({ kind: "move", point: at(100, 49) });
    expect(wishOfKey({ key: "ArrowLeft", shiftKey: false }, size, at(2, 50))).toEqual({
      kind: "move",
      point: at(0, 50),
    });
  });

  test.each([
    [" ", "choose"],
    ["+", "plus"],
    ["=", "plus"],
    ["-", "minus"],
    ["b", "corner"],
  ])("%j works at the point", (key, kind) => {
    expect(press(key)).toEqual({ kind, point: at(100, 50) });
  });

  test.each([
    ["]", { kind: "step", by: 1 }],
    ["PageDown", { kind: "step", by: -1 }],
    ["Backspace", { kind: "take-back" }],
    ["Enter", { kind: "confirm" }],
    ["q", null],
    ["Tab", null],
  ])("%j means something of its own, or nothing", (key, wish) => {
    expect(press(key)).toEqual(wish);
  });
});

test("a box holds both of its corners, whichever comes first, and is never empty", () => {
  expect(boxAround(at(30.5, 20), at(10, 5.2))).toEqual({ x: 10, y: 5, width: 21, height: 15 });
  expect(boxAround(at(30, 20), at(30, 20))).toEqual({ x: 30, y: 20, width: 1, height: 1 });
});

test("a point is inside the picture, wherever the pointer is", () => {
  assert(
    property(double({ noNaN: true }), double({ noNaN: true }), (x, y) => {
      const point = pointInPicture(size, x, y);
      expect(point.x >= 0 && point.x < size.width && point.y >= 0 && point.y < size.height).toBe(true);
    }),
  );
});
