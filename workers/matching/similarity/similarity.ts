import { ComputePass } from "../../gpu/compute-pass.ts";
import type { Gpu } from "../../gpu/device.ts";
import type { OwnedBuffer } from "../../gpu/owned-buffer.ts";
import { SHORTEST_SUM } from "../reference-table.ts";
import { GROUP_REFERENCES, NO_REFERENCE, NO_SIMILARITY, SIMILARITY_DEPTH, SIMILARITY_REGIONS } from "./layout.ts";
import source from "./similarity.wgsl?raw";

/** Buffers of one run, in the order of their bindings. */
export interface SimilarityBuffers {
  /** SIMILARITY_PARAMETERS. */
  readonly parameters: OwnedBuffer;
  /** Rows padded to whole vectors, as are those of the references. */
  readonly regions: OwnedBuffer;
  readonly references: OwnedBuffer;
  readonly classOffsets: OwnedBuffer;
  /** From groupClasses. */
  readonly groups: OwnedBuffer;
  readonly sumLengths: OwnedBuffer;
  /** Out: regions * classes numbers; nearest likewise. */
  readonly similarity: OwnedBuffer;
  readonly nearest: OwnedBuffer;
}

/** s and the nearest reference on the GPU; its CPU twin is similaritiesOnCpu. */
export class SimilarityPass extends ComputePass {
  /** @throws EngineError "internal" when the kernel does not fit the device. */
  static async create(gpu: Gpu): Promise<SimilarityPass> {
    const constants = {
      REGIONS: SIMILARITY_REGIONS,
      REFERENCES: GROUP_REFERENCES,
      DEPTH: SIMILARITY_DEPTH,
      NO_SIMILARITY,
      NO_REFERENCE,
      SHORTEST_SUM,
    };
    const spec = { label: "similarity", source, entryPoint: "compare", constants };
    return new SimilarityPass(gpu, await ComputePass.build(gpu, spec));
  }

  /** @param regions how many. @param groups how many groups of classes. */
  encode(encoder: GPUCommandEncoder, buffers: SimilarityBuffers, regions: number, groups: number): void {
    const { parameters, references, classOffsets, sumLengths, similarity, nearest } = buffers;
    this.dispatch(
      encoder,
      [parameters, buffers.regions, references, classOffsets, buffers.groups, sumLengths, similarity, nearest],
      [Math.ceil(regions / SIMILARITY_REGIONS), groups],
    );
  }
}
