import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BufferScope } from "./buffer-scope.ts";
import { ComputePass } from "./compute-pass.ts";
import { openGpu } from "./device.ts";
import type { Gpu } from "./device.ts";
import { OwnedBuffer } from "./owned-buffer.ts";
import { OwnedTexture } from "./owned-texture.ts";
import { submitAndRead } from "./readback.ts";
import { compileShader } from "./shader-module.ts";

const NOTHING = { buffers: 0, textures: 0, bytes: 0 };

/** Writes value + index into an array, to see that constants, bindings and folding arrive. */
class CountingPass extends ComputePass {
  static async create(gpu: Gpu, constants: Record<string, number>): Promise<CountingPass> {
    const source = `
      override START: u32;
      @group(0) @binding(0) var<storage, read_write> numbers: array<u32>;
      @compute @workgroup_size(1)
      fn count(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
        let at = group.y * groups.x + group.x;
        if (at < arrayLength(&numbers)) { numbers[at] = START + at; }
      }`;
    return new CountingPass(
      gpu,
      await ComputePass.build(gpu, { label: "counting", source, entryPoint: "count", constants }),
    );
  }

  encode(encoder: GPUCommandEncoder, numbers: OwnedBuffer): void {
    this.dispatch(encoder, [numbers], this.fold(numbers.size / 4));
  }
}

describe("the GPU device", () => {
  let gpu: Gpu;
  beforeEach(async () => {
    gpu = await openGpu();
  });
  afterEach(() => {
    gpu.destroy();
    vi.restoreAllMocks();
  });

  test("has the adapter's larger limits and its features", async () => {
    const adapter = await navigator.gpu.requestAdapter();
    expect(gpu.device.limits.maxBufferSize).toBe(adapter?.limits.maxBufferSize);
    expect(gpu.device.limits.maxStorageBufferBindingSize).toBe(adapter?.limits.maxStorageBufferBindingSize);
    expect(gpu.shaderF16).toBe(adapter?.features.has("shader-f16"));
  });

  test("without an adapter, or a device, says so as an error with the reason", async () => {
    const request = vi.spyOn(navigator.gpu, "requestAdapter");
    request.mockResolvedValueOnce(null);
    const noAdapter = { code: "gpu-unavailable", data: { reason: "no-adapter" } };
    await expect(openGpu()).rejects.toMatchObject(noAdapter);
    request.mockRejectedValueOnce(new Error("blocked"));
    await expect(openGpu()).rejects.toMatchObject(noAdapter);
    request.mockRestore();
    vi.spyOn(GPUAdapter.prototype, "requestDevice").mockRejectedValueOnce(new Error("no"));
    await expect(openGpu()).rejects.toMatchObject({ code: "gpu-unavailable", data: { reason: "device-failed" } });
  });

  test("destroyed twice is lost once, on purpose", async () => {
    gpu.destroy();
    gpu.destroy();
    await expect(gpu.lost).resolves.toMatchObject({ reason: "destroyed" });
  });

  test("counts buffers and textures while they live, and once only", () => {
    const usage = GPUBufferUsage.COPY_DST;
    const buffer = new OwnedBuffer(gpu, { label: "odd", size: 33, usage });
    const texture = new OwnedTexture(gpu, {
      label: "t",
      width: 5,
      height: 3,
      format: "r16uint",
      usage: GPUTextureUsage.COPY_DST,
    });
    expect(gpu.counters.read()).toEqual({ buffers: 1, textures: 1, bytes: 36 + 30 });
    buffer.destroy();
    buffer.destroy();
    expect(gpu.counters.read()).toEqual({ buffers: 0, textures: 1, bytes: 30 });
    texture.destroy();
    texture.destroy();
    expect(gpu.counters.read()).toEqual(NOTHING);
  });

  test("what no buffer or texture can hold is refused as out of memory, and not counted", () => {
    const { maxBufferSize, maxTextureDimension2D: side } = gpu.device.limits;
    const size = maxBufferSize + 4;
    expect(() => new OwnedBuffer(gpu, { label: "b", size, usage: GPUBufferUsage.STORAGE })).toThrow(
      /large enough for b/,
    );
    const texture = {
      label: "t",
      width: side + 1,
      height: 1,
      format: "r8unorm",
      usage: GPUTextureUsage.COPY_DST,
    } as const;
    expect(() => new OwnedTexture(gpu, texture)).toThrow(/large enough for t/);
    expect(gpu.counters.read()).toEqual(NOTHING);
  });

  test("a pass gets its constants and buffers, and several buffers are read in one go", async () => {
    const pass = await CountingPass.create(gpu, { START: 7 });
    const scope = new BufferScope(gpu);
    const [five, six] = [scope.output("five", 20), scope.output("six", 24)];
    const encoder = gpu.device.createCommandEncoder();
    pass.encode(encoder, five);
    pass.encode(encoder, six);
    const sources = [
      { buffer: five, bytes: 20 },
      { buffer: six, bytes: 24 },
    ];
    const read = await submitAndRead(gpu, encoder, sources);
    expect(read.map((data) => Array.from(new Uint32Array(data)))).toEqual([
      [7, 8, 9, 10, 11],
      [7, 8, 9, 10, 11, 12],
    ]);
    scope.destroy();
    scope.destroy();
    expect(gpu.counters.read()).toEqual(NOTHING);
  });

  test("more workgroups than one dimension holds are folded into two", async () => {
    const pass = await CountingPass.create(gpu, { START: 0 });
    const scope = new BufferScope(gpu);
    const count = gpu.device.limits.maxComputeWorkgroupsPerDimension + 3;
    const numbers = scope.output("many", count * 4);
    const encoder = gpu.device.createCommandEncoder();
    pass.encode(encoder, numbers);
    const [data] = await submitAndRead(gpu, encoder, [{ buffer: numbers, bytes: count * 4 }]);
    expect(new Uint32Array(data ?? new ArrayBuffer(0)).every((value, index) => value === index)).toBe(true);
    scope.destroy();
  });

  test("a shader that does not compile is an error that names it and the line", async () => {
    await expect(compileShader(gpu, "broken", "fn f() {\n  let x: u32 = 1.5;\n}")).rejects.toMatchObject({
      code: "internal",
      message: expect.stringContaining('"broken" does not compile: line 2'),
    });
  });

  test("a constant that the shader lacks is an error that names the kernel", async () => {
    await expect(CountingPass.create(gpu, {})).rejects.toThrow('"counting" does not fit');
  });

  test("commands that are not valid are an error, not zeros", async () => {
    const unreadable = new OwnedBuffer(gpu, { label: "unreadable", size: 16, usage: GPUBufferUsage.STORAGE });
    const encoder = gpu.device.createCommandEncoder();
    const reading = submitAndRead(gpu, encoder, [{ buffer: unreadable, bytes: 16 }]);
    await expect(reading).rejects.toMatchObject({ code: "internal" });
    unreadable.destroy();
    expect(gpu.counters.read()).toEqual(NOTHING);
  });

  test("reading while the device goes away is an error, and frees what it took", async () => {
    const scope = new BufferScope(gpu);
    const buffer = scope.output("b", 16);
    const reading = submitAndRead(gpu, gpu.device.createCommandEncoder(), [{ buffer, bytes: 16 }]);
    gpu.destroy();
    await expect(reading).rejects.toMatchObject({ code: "gpu-lost" });
    scope.destroy();
    expect(gpu.counters.read()).toEqual(NOTHING);
  });
});
