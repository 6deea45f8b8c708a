import { describe, expect, it } from "vitest";
import { Gestures } from "./gestures.ts";
import { screenPoint } from "./viewport.ts";

describe("gestures", () => {
  it("take a press that hardly moves for a click where it began", () => {
    const gestures = new Gestures(4);
    gestures.down(1, screenPoint(10, 10));
    expect(gestures.move(1, screenPoint(12, 12))).toBeNull();
    expect(gestures.isDragging).toBe(false);
    expect(gestures.up(1)).toEqual(screenPoint(10, 10));
    expect(gestures.isDown).toBe(false);
  });

  it("take a press that moves for a drag from where it began, without losing the first pixels", () => {
    const gestures = new Gestures(4);
    gestures.down(1, screenPoint(10, 10));
    gestures.move(1, screenPoint(13, 10));
    expect(gestures.move(1, screenPoint(20, 7))).toEqual({ kind: "pan", dx: 10, dy: -3 });
    expect(gestures.isDragging).toBe(true);
    // Coming back makes no click of it.
    expect(gestures.move(1, screenPoint(10, 10))).toEqual({ kind: "pan", dx: -10, dy: 3 });
    expect(gestures.up(1)).toBeNull();
  });

  it("take two pointers for a pinch, which never ends in a click, and go on as a drag when one is lifted", () => {
    const gestures = new Gestures(4);
    gestures.down(1, screenPoint(0, 0));
    gestures.down(2, screenPoint(10, 0));
    expect(gestures.move(2, screenPoint(30, 0))).toEqual({
      kind: "pinch",
      before: [screenPoint(0, 0), screenPoint(10, 0)],
      after: [screenPoint(0, 0), screenPoint(30, 0)],
    });
    expect(gestures.up(2)).toBeNull();
    expect(gestures.move(1, screenPoint(1, 1))).toEqual({ kind: "pan", dx: 1, dy: 1 });
    expect(gestures.up(1)).toBeNull();
  });

  it("ignore pointers that are not down, and forget a cancelled one", () => {
    const gestures = new Gestures(4);
    expect(gestures.move(1, screenPoint(5, 5))).toBeNull();
    expect(gestures.up(1)).toBeNull();
    gestures.down(1, screenPoint(0, 0));
    gestures.cancel(1);
    expect(gestures.isDown).toBe(false);
    expect(gestures.up(1)).toBeNull();
  });
});
