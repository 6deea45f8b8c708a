import { expect, test } from "vitest";
import { LeastRecentlyUsed } from "./least-recently-used.ts";

test("beyond its capacity it forgets what was not asked for the longest", () => {
  const map = new LeastRecentlyUsed<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  expect(map.get("a")).toBe(1);
  map.set("c", 3);
  expect([map.get("a"), map.get("b"), map.get("c")]).toEqual([1, undefined, 3]);
  expect(map.size).toBe(2);
});

test("setting a key again replaces its value and counts as use", () => {
  const map = new LeastRecentlyUsed<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  map.set("a", 4);
  map.set("c", 3);
  expect([map.get("a"), map.get("b")]).toEqual([4, undefined]);
});
