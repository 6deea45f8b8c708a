import { describe, expect, it } from "vitest";
import { classesJson } from "./classes-json.ts";

describe("the classes file", () => {
  it("numbers the classes as the label map does, other first", () => {
    const text = classesJson({ name: "a.jpg", width: 640, height: 480 }, 0.75, [
      { name: "dog", colour: "#ff0000", share: 0.2 },
      { name: "frisbee", colour: "#00ff00", share: 0.05 },
    ]);
    expect(JSON.parse(text)).toEqual({
      version: 1,
      picture: "a.jpg",
      width: 640,
      height: 480,
      classes: [
        { index: 0, name: "other", colour: "#000000", share: 0.75 },
        { index: 1, name: "dog", colour: "#ff0000", share: 0.2 },
        { index: 2, name: "frisbee", colour: "#00ff00", share: 0.05 },
      ],
    });
    expect(text.endsWith("}\n")).toBe(true);
  });

  it("keeps any name as it is and rounds shares to six decimals", () => {
    const name = '"<img onerror=alert(1)>" 🐈‍⬛ \u202eחתול\n';
    const { classes } = JSON.parse(
      classesJson({ name, width: 1, height: 1 }, 1 / 3, [{ name, colour: "#ffffff", share: 2 / 3 }]),
    );
    expect(classes[1].name).toBe(name);
    expect([classes[0].share, classes[1].share]).toEqual([0.333333, 0.666667]);
  });
});
