import { expect, test } from "vitest";
import { structLayouts } from "../gpu/struct-layouts.ts";
import { structBytes } from "../gpu/scalar-struct.ts";
import { LISTS_PARAMETERS } from "./lists/layout.ts";
import listsSource from "./lists/class-lists.wgsl?raw";
import { RANKING_CANDIDATE, RANKING_PARAMETERS } from "./ranking/layout.ts";
import rankingSource from "./ranking/ranking.wgsl?raw";
import { SIMILARITY_PARAMETERS } from "./similarity/layout.ts";
import similaritySource from "./similarity/similarity.wgsl?raw";

test.each([
  ["similarity", "Parameters", similaritySource, SIMILARITY_PARAMETERS],
  ["ranking", "Parameters", rankingSource, RANKING_PARAMETERS],
  ["ranking", "Candidate", rankingSource, RANKING_CANDIDATE],
  ["class lists", "Parameters", listsSource, LISTS_PARAMETERS],
])("the %s kernel's %s has the fields, places and size that TypeScript packs", (_kernel, name, source, layout) => {
  const struct = structLayouts(source).get(name);
  expect(struct?.layout).toEqual(layout);
  expect(Object.keys(struct?.layout ?? {})).toEqual(Object.keys(layout));
  expect(struct?.offsets).toEqual(Object.keys(layout).map((_field, index) => 4 * index));
  expect(struct?.size).toBe(structBytes(layout));
});
