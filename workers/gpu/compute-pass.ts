import { EngineError } from "../contract.ts";
import type { Gpu } from "./device.ts";
import type { OwnedBuffer } from "./owned-buffer.ts";
import { compileShader } from "./shader-module.ts";

export interface KernelSpec {
  readonly label: string;
  /** WGSL with one compute entry point of the given name and all its bindings in group 0. */
  readonly source: string;
  readonly entryPoint: string;
  /** Values of the shader's override constants: the one place where such a number stands is TypeScript. */
  readonly constants: Readonly<Record<string, number>>;
}

/** Workgroups of a dispatch along x and y. */
export type WorkgroupCount = readonly [x: number, y: number];

/**
 * A kernel that is ready to run. The subclass of a kernel has a static `create` and an `encode` that records one run;
 * a pass keeps no buffers of its own, they come from the caller, who frees them.
 */
export abstract class ComputePass {
  protected readonly gpu: Gpu;
  readonly #pipeline: GPUComputePipeline;

  protected constructor(gpu: Gpu, pipeline: GPUComputePipeline) {
    this.gpu = gpu;
    this.#pipeline = pipeline;
  }

  /**
   * Compiles a kernel and builds its pipeline.
   * @throws EngineError "internal" when the shader does not compile or does not fit the device.
   */
  protected static async build(gpu: Gpu, spec: KernelSpec): Promise<GPUComputePipeline> {
    const shader = await compileShader(gpu, spec.label, spec.source);
    try {
      return await gpu.device.createComputePipelineAsync({
        label: spec.label,
        layout: "auto",
        compute: { module: shader, entryPoint: spec.entryPoint, constants: { ...spec.constants } },
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new EngineError("internal", `The kernel "${spec.label}" does not fit this device.`, { message }, error);
    }
  }

  /** Records one dispatch; buffers[i] is bound to group 0, binding i. */
  protected dispatch(encoder: GPUCommandEncoder, buffers: readonly OwnedBuffer[], [x, y]: WorkgroupCount): void {
    const label = this.#pipeline.label;
    const group = this.gpu.device.createBindGroup({
      label,
      layout: this.#pipeline.getBindGroupLayout(0),
      entries: buffers.map(({ buffer }, binding) => ({ binding, resource: { buffer } })),
    });
    const pass = encoder.beginComputePass({ label });
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(x, y);
    pass.end();
  }

  /** A count of workgroups folded into two dimensions; a shader counts y * (workgroups along x) + x. */
  protected fold(count: number): WorkgroupCount {
    const width = Math.min(count, this.gpu.device.limits.maxComputeWorkgroupsPerDimension);
    return [width, width === 0 ? 0 : Math.ceil(count / width)];
  }
}
