import { EngineError } from "../contract.ts";
import type { Descriptors } from "../imaging/patch-tokens.ts";
import { expectedListsOf } from "./lists/class-lists.cpu.ts";
import { NO_CLASS } from "./ranking/layout.ts";
import type { MatchParameters, Ranking } from "./ranking/layout.ts";
import { rankOnCpu } from "./ranking/ranking.cpu.ts";
import type { ReferenceTable } from "./reference-table.ts";
import { similaritiesOnCpu } from "./similarity/similarity.cpu.ts";

export { DEFAULT_PARAMETERS, NO_CLASS } from "./ranking/layout.ts";
export type { MatchParameters } from "./ranking/layout.ts";

/** Margins end here: the widest that a difference of two cosines can be. */
const WIDEST_MARGIN = 2;

/** A ranking and its outcome: the label of a region is the class with the highest z, the margin its lead. */
export interface MatchResult extends Ranking {
  /** N class numbers; NO_CLASS only when no class has a reference. */
  readonly best: Uint32Array<ArrayBuffer>;
  /** N: the slot of `best` among the region's candidates, 0 when there is none. */
  readonly bestSlot: Uint8Array<ArrayBuffer>;
  /** N class numbers; NO_CLASS when there is one candidate or none. */
  readonly runnerUp: Uint32Array<ArrayBuffer>;
  /** N: z of `best`; -1, the lowest cosine, when there is none. */
  readonly bestScore: Float32Array<ArrayBuffer>;
  /** N, 0..2: z of `best` minus z of `runnerUp`; without a runner-up, minus the lowest cosine, -1. */
  readonly margin: Float32Array<ArrayBuffer>;
  /** N: what "other" gains in every region, see discriminant.ts; null: nothing. */
  readonly other: Float32Array<ArrayBuffer> | null;
}

/** Compares regions with references. Two implementations that agree: this one's, and the GPU's in gpu-matcher.ts. */
export interface Matcher {
  /**
   * Steps 1 to 5 of the method (docs/method.md) for every descriptor.
   * @param descriptors unit rows, or zero rows for masks that cover no patch. A zero row is equally unlike everything:
   * its scores are near 0 and its margin too.
   * @throws EngineError "internal" when lengths differ or the parameters make no sense.
   */
  match(descriptors: Descriptors, table: ReferenceTable, parameters: MatchParameters): Promise<MatchResult>;
  /** Frees what is cached. Idempotent. */
  dispose(): void;
}

/** The match on the CPU. */
export class CpuMatcher implements Matcher {
  async match(descriptors: Descriptors, table: ReferenceTable, parameters: MatchParameters): Promise<MatchResult> {
    checkMatch(descriptors, table, parameters);
    const rows = { data: descriptors.data, first: 0, count: descriptors.count };
    return decide(rankOnCpu(similaritiesOnCpu(rows, table), expectedListsOf(table), parameters));
  }

  dispose(): void {
    // Lists go with their tables.
  }
}

/** Refuses what no matcher can work on. */
export function checkMatch(descriptors: Descriptors, table: ReferenceTable, parameters: MatchParameters): void {
  if (descriptors.dimensions !== table.dimensions) {
    throw new EngineError("internal", "Descriptors and references are not of one model: lengths differ.", {
      descriptors: descriptors.dimensions,
      references: table.dimensions,
    });
  }
  const { k, tau, lambda } = parameters;
  if (!(k >= 1 && tau > 0 && lambda >= 0)) {
    throw new EngineError("internal", "The match has no such parameters.", { k, tau, lambda });
  }
}

/** From z to labels, runners-up and margins; of equal scores the class with the higher s counts. */
export function decide(ranking: Ranking): MatchResult {
  const { count, slots, candidates, score } = ranking;
  const best = new Uint32Array(count);
  const bestSlot = new Uint8Array(count);
  const runnerUp = new Uint32Array(count);
  const bestScore = new Float32Array(count);
  const margin = new Float32Array(count);
  for (let region = 0; region < count; region += 1) {
    let first = -1;
    let second = -1;
    const row = region * slots;
    const scoreOf = (slot: number): number => (slot < 0 ? -1 : (score[row + slot] ?? -1));
    for (let slot = 0; slot < slots && candidates[row + slot] !== NO_CLASS; slot += 1) {
      if (first < 0 || scoreOf(slot) > scoreOf(first)) {
        second = first;
        first = slot;
      } else if (second < 0 || scoreOf(slot) > scoreOf(second)) {
        second = slot;
      }
    }
    best[region] = first < 0 ? NO_CLASS : (candidates[row + first] ?? NO_CLASS);
    bestSlot[region] = Math.max(0, first);
    runnerUp[region] = second < 0 ? NO_CLASS : (candidates[row + second] ?? NO_CLASS);
    bestScore[region] = scoreOf(first);
    margin[region] = Math.min(WIDEST_MARGIN, Math.max(0, scoreOf(first) - scoreOf(second)));
  }
  return { ...ranking, best, bestSlot, runnerUp, bestScore, margin, other: null };
}
