import { describe, expect, it } from "vitest";
import { placeBeside } from "./label-place.ts";

const room = { width: 400, height: 300 };
const label = { width: 100, height: 40 };

describe("a label beside the pointer", () => {
  it("goes below and to the right where there is room", () => {
    expect(placeBeside({ x: 10, y: 20 }, label, room)).toEqual({ x: 24, y: 34 });
  });

  it("goes to the other side at the right and lower edges", () => {
    expect(placeBeside({ x: 390, y: 290 }, label, room)).toEqual({ x: 276, y: 236 });
  });

  it("stays on a canvas that is hardly larger than itself", () => {
    expect(placeBeside({ x: 50, y: 20 }, label, { width: 110, height: 45 })).toEqual({ x: 0, y: 0 });
  });
});
