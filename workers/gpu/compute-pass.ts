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

/**
 * Compiles a kernel and builds its pipeline.
 * @throws EngineError "internal" when the shader does not compile or does not fit the device.
 */
export async function buildPipeline(gpu: Gpu, spec: KernelSpec): Promise<GPUComputePipeline> {
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

/** Workgroups of a dispatch along x, y and z. */
export type WorkgroupCount = readonly [x: number, y?: number, z?: number];

/**
 * Base of the compute passes. A subclass has an asynchronous `create` that builds its pipeline, an `encode` that
 * records one run into a command encoder, and keeps in `own` what it allocates; `destroy` frees that, once.
 */
export abstract class ComputePass {
  protected readonly gpu: Gpu;
  readonly #pipeline: GPUComputePipeline;
  readonly #owned: { destroy(): void }[] = [];

  protected constructor(gpu: Gpu, pipeline: GPUComputePipeline) {
    this.gpu = gpu;
    this.#pipeline = pipeline;
  }

  destroy(): void {
    for (const item of this.#owned.splice(0)) item.destroy();
  }

  /** Ties the life of a buffer to the life of this pass. */
  protected own<Item extends { destroy(): void }>(item: Item): Item {
    this.#owned.push(item);
    return item;
  }

  /** Records one dispatch; buffers[i] is bound to group 0, binding i. */
  protected dispatch(encoder: GPUCommandEncoder, buffers: readonly OwnedBuffer[], count: WorkgroupCount): void {
    const label = this.#pipeline.label;
    const group = this.gpu.device.createBindGroup({
      label,
      layout: this.#pipeline.getBindGroupLayout(0),
      entries: buffers.map(({ buffer }, binding) => ({ binding, resource: { buffer } })),
    });
    const pass = encoder.beginComputePass({ label });
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(...count);
    pass.end();
  }
}
