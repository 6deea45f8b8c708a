import { BufferScope } from "../gpu/buffer-scope.ts";
import type { Gpu } from "../gpu/device.ts";
import { OwnedBuffer } from "../gpu/owned-buffer.ts";
import { submitAndRead } from "../gpu/readback.ts";
import type { Descriptors } from "../imaging/patch-tokens.ts";
import { padRows, uploadTable, vectorsOf } from "./gpu-table.ts";
import type { GpuTable, TableBuffers } from "./gpu-table.ts";
import { ClassListPass } from "./lists/class-lists.ts";
import { checkMatch, decide } from "./matcher.ts";
import type { Matcher, MatchResult } from "./matcher.ts";
import { RANKING_PARAMETERS, slotsOf } from "./ranking/layout.ts";
import type { MatchParameters } from "./ranking/layout.ts";
import { candidateBytes, RankingPass, unpackCandidates } from "./ranking/ranking.ts";
import type { ReferenceTable } from "./reference-table.ts";
import { SIMILARITY_PARAMETERS } from "./similarity/layout.ts";
import { SimilarityPass } from "./similarity/similarity.ts";

/** What a match of regions with a table takes. */
export interface MatchPasses {
  readonly similarity: SimilarityPass;
  readonly ranking: RankingPass;
}

interface Passes extends MatchPasses {
  readonly lists: ClassListPass;
}

/**
 * Records one match: similarities, then rankings. What lies between the two is N x C, never N x M.
 * @param regions rows padded to whole vectors. @param count how many. @param scope keeps the buffers made here.
 * @returns the buffer of candidates: count * slots of RANKING_CANDIDATE.
 */
export function encodeMatch(
  encoder: GPUCommandEncoder,
  scope: BufferScope,
  passes: MatchPasses,
  regions: OwnedBuffer,
  { count, dimensions }: Pick<Descriptors, "count" | "dimensions">,
  { classes }: Pick<ReferenceTable, "classes">,
  uploaded: TableBuffers,
  parameters: MatchParameters,
): OwnedBuffer {
  const slots = slotsOf(parameters);
  const entries = count * classes * Float32Array.BYTES_PER_ELEMENT;
  const similarity = scope.output("similarities", entries);
  const nearest = scope.output("nearest references", entries);
  const candidates = scope.output("candidates", candidateBytes(count, slots));
  const comparison = { regions: count, firstRow: 0, leaveOneOut: 0, classes, vectors: vectorsOf(dimensions) };
  const comparing = scope.parameters("similarity parameters", SIMILARITY_PARAMETERS, comparison);
  const buffers = { ...uploaded, parameters: comparing, regions, similarity, nearest };
  passes.similarity.encode(encoder, buffers, count, uploaded.groupCount);
  const ranking = { regions: count, classes, slots, tau: parameters.tau, lambda: parameters.lambda };
  const ranked = scope.parameters("ranking parameters", RANKING_PARAMETERS, ranking);
  const { lists } = uploaded;
  passes.ranking.encode(encoder, { parameters: ranked, similarity, nearest, lists, candidates }, count);
  return candidates;
}

/**
 * The match on the GPU. Keeps the buffers of the table and of the descriptors used last: calls with the same table
 * object upload descriptors only, and calls with the same descriptors (a class was typed) upload no descriptors. One
 * call at a time, as the engine's queue sees to.
 */
export class GpuMatcher implements Matcher {
  readonly #gpu: Gpu;
  readonly #passes: Passes;
  #current: { readonly table: ReferenceTable; readonly uploaded: GpuTable } | null = null;
  #described: { readonly descriptors: Descriptors; readonly rows: OwnedBuffer } | null = null;

  private constructor(gpu: Gpu, passes: Passes) {
    this.#gpu = gpu;
    this.#passes = passes;
  }

  /** @throws EngineError "internal" when a kernel does not fit the device. */
  static async create(gpu: Gpu): Promise<GpuMatcher> {
    const [similarity, ranking, lists] = await Promise.all([
      SimilarityPass.create(gpu),
      RankingPass.create(gpu),
      ClassListPass.create(gpu),
    ]);
    return new GpuMatcher(gpu, { similarity, ranking, lists });
  }

  /** @throws EngineError also "gpu-lost" and "out-of-memory". */
  async match(descriptors: Descriptors, table: ReferenceTable, parameters: MatchParameters): Promise<MatchResult> {
    checkMatch(descriptors, table, parameters);
    const { count } = descriptors;
    const slots = slotsOf(parameters);
    if (count === 0) return decide(unpackCandidates(new ArrayBuffer(0), 0, slots));
    const uploaded = await this.#upload(table);
    const rows = this.#rowsOf(descriptors);
    const scope = new BufferScope(this.#gpu);
    try {
      const encoder = this.#gpu.device.createCommandEncoder({ label: "match" });
      const buffer = encodeMatch(encoder, scope, this.#passes, rows, descriptors, table, uploaded, parameters);
      const bytes = candidateBytes(count, slots);
      const [read] = await submitAndRead(this.#gpu, encoder, [{ buffer, bytes }]);
      return decide(unpackCandidates(read ?? new ArrayBuffer(bytes), count, slots));
    } finally {
      scope.destroy();
    }
  }

  dispose(): void {
    this.#current?.uploaded.destroy();
    this.#current = null;
    this.#described?.rows.destroy();
    this.#described = null;
  }

  #rowsOf(descriptors: Descriptors): OwnedBuffer {
    if (this.#described?.descriptors === descriptors) return this.#described.rows;
    this.#described?.rows.destroy();
    this.#described = null;
    const data = padRows(descriptors.data, descriptors.dimensions);
    const rows = OwnedBuffer.from(this.#gpu, "descriptors", data, GPUBufferUsage.STORAGE);
    this.#described = { descriptors, rows };
    return rows;
  }

  async #upload(table: ReferenceTable): Promise<GpuTable> {
    if (this.#current?.table === table) return this.#current.uploaded;
    this.#current?.uploaded.destroy();
    this.#current = null;
    const uploaded = await uploadTable(this.#gpu, this.#passes, table);
    this.#current = { table, uploaded };
    return uploaded;
  }
}
