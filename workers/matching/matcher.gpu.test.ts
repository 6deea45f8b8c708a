import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openGpu } from "../gpu/device.ts";
import type { Gpu } from "../gpu/device.ts";
import { GpuMatcher } from "./gpu-matcher.ts";
import { uploadTable } from "./gpu-table.ts";
import { classListsOnCpu } from "./lists/class-lists.cpu.ts";
import { ClassListPass } from "./lists/class-lists.ts";
import { CpuMatcher } from "./matcher.ts";
import { DIVERGENCE_TOLERANCE, matchingCases, SIMILARITY_TOLERANCE } from "./matching.cases.ts";
import { submitAndRead } from "../gpu/readback.ts";
import { SimilarityPass } from "./similarity/similarity.ts";

/** The farthest that numbers are from those of the twin; NaN when any is NaN or lengths differ. */
function farthest(numbers: Float32Array, twin: Float32Array): number {
  if (numbers.length !== twin.length) return NaN;
  return numbers.reduce((most, value, i) => Math.max(most, Math.abs(value - (twin[i] ?? NaN))), 0);
}

/** Divergences grow with the lists' gaps over tau: beyond 1 the tolerance is relative. */
function farthestRelative(numbers: Float32Array, twin: Float32Array): number {
  return farthest(
    numbers.map((value, i) => value / Math.max(1, twin[i] ?? NaN)),
    twin.map((value) => value / Math.max(1, value)),
  );
}

describe("the match on the GPU", () => {
  let gpu: Gpu;
  let matcher: GpuMatcher;
  let passes: { similarity: SimilarityPass; lists: ClassListPass };
  const errors: Error[] = [];

  beforeAll(async () => {
    gpu = await openGpu((error) => errors.push(error));
    matcher = await GpuMatcher.create(gpu);
    passes = { similarity: await SimilarityPass.create(gpu), lists: await ClassListPass.create(gpu) };
  });
  afterAll(() => gpu.destroy());

  test.each(matchingCases)("equals its CPU twin: $name", async ({ descriptors, table, parameters }) => {
    const result = await matcher.match(descriptors, table, parameters);
    const twin = await new CpuMatcher().match(descriptors, table, parameters);
    expect(result.candidates).toEqual(twin.candidates);
    expect(result.nearest).toEqual(twin.nearest);
    expect(farthest(result.similarity, twin.similarity)).toBeLessThan(SIMILARITY_TOLERANCE);
    expect(farthestRelative(result.divergence, twin.divergence)).toBeLessThan(DIVERGENCE_TOLERANCE);
    const scoreTolerance = SIMILARITY_TOLERANCE + parameters.lambda * parameters.tau * DIVERGENCE_TOLERANCE * 100;
    expect(farthest(result.score, twin.score)).toBeLessThan(scoreTolerance);
    expect(farthest(result.bestScore, twin.bestScore)).toBeLessThan(scoreTolerance);
    expect(farthest(result.margin, twin.margin)).toBeLessThan(2 * scoreTolerance);
  });

  test.each(matchingCases)("expects the lists of its CPU twin: $name", async ({ table }) => {
    const uploaded = await uploadTable(gpu, passes, table);
    const twin = classListsOnCpu(table);
    const encoder = gpu.device.createCommandEncoder();
    const [read] = await submitAndRead(gpu, encoder, [{ buffer: uploaded.lists, bytes: twin.byteLength }]);
    uploaded.destroy();
    expect(farthest(new Float32Array(read ?? new ArrayBuffer(0)), twin)).toBeLessThan(10 * SIMILARITY_TOLERANCE);
  });

  test("expects the same lists when references are compared a few at a time", async () => {
    for (const { table } of matchingCases.slice(4, 10)) {
      const uploaded = await uploadTable(gpu, passes, table, 3);
      const twin = classListsOnCpu(table);
      const encoder = gpu.device.createCommandEncoder();
      const [read] = await submitAndRead(gpu, encoder, [{ buffer: uploaded.lists, bytes: twin.byteLength }]);
      uploaded.destroy();
      expect(farthest(new Float32Array(read ?? new ArrayBuffer(0)), twin)).toBeLessThan(10 * SIMILARITY_TOLERANCE);
    }
  });

  test("descriptors that are matched again are not uploaded again, and others replace them", async () => {
    const [first, second] = [matchingCases[6], matchingCases[9]];
    if (!first || !second) throw new Error("The case table is shorter than this test expects.");
    const written = vi.spyOn(gpu.device.queue, "writeBuffer");
    const bytesOf = async (work: () => Promise<unknown>): Promise<number> => {
      written.mockClear();
      await work();
      return written.mock.calls.reduce((sum, [, , data]) => sum + data.byteLength, 0);
    };
    const { descriptors, table, parameters } = first;
    const matched = () => matcher.match(descriptors, table, parameters);
    await matched();
    expect(await bytesOf(matched)).toBeLessThan(descriptors.data.byteLength);
    const result = await matcher.match(second.descriptors, second.table, second.parameters);
    const twin = await new CpuMatcher().match(second.descriptors, second.table, second.parameters);
    expect(result.best).toEqual(twin.best);
    expect(await bytesOf(matched)).toBeGreaterThan(descriptors.data.byteLength);
    written.mockRestore();
  });

  test("a table used again is not uploaded again, and another one replaces it", async () => {
    const [first, second] = [matchingCases[6], matchingCases[9]];
    if (!first || !second) throw new Error("The case table is shorter than this test expects.");
    await matcher.match(first.descriptors, first.table, first.parameters);
    const after = gpu.counters.read();
    await matcher.match(first.descriptors, first.table, first.parameters);
    expect(gpu.counters.read()).toEqual(after);
    await matcher.match(second.descriptors, second.table, second.parameters);
    expect(gpu.counters.read().buffers).toBe(after.buffers);
  });

  test("leaves no buffer behind when disposed of, and raised no error of the device", async () => {
    matcher.dispose();
    matcher.dispose();
    await gpu.device.queue.onSubmittedWorkDone();
    expect(gpu.counters.read()).toEqual({ buffers: 0, textures: 0, bytes: 0 });
    expect(errors).toEqual([]);
  });
});
