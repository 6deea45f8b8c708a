import { afterEach, describe, expect, it, vi } from "vitest";
import featuresUrl from "../../e2e/fixtures/models/tiny-features.onnx?url";
import { EngineError } from "../contract.ts";
import { openGpu, type Gpu } from "../gpu/device.ts";
import { checkFeatureContract, OUTPUT_NAME } from "./contract-check.ts";
import type { FloatTensor, ModelSession } from "./inference.ts";
import { openRuntime } from "./runtime.ts";

const SIDE = 8 * 14;
const pixels: FloatTensor = {
  data: Float32Array.from({ length: 3 * SIDE * SIDE }, (_, index) => Math.sin(index / 30)),
  dims: [1, 3, SIDE, SIDE],
};

const opened: Gpu[] = [];
async function openDevice(): Promise<Gpu> {
  const gpu = await openGpu();
  opened.push(gpu);
  return gpu;
}

async function openModel(gpu: Gpu): Promise<ModelSession> {
  const runtime = await openRuntime(gpu.device, 1);
  return runtime.open(await (await fetch(featuresUrl)).blob());
}

async function run(session: ModelSession): Promise<Float32Array> {
  const { [OUTPUT_NAME]: tokens } = await session.run({ pixel_values: pixels }, [OUTPUT_NAME]);
  if (!tokens) throw new Error("the output is missing");
  return tokens.data;
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "it went well",
    (cause: unknown) => (cause instanceof EngineError ? cause.code : String(cause)),
  );

afterEach(() => {
  vi.restoreAllMocks();
  for (const gpu of opened.splice(0)) gpu.destroy();
});

describe("the graphics device of models", () => {
  it("is the one handed in: pipelines, buffers and submissions are its own, and no other is requested", async () => {
    const gpu = await openDevice();
    const other = await openDevice();
    const requests = vi.spyOn(GPUAdapter.prototype, "requestDevice");
    const submissions = vi.spyOn(gpu.device.queue, "submit");
    const otherSubmissions = vi.spyOn(other.device.queue, "submit");
    const buffers = vi.spyOn(gpu.device, "createBuffer");
    const session = await openModel(gpu);
    submissions.mockClear();
    await run(session);
    // Numbers, since printing calls with GPU objects in them never ends.
    expect(submissions.mock.calls.length).toBeGreaterThan(0);
    expect(buffers.mock.calls.length).toBeGreaterThan(0);
    expect(otherSubmissions.mock.calls.length).toBe(0);
    expect(requests.mock.calls.length).toBe(0);
    await session.close();
  });

  it("can be lost before, while and after a model is opened or run, and a new one works in the same page", async () => {
    const first = await openModel(await openDevice());
    const wanted = await run(first);
    await first.close();

    const moments: ((gpu: Gpu) => Promise<unknown>)[] = [
      async (gpu) => {
        const session = await openModel(gpu);
        const running = run(session);
        gpu.destroy();
        return running;
      },
      async (gpu) => {
        const session = await openModel(gpu);
        gpu.destroy();
        return run(session);
      },
      async (gpu) => {
        const session = await openModel(gpu);
        const running = run(session);
        const later = run(session);
        setTimeout(() => gpu.destroy(), 5);
        await running.catch(() => undefined);
        return later;
      },
      (gpu) => {
        const opening = openModel(gpu);
        gpu.destroy();
        return opening;
      },
    ];
    for (const [index, lose] of moments.entries()) {
      expect(await codeOf(lose(await openDevice())), `moment ${index}`).toBe("gpu-lost");
      const session = await openModel(await openDevice());
      expect(await checkFeatureContract(session, "again.onnx")).toMatchObject({ patch: 14, dimensions: 32 });
      expect(await run(session)).toEqual(wanted);
      await session.close();
    }
  });

  it("lets a session be closed whose run was cut off by the loss, and still opens others", async () => {
    const gpu = await openDevice();
    const session = await openModel(gpu);
    const running = run(session);
    gpu.destroy();
    expect(await codeOf(running)).toBe("gpu-lost");
    expect(await codeOf(session.close())).toBe("it went well");
    const next = await openModel(await openDevice());
    expect(await run(next)).toHaveLength((1 + 64) * 32);
    await next.close();
  });

  it("lets a session of a lost device be closed", async () => {
    const gpu = await openDevice();
    const session = await openModel(gpu);
    await run(session);
    gpu.destroy();
    await gpu.lost;
    expect(await codeOf(session.close())).toBe("it went well");
    const next = await openModel(await openDevice());
    expect(await run(next)).toHaveLength((1 + 64) * 32);
    await next.close();
  });
});
