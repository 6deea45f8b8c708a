import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openGpu } from "../../gpu/device.ts";
import type { Gpu } from "../../gpu/device.ts";
import { POOLING_TOLERANCE, poolingCases } from "./pooling.cases.ts";
import { poolOnCpu } from "./pooling.cpu.ts";
import { PoolingPass } from "./pooling.ts";

describe("masked pooling on the GPU", () => {
  let gpu: Gpu;
  let pass: PoolingPass;
  const errors: Error[] = [];

  beforeAll(async () => {
    gpu = await openGpu((error) => errors.push(error));
    pass = await PoolingPass.create(gpu);
  });
  afterAll(() => gpu.destroy());

  test.each(poolingCases)("equals its CPU twin: $name", async ({ tokens, coverage }) => {
    const means = await pass.pool(tokens, coverage);
    const twin = poolOnCpu(tokens, coverage);
    expect(means.count).toBe(twin.count);
    expect(means.data).toHaveLength(twin.data.length);
    const farthest = means.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (twin.data[i] ?? NaN))), 0);
    expect(farthest).toBeLessThan(POOLING_TOLERANCE);
  });

  test("leaves no buffer behind and raises no error of the device", async () => {
    await gpu.device.queue.onSubmittedWorkDone();
    expect(gpu.counters.read()).toEqual({ buffers: 0, textures: 0, bytes: 0 });
    expect(errors).toEqual([]);
  });
});
