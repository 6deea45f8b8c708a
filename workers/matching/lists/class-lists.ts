import { ComputePass } from "../../gpu/compute-pass.ts";
import type { Gpu } from "../../gpu/device.ts";
import type { OwnedBuffer } from "../../gpu/owned-buffer.ts";
import { NO_SIMILARITY } from "../similarity/layout.ts";
import source from "./class-lists.wgsl?raw";
import { LISTS_TILE } from "./layout.ts";

/** Buffers of one run, in the order of their bindings. */
export interface ClassListBuffers {
  /** LISTS_PARAMETERS. */
  readonly parameters: OwnedBuffer;
  readonly classOffsets: OwnedBuffer;
  /** s of the references of a run of classes, each left out of its own class. */
  readonly similarity: OwnedBuffer;
  /** Out: the rows of these classes in C x C. */
  readonly lists: OwnedBuffer;
}

/** Averages similarities of references into the lists of their classes; its CPU twin is classListsOnCpu. */
export class ClassListPass extends ComputePass {
  /** @throws EngineError "internal" when the kernel does not fit the device. */
  static async create(gpu: Gpu): Promise<ClassListPass> {
    const constants = { TILE: LISTS_TILE, NO_SIMILARITY };
    const spec = { label: "class lists", source, entryPoint: "average", constants };
    return new ClassListPass(gpu, await ComputePass.build(gpu, spec));
  }

  /** @param rows classes whose lists are computed. @param classes C. */
  encode(encoder: GPUCommandEncoder, buffers: ClassListBuffers, rows: number, classes: number): void {
    const { parameters, classOffsets, similarity, lists } = buffers;
    const count = [Math.ceil(classes / LISTS_TILE), Math.ceil(rows / LISTS_TILE)] as const;
    this.dispatch(encoder, [parameters, classOffsets, similarity, lists], count);
  }
}
