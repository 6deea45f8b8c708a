import { BufferScope } from "../../gpu/buffer-scope.ts";
import { ComputePass } from "../../gpu/compute-pass.ts";
import type { Gpu } from "../../gpu/device.ts";
import type { OwnedBuffer } from "../../gpu/owned-buffer.ts";
import { submitAndRead } from "../../gpu/readback.ts";
import type { Coverage } from "../../imaging/coverage.ts";
import type { Descriptors, PatchTokens } from "../../imaging/patch-tokens.ts";
import { POOLING_PARAMETERS, POOLING_WORKGROUP } from "./layout.ts";
import source from "./pooling.wgsl?raw";

/** Buffers of one run, in the order of their bindings. */
export interface PoolingBuffers {
  /** POOLING_PARAMETERS. */
  readonly parameters: OwnedBuffer;
  readonly tokens: OwnedBuffer;
  readonly offsets: OwnedBuffer;
  readonly patches: OwnedBuffer;
  readonly weights: OwnedBuffer;
  /** Out: masks * dimensions numbers. */
  readonly means: OwnedBuffer;
}

/** Masked pooling on the GPU; its CPU twin is poolOnCpu. */
export class PoolingPass extends ComputePass {
  /** @throws EngineError "internal" when the kernel does not fit the device. */
  static async create(gpu: Gpu): Promise<PoolingPass> {
    const constants = { WORKGROUP: POOLING_WORKGROUP };
    return new PoolingPass(
      gpu,
      await ComputePass.build(gpu, { label: "pooling", source, entryPoint: "pool", constants }),
    );
  }

  encode(encoder: GPUCommandEncoder, buffers: PoolingBuffers, masks: number): void {
    const { parameters, tokens, offsets, patches, weights, means } = buffers;
    this.dispatch(encoder, [parameters, tokens, offsets, patches, weights, means], this.fold(masks));
  }

  /**
   * Mean token of every mask, not of unit length; zero for a mask without coverage.
   * @throws EngineError "gpu-lost" or "out-of-memory".
   */
  async pool(tokens: PatchTokens, coverage: Coverage): Promise<Descriptors> {
    const { count } = coverage;
    const { dimensions } = tokens;
    const bytes = count * dimensions * Float32Array.BYTES_PER_ELEMENT;
    if (count === 0) return { count, dimensions, data: new Float32Array(0) };
    const scope = new BufferScope(this.gpu);
    try {
      const means = scope.output("pooling means", bytes);
      const buffers = {
        parameters: scope.parameters("pooling parameters", POOLING_PARAMETERS, { masks: count, dimensions }),
        tokens: scope.input("patch tokens", tokens.data),
        offsets: scope.input("coverage offsets", coverage.offsets),
        patches: scope.input("coverage patches", coverage.patches),
        weights: scope.input("coverage weights", coverage.weights),
        means,
      };
      const encoder = this.gpu.device.createCommandEncoder({ label: "pooling" });
      this.encode(encoder, buffers, count);
      const [read] = await submitAndRead(this.gpu, encoder, [{ buffer: means, bytes }]);
      return { count, dimensions, data: new Float32Array(read ?? new ArrayBuffer(0)) };
    } finally {
      scope.destroy();
    }
  }
}
