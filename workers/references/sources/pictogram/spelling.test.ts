import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, respelt } from "./spelling.ts";

/** Optimal string alignment by its recurrence, without a limit. */
function slowDistance(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  const costs = [
    slowDistance(a.slice(0, -1), b) + 1,
    slowDistance(a, b.slice(0, -1)) + 1,
    slowDistance(a.slice(0, -1), b.slice(0, -1)) + (a.at(-1) === b.at(-1) ? 0 : 1),
  ];
  if (a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1)) {
    costs.push(slowDistance(a.slice(0, -2), b.slice(0, -2)) + 1);
  }
  return Math.min(...costs);
}

describe("the distance of two spellings", () => {
  it("is that of the recurrence, up to its limit", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 5 });
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 3 }), (a, b, limit) => {
        expect(editDistance([...a], [...b], limit)).toBe(Math.min(limit + 1, slowDistance(a, b)));
      }),
    );
  });
});

describe("a misspelt name", () => {
  const known = ["dog", "cat", "ball", "apple", "frisbee", "shell", "carrot", "house", "helicopter", "train", "brain"];

  it.each([
    ["dgo", "dog"],
    ["dogg", "dog"],
    ["bal", "ball"],
    ["aple", "apple"],
    ["frisbe", "frisbee"],
    ["frisbeee", "frisbee"],
    ["carot", "carrot"],
    ["carrat", "carrot"],
    ["helicoptor", "helicopter"],
    ["helocoptor", "helicopter"],
    ["trian", "train"],
  ])("%j is taken for %j", (typed, meant) => {
    expect(respelt(typed, known)).toBe(meant);
  });

  it.each(["shelf", "cot", "god", "hose", "rouse", "xyzzy", "do", "a", ""])(
    "%j is not taken for anything, as it may well be another word",
    (typed) => {
      expect(respelt(typed, known)).toBeNull();
    },
  );

  it("is never taken for itself", () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        expect(respelt(typed, [typed])).toBeNull();
      }),
    );
  });
});
