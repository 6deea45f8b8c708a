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

test("where values have sizes, the oldest are forgotten until the rest fits", () => {
  const map = new LeastRecentlyUsed<string, string>(6, (text) => text.length);
  map.set("a", "aa");
  map.set("b", "bb");
  map.set("c", "cc");
  map.set("d", "ddd");
  expect([map.get("a"), map.get("b"), map.get("c"), map.get("d")]).toEqual([undefined, undefined, "cc", "ddd"]);
  map.delete("c");
  map.set("e", "eee");
  expect([map.get("d"), map.get("e")]).toEqual(["ddd", "eee"]);
});

test("a value that is larger than the capacity stays until the next", () => {
  const map = new LeastRecentlyUsed<string, string>(3, (text) => text.length);
  map.set("a", "aaaa");
  expect(map.get("a")).toBe("aaaa");
  map.set("b", "b");
  expect([map.get("a"), map.get("b")]).toEqual([undefined, "b"]);
});
