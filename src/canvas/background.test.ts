import { describe, expect, it } from "vitest";
import { hexColour } from "./background.ts";

describe("a computed colour", () => {
  it("becomes #rrggbb", () => {
    expect(hexColour("rgb(15, 17, 16)")).toBe("#0f1110");
    expect(hexColour("rgba(255, 0, 128, 0.5)")).toBe("#ff0080");
    expect(hexColour("rgb(15 17 16 / 50%)")).toBe("#0f1110");
  });

  it("is black when it cannot be read", () => {
    expect(hexColour("")).toBe("#000000");
    expect(hexColour("color(srgb 0.1 0.2 0.3)")).toBe("#000000");
  });
});
