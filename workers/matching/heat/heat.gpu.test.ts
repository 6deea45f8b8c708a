import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openGpu } from "../../gpu/device.ts";
import type { Gpu } from "../../gpu/device.ts";
import { HEAT_TOLERANCE, heatCases } from "./heat.cases.ts";
import { heatOnCpu } from "./heat.cpu.ts";
import { HeatPass } from "./heat.ts";

describe("the heat map on the GPU", () => {
  let gpu: Gpu;
  let pass: HeatPass;
  const errors: Error[] = [];

  beforeAll(async () => {
    gpu = await openGpu((error) => errors.push(error));
    pass = await HeatPass.create(gpu);
  });
  afterAll(() => gpu.destroy());

  test.each(heatCases)("equals its CPU twin, also when asked again: $name", async ({ patches, query }) => {
    const twin = heatOnCpu(patches, query);
    for (let turn = 0; turn < 2; turn += 1) {
      const values = await pass.compare(patches, query);
      expect(values).toHaveLength(twin.length);
      const farthest = values.reduce((most, value, i) => Math.max(most, Math.abs(value - (twin[i] ?? NaN))), 0);
      expect(farthest).toBeLessThan(HEAT_TOLERANCE);
    }
  });

  test("gives all buffers back when disposed, and raises no error of the device", async () => {
    pass.dispose();
    pass.dispose();
    await gpu.device.queue.onSubmittedWorkDone();
    expect(gpu.counters.read()).toEqual({ buffers: 0, textures: 0, bytes: 0 });
    expect(errors).toEqual([]);
  });
});
