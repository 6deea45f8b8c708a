import { expect, test } from "vitest";
import { printedKeys } from "./shortcuts.ts";

test.each([
  ["$mod+k", "Ctrl K"],
  ["$mod+,", "Ctrl ,"],
  ["Shift+?", "?"],
  ["+", "+"],
  ["-", "-"],
  ["h", "H"],
  ["Delete", "Del"],
])("%s is printed %s", (keys, printed) => {
  expect(printedKeys(keys)).toBe(printed);
});
