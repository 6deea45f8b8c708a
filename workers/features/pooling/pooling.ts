import { BufferScope } from "../../gpu/buffer-scope.ts";
import { ComputePass } from "../../gpu/compute-pass.ts";
import type { Gpu } from "../../gpu/device.ts";
import type { OwnedBuffer } from "../../gpu/owned-buffer.ts";
import { submitAndRead } from "../../gpu/readback.ts";
import { type Coverage, describedMasks, leafCoverage } from "../../imaging/coverage.ts";
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
   * Mean token of every mask, not of unit length; zero for a mask without coverage. Of a tree the leaves are pooled from
   * the tokens, then all nodes from the leaves.
   * @throws EngineError "gpu-lost" or "out-of-memory".
   */
  async pool(tokens: PatchTokens, coverage: Coverage): Promise<Descriptors> {
    const { dimensions } = tokens;
    const count = describedMasks(coverage);
    if (count === 0) return { count, dimensions, data: new Float32Array(0) };
    const scope = new BufferScope(this.gpu);
    try {
      const encoder = this.gpu.device.createCommandEncoder({ label: "pooling" });
      let means = this.#encodeLevel(encoder, scope, scope.input("patch tokens", tokens.data), coverage, dimensions);
      if (coverage.parent) {
        const nodes = leafCoverage(coverage.parent, totalsOf(coverage));
        means = this.#encodeLevel(encoder, scope, means, nodes, dimensions);
      }
      const bytes = count * dimensions * Float32Array.BYTES_PER_ELEMENT;
      const [read] = await submitAndRead(this.gpu, encoder, [{ buffer: means, bytes }]);
      return { count, dimensions, data: new Float32Array(read ?? new ArrayBuffer(0)) };
    } finally {
      scope.destroy();
    }
  }

  #encodeLevel(
    encoder: GPUCommandEncoder,
    scope: BufferScope,
    tokens: OwnedBuffer,
    { count, offsets, patches, weights }: Coverage,
    dimensions: number,
  ): OwnedBuffer {
    const means = scope.output("pooling means", count * dimensions * Float32Array.BYTES_PER_ELEMENT);
    const buffers = {
      parameters: scope.parameters("pooling parameters", POOLING_PARAMETERS, { masks: count, dimensions }),
      tokens,
      offsets: scope.input("coverage offsets", offsets),
      patches: scope.input("coverage patches", patches),
      weights: scope.input("coverage weights", weights),
      means,
    };
    this.encode(encoder, buffers, count);
    return means;
  }
}

/** What each mask covers, in patches. */
function totalsOf({ count, offsets, weights }: Coverage): Float32Array {
  const totals = new Float32Array(count);
  for (let mask = 0; mask < count; mask += 1) {
    const end = offsets[mask + 1] ?? 0;
    for (let entry = offsets[mask] ?? 0; entry < end; entry += 1) {
      totals[mask] = (totals[mask] ?? 0) + (weights[entry] ?? 0);
    }
  }
  return totals;
}
