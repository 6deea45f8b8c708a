import { BufferScope } from "../gpu/buffer-scope.ts";
import type { Gpu } from "../gpu/device.ts";
import { submitAndRead } from "../gpu/readback.ts";
import type { Descriptors } from "../imaging/patch-tokens.ts";
import { padRows, uploadTable, vectorsOf } from "./gpu-table.ts";
import type { GpuTable } from "./gpu-table.ts";
import { ClassListPass } from "./lists/class-lists.ts";
import { checkMatch, decide } from "./matcher.ts";
import type { Matcher, MatchResult } from "./matcher.ts";
import { RANKING_PARAMETERS, slotsOf } from "./ranking/layout.ts";
import type { MatchParameters } from "./ranking/layout.ts";
import { candidateBytes, RankingPass, unpackCandidates } from "./ranking/ranking.ts";
import type { ReferenceTable } from "./reference-table.ts";
import { SIMILARITY_PARAMETERS } from "./similarity/layout.ts";
import { SimilarityPass } from "./similarity/similarity.ts";

interface Passes {
  readonly similarity: SimilarityPass;
  readonly ranking: RankingPass;
  readonly lists: ClassListPass;
}

/**
 * The match on the GPU. Keeps the buffers of the table used last, so that calls with the same table object upload
 * descriptors only. One call at a time, as the engine's queue sees to.
 */
export class GpuMatcher implements Matcher {
  readonly #gpu: Gpu;
  readonly #passes: Passes;
  #current: { readonly table: ReferenceTable; readonly uploaded: GpuTable } | null = null;

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
    const { count, dimensions } = descriptors;
    const slots = slotsOf(parameters);
    if (count === 0) return decide(unpackCandidates(new ArrayBuffer(0), 0, slots));
    const uploaded = await this.#upload(table);
    const scope = new BufferScope(this.#gpu);
    try {
      const { classes } = table;
      const entries = count * classes * Float32Array.BYTES_PER_ELEMENT;
      const bytes = candidateBytes(count, slots);
      const similarity = scope.output("similarities", entries);
      const nearest = scope.output("nearest references", entries);
      const candidates = scope.output("candidates", bytes);
      const regions = scope.input("descriptors", padRows(descriptors.data, dimensions));
      const comparison = { regions: count, firstRow: 0, leaveOneOut: 0, classes, vectors: vectorsOf(dimensions) };
      const ranking = { regions: count, classes, slots, tau: parameters.tau, lambda: parameters.lambda };
      const encoder = this.#gpu.device.createCommandEncoder({ label: "match" });
      this.#passes.similarity.encode(
        encoder,
        {
          ...uploaded,
          parameters: scope.parameters("similarity parameters", SIMILARITY_PARAMETERS, comparison),
          regions,
          similarity,
          nearest,
        },
        count,
        uploaded.groupCount,
      );
      this.#passes.ranking.encode(
        encoder,
        {
          parameters: scope.parameters("ranking parameters", RANKING_PARAMETERS, ranking),
          similarity,
          nearest,
          lists: uploaded.lists,
          candidates,
        },
        count,
      );
      const [read] = await submitAndRead(this.#gpu, encoder, [{ buffer: candidates, bytes }]);
      return decide(unpackCandidates(read ?? new ArrayBuffer(bytes), count, slots));
    } finally {
      scope.destroy();
    }
  }

  dispose(): void {
    this.#current?.uploaded.destroy();
    this.#current = null;
  }

  async #upload(table: ReferenceTable): Promise<GpuTable> {
    if (this.#current?.table === table) return this.#current.uploaded;
    this.dispose();
    const uploaded = await uploadTable(this.#gpu, this.#passes, table);
    this.#current = { table, uploaded };
    return uploaded;
  }
}
