import type { ExpectedLists } from "../lists/class-lists.cpu.ts";
import { RankingDivergence } from "../plackett-luce.ts";
import { NO_REFERENCE, NO_SIMILARITY } from "../similarity/layout.ts";
import type { Similarities } from "../similarity/layout.ts";
import { NO_CLASS, slotsOf } from "./layout.ts";
import type { MatchParameters, Ranking } from "./layout.ts";

/**
 * The k classes with the highest s of every region (of equals, the first), the divergence of the region's ranking of
 * them from each one's own, and z: the CPU twin of ranking.wgsl.
 * @param lists of the table that the similarities are of.
 */
export function rankOnCpu(
  { count, classes, similarity, nearest }: Similarities,
  lists: Pick<ExpectedLists, "know" | "values">,
  parameters: MatchParameters,
): Ranking {
  const slots = slotsOf(parameters);
  const ranking: Ranking = {
    count,
    slots,
    candidates: new Uint32Array(count * slots).fill(NO_CLASS),
    similarity: new Float32Array(count * slots),
    divergence: new Float32Array(count * slots),
    score: new Float32Array(count * slots),
    nearest: new Uint32Array(count * slots).fill(NO_REFERENCE),
  };
  const rankings = new RankingDivergence();
  const expected = new Float64Array(slots);
  for (let region = 0; region < count; region += 1) {
    const row = region * slots;
    const candidates = ranking.candidates.subarray(row, row + slots);
    const own = ranking.similarity.subarray(row, row + slots);
    const filled = selectHighest(similarity, region * classes, classes, candidates, own);
    rankings.setList(own, filled, parameters.tau);
    lists.know(candidates, filled);
    for (let slot = 0; slot < filled; slot += 1) {
      const candidate = candidates[slot] ?? 0;
      for (let i = 0; i < filled; i += 1) expected[i] = lists.values[candidate * classes + (candidates[i] ?? 0)] ?? 0;
      const divergence = rankings.to(expected);
      ranking.divergence[row + slot] = divergence;
      ranking.score[row + slot] = (own[slot] ?? 0) - parameters.lambda * parameters.tau * divergence;
      ranking.nearest[row + slot] = nearest[region * classes + candidate] ?? NO_REFERENCE;
    }
  }
  return ranking;
}

/** Insertion into the short list of the best; returns how many slots are filled. */
function selectHighest(
  similarity: Float32Array,
  start: number,
  classes: number,
  candidates: Uint32Array,
  values: Float32Array,
): number {
  const slots = candidates.length;
  let filled = 0;
  for (let index = 0; index < classes; index += 1) {
    const value = similarity[start + index] ?? NO_SIMILARITY;
    if (value === NO_SIMILARITY || (filled === slots && value <= (values[slots - 1] ?? 0))) continue;
    let slot = filled === slots ? slots - 1 : filled;
    filled = Math.min(slots, filled + 1);
    while (slot > 0 && value > (values[slot - 1] ?? 0)) {
      values[slot] = values[slot - 1] ?? 0;
      candidates[slot] = candidates[slot - 1] ?? 0;
      slot -= 1;
    }
    values[slot] = value;
    candidates[slot] = index;
  }
  return filled;
}
