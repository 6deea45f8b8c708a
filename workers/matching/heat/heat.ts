import { BufferScope } from "../../gpu/buffer-scope.ts";
import { ComputePass } from "../../gpu/compute-pass.ts";
import type { Gpu } from "../../gpu/device.ts";
import { OwnedBuffer } from "../../gpu/owned-buffer.ts";
import { submitAndRead } from "../../gpu/readback.ts";
import type { Descriptors } from "../../imaging/patch-tokens.ts";
import { HEAT_PARAMETERS, HEAT_WORKGROUP, type HeatQuery } from "./layout.ts";
import source from "./heat.wgsl?raw";

/**
 * How like something every patch is, on the GPU; its CPU twin is heatOnCpu. Keeps the patches that were asked about last,
 * so that following a pointer sends one vector at a time.
 */
export class HeatPass extends ComputePass {
  #kept: { readonly patches: Descriptors; readonly buffer: OwnedBuffer } | null = null;

  /** @throws EngineError "internal" when the kernel does not fit the device. */
  static async create(gpu: Gpu): Promise<HeatPass> {
    const constants = { WORKGROUP: HEAT_WORKGROUP };
    return new HeatPass(gpu, await ComputePass.build(gpu, { label: "heat", source, entryPoint: "compare", constants }));
  }

  /**
   * One value a patch, see HeatQuery.
   * @param patches the same object for the same picture
   * @throws EngineError "gpu-lost" or "out-of-memory".
   */
  async compare(patches: Descriptors, query: HeatQuery): Promise<Float32Array<ArrayBuffer>> {
    const { count, dimensions } = patches;
    if (count === 0) return new Float32Array(0);
    const kept = this.#keep(patches);
    const scope = new BufferScope(this.gpu);
    try {
      const bytes = count * Float32Array.BYTES_PER_ELEMENT;
      const values = scope.output("heat values", bytes);
      const parameters = scope.parameters("heat parameters", HEAT_PARAMETERS, {
        patches: count,
        dimensions,
        vectors: query.vectors.length / dimensions,
        sumWeight: query.sumWeight,
        maxWeight: query.maxWeight,
      });
      const vectors = scope.input("heat vectors", query.vectors);
      const encoder = this.gpu.device.createCommandEncoder({ label: "heat" });
      this.dispatch(encoder, [parameters, kept, vectors, values], [Math.ceil(count / HEAT_WORKGROUP), 1]);
      const [read] = await submitAndRead(this.gpu, encoder, [{ buffer: values, bytes }]);
      return new Float32Array(read ?? new ArrayBuffer(bytes));
    } finally {
      scope.destroy();
    }
  }

  /** Frees what is kept. Idempotent. */
  dispose(): void {
    this.#kept?.buffer.destroy();
    this.#kept = null;
  }

  #keep(patches: Descriptors): OwnedBuffer {
    if (this.#kept?.patches !== patches) {
      this.dispose();
      const buffer = OwnedBuffer.from(this.gpu, "heat patches", patches.data, GPUBufferUsage.STORAGE);
      this.#kept = { patches, buffer };
    }
    return this.#kept.buffer;
  }
}
