import { describe, expect, test } from "vitest";
import { structBytes } from "../../gpu/scalar-struct.ts";
import { structLayouts } from "../../gpu/struct-layouts.ts";
import { HEAT_TOLERANCE, heatByDefinition, heatCases } from "./heat.cases.ts";
import { heatOnCpu } from "./heat.cpu.ts";
import { HEAT_PARAMETERS } from "./layout.ts";
import source from "./heat.wgsl?raw";

describe("the heat map on the CPU", () => {
  test.each(heatCases)("gives every patch the weighted sum and maximum of its products: $name", (one) => {
    const values = heatOnCpu(one.patches, one.query);
    const expected = heatByDefinition(one);
    expect(values).toHaveLength(expected.length);
    values.forEach((value, patch) => expect(Math.abs(value - (expected[patch] ?? NaN))).toBeLessThan(HEAT_TOLERANCE));
  });
});

test("the kernel's parameters have the fields and size that TypeScript packs", () => {
  const parameters = structLayouts(source).get("Parameters");
  expect(Object.entries(parameters?.layout ?? {})).toEqual(Object.entries(HEAT_PARAMETERS));
  expect(parameters?.size).toBe(structBytes(HEAT_PARAMETERS));
});
