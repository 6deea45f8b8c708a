import { array, assert, constantFrom, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { nameBeingTyped, parseTypedNames, startOfUnfinished } from "./typed-names.ts";

const names = (text: string): readonly string[] => parseTypedNames(text).map(({ name }) => name);

describe("a typed list", () => {
  test("is split at commas, semicolons and line breaks, each name once, in order", () => {
    expect(names(" dog, frisbee ;grass\nDog,, ｄｏｇ ,")).toEqual(["dog", "frisbee", "grass"]);
  });

  test("may hold emoji, markup and any script", () => {
    const typed = "🐕‍🦺, <img src=x onerror=alert(1)>، قطة、猫";
    expect(names(typed)).toEqual(["🐕‍🦺", "<img src=x onerror=alert(1)>", "قطة", "猫"]);
  });

  test("has sub-categories after a colon, up to the end of the line or a semicolon", () => {
    expect(parseTypedNames("cat, dog: corgi, poodle, Corgi; grass\nbird：owl")).toEqual([
      { name: "cat", subcategories: [] },
      { name: "dog", subcategories: ["corgi", "poodle"] },
      { name: "grass", subcategories: [] },
      { name: "bird", subcategories: ["owl"] },
    ]);
  });

  test("takes a colon without a blank, at the beginning or at the end, as what it is", () => {
    expect(parseTypedNames("16:9, http://x.y, :smile:, dog:")).toEqual([
      { name: "16:9", subcategories: [] },
      { name: "http://x.y", subcategories: [] },
      { name: ":smile:", subcategories: [] },
      { name: "dog", subcategories: [] },
    ]);
  });

  test("gives names without separators or blanks at their ends, whatever is typed", () => {
    const typed = array(constantFrom("dog", "a b", ":", ": ", "：", ",", ";", "\n", " ", "、")).map((parts) =>
      parts.join(""),
    );
    const check = (text: string): void => {
      const parsed = parseTypedNames(text);
      for (const { name, subcategories } of parsed) {
        for (const one of [name, ...subcategories]) {
          expect(one).toBe(one.trim());
          expect(one).toMatch(/^[^,;\n、]+$/u);
        }
      }
    };
    assert(property(typed, check));
    assert(property(string(), check));
  });

  test("without colons reads the same when put together again", () => {
    assert(
      property(string(), (text) => {
        const parsed = names(text.replaceAll(/[:：]/gu, ""));
        expect(names(parsed.join(", "))).toEqual(parsed);
      }),
    );
  });
});

describe("while typing", () => {
  test.each([
    ["dog", 0],
    ["dog, fri", 4],
    ["dog; ", 4],
    ["dog: corgi, poo", 0],
    ["cat, dog: corgi, poo", 4],
    ["dog: corgi; ca", 11],
    ["dog: corgi, poodle; cat, bi", 24],
  ])("of %j what begins at %i is unfinished", (text, start) => {
    expect(startOfUnfinished(text)).toBe(start);
  });

  test.each([
    ["dog", "", "dog"],
    ["dog: cor", "dog: ", "cor"],
    ["dog: corgi, poo", "dog: corgi, ", "poo"],
    ["16:9", "", "16:9"],
  ])("%j asks for suggestions after %j, for the last name", (text, before, name) => {
    const typed = nameBeingTyped(text);
    expect([typed.before, typed.name.trim()]).toEqual([before, name]);
  });
});
