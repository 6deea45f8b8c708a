import { describe, expect, test } from "vitest";
import { structBytes } from "../../gpu/scalar-struct.ts";
import { structLayouts } from "../../gpu/struct-layouts.ts";
import { POOLING_PARAMETERS } from "./layout.ts";
import { poolByDefinition, poolingCases } from "./pooling.cases.ts";
import { poolOnCpu } from "./pooling.cpu.ts";
import source from "./pooling.wgsl?raw";

describe("masked pooling on the CPU", () => {
  test.each(poolingCases)("gives the weighted mean token of each mask: $name", (one) => {
    const means = poolOnCpu(one.tokens, one.coverage);
    const expected = poolByDefinition(one);
    expect(means.count).toBe(expected.count);
    expect(means.data).toHaveLength(expected.data.length);
    means.data.forEach((value, i) => expect(value).toBeCloseTo(expected.data[i] ?? Number.NaN, 6));
  });
});

test("the kernel's parameters have the fields and size that TypeScript packs", () => {
  const parameters = structLayouts(source).get("Parameters");
  expect(Object.entries(parameters?.layout ?? {})).toEqual(Object.entries(POOLING_PARAMETERS));
  expect(parameters?.size).toBe(structBytes(POOLING_PARAMETERS));
});
