import { ComputePass } from "../../gpu/compute-pass.ts";
import type { Gpu } from "../../gpu/device.ts";
import type { OwnedBuffer } from "../../gpu/owned-buffer.ts";
import { SCALAR_BYTES, structBytes } from "../../gpu/scalar-struct.ts";
import { MOST_RANKED } from "../plackett-luce.ts";
import { NO_REFERENCE, NO_SIMILARITY } from "../similarity/layout.ts";
import { NO_CLASS, RANKING_CANDIDATE, RANKING_WORKGROUP } from "./layout.ts";
import type { Ranking } from "./layout.ts";
import source from "./ranking.wgsl?raw";

/** Buffers of one run, in the order of their bindings. */
export interface RankingBuffers {
  /** RANKING_PARAMETERS. */
  readonly parameters: OwnedBuffer;
  readonly similarity: OwnedBuffer;
  readonly nearest: OwnedBuffer;
  /** C x C from the class lists. */
  readonly lists: OwnedBuffer;
  /** Out: regions * slots of RANKING_CANDIDATE. */
  readonly candidates: OwnedBuffer;
}

/** Top k, divergence and z on the GPU; its CPU twin is rankOnCpu. */
export class RankingPass extends ComputePass {
  /** @throws EngineError "internal" when the kernel does not fit the device. */
  static async create(gpu: Gpu): Promise<RankingPass> {
    const constants = { WORKGROUP: RANKING_WORKGROUP, MOST_RANKED, NO_SIMILARITY, NO_REFERENCE, NO_CLASS };
    const spec = { label: "ranking", source, entryPoint: "rank", constants };
    return new RankingPass(gpu, await ComputePass.build(gpu, spec));
  }

  encode(encoder: GPUCommandEncoder, buffers: RankingBuffers, regions: number): void {
    const { parameters, similarity, nearest, lists, candidates } = buffers;
    this.dispatch(encoder, [parameters, similarity, nearest, lists, candidates], this.fold(regions));
  }
}

/** Bytes of the candidates of so many regions. */
export function candidateBytes(regions: number, slots: number): number {
  return regions * slots * structBytes(RANKING_CANDIDATE);
}

/** From what the kernel wrote to arrays by field. */
export function unpackCandidates(data: ArrayBuffer, count: number, slots: number): Ranking {
  const fields = Object.keys(RANKING_CANDIDATE);
  const words = structBytes(RANKING_CANDIDATE) / SCALAR_BYTES;
  const integers = new Uint32Array(data);
  const floats = new Float32Array(data);
  const column = <Numbers extends Uint32Array | Float32Array>(
    name: keyof typeof RANKING_CANDIDATE,
    source: Numbers,
    target: Numbers,
  ): Numbers => {
    for (let i = 0, at = fields.indexOf(name); i < target.length; i += 1, at += words) target[i] = source[at] ?? 0;
    return target;
  };
  const size = count * slots;
  return {
    count,
    slots,
    candidates: column("index", integers, new Uint32Array(size)),
    nearest: column("nearest", integers, new Uint32Array(size)),
    similarity: column("similarity", floats, new Float32Array(size)),
    divergence: column("divergence", floats, new Float32Array(size)),
    score: column("score", floats, new Float32Array(size)),
  };
}
