import { describe, expect, test } from "vitest";
import { poolByDefinition, poolingCases } from "./pooling.cases.ts";
import { poolOnCpu } from "./pooling.cpu.ts";

describe("masked pooling on the CPU", () => {
  test.each(poolingCases)("gives the weighted mean token of each mask: $name", (one) => {
    const means = poolOnCpu(one.tokens, one.coverage);
    const expected = poolByDefinition(one);
    expect(means.count).toBe(expected.count);
    expect(means.data).toHaveLength(expected.data.length);
    means.data.forEach((value, i) => expect(value).toBeCloseTo(expected.data[i] ?? Number.NaN, 6));
  });
});
