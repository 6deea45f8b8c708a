import { MOST_RANKED, RankingDivergence } from "../../../workers/matching/plackett-luce.ts";
import { type MatchParameters, NO_CLASS, slotsOf } from "../../../workers/matching/ranking/layout.ts";
import type { Ranking } from "../../../workers/matching/ranking/layout.ts";

/**
 * What is added to s, or stands for it. "rank": the divergence of rankings of the k best classes, "full": of the
 * distributions over all classes. "reverse" is the other direction, KL(class's list || region's).
 */
export type Comparison = "none" | "rank" | "rank reverse" | "rank alone" | "full" | "full alone";

/** s of the classes for some rows, N x C, and the lists that classes expect, C x C. */
export interface Lists {
  readonly count: number;
  readonly classes: number;
  /** Classes from this one on are anchors: they take no part in full lists. */
  readonly anchorsFrom: number;
  readonly similarity: Float32Array;
  readonly lists: Float32Array;
}

/** Ranks classes by s and a comparison of lists, as the match does: the best few of every row with their z. */
export function rankBy(comparison: Comparison, given: Lists, parameters: MatchParameters): Ranking {
  const { count } = given;
  const slots = slotsOf(parameters);
  const ranking: Ranking = {
    count,
    slots,
    candidates: new Uint32Array(count * slots).fill(NO_CLASS),
    similarity: new Float32Array(count * slots),
    divergence: new Float32Array(count * slots),
    score: new Float32Array(count * slots),
    nearest: new Uint32Array(count * slots),
  };
  const ranker = comparison.startsWith("full")
    ? fullRanker(comparison, given, parameters)
    : shortRanker(comparison, given, parameters);
  for (let row = 0; row < count; row += 1) ranker(row, ranking);
  return ranking;
}

type Ranker = (row: number, ranking: Ranking) => void;

/** Classes of a row by a value, the highest first, at most so many. */
function best(values: Float32Array | Float64Array, from: number, classes: number, most: number): number[] {
  const found: number[] = [];
  for (let index = 0; index < classes; index += 1) {
    const value = values[from + index] ?? 0;
    if (value <= -2 || (found.length === most && value <= (values[from + (found.at(-1) ?? 0)] ?? 0))) continue;
    let place = found.length;
    while (place > 0 && value > (values[from + (found[place - 1] ?? 0)] ?? 0)) place -= 1;
    found.splice(place, 0, index);
    if (found.length > most) found.pop();
  }
  return found;
}

function shortRanker(
  comparison: Comparison,
  { classes, similarity, lists }: Lists,
  parameters: MatchParameters,
): Ranker {
  const { tau, lambda } = parameters;
  const slots = slotsOf(parameters);
  const divergences = new RankingDivergence();
  const own = new Float64Array(MOST_RANKED);
  const expected = new Float64Array(MOST_RANKED);
  return (row, ranking) => {
    const candidates = best(similarity, row * classes, classes, slots);
    candidates.forEach((candidate, slot) => (own[slot] = similarity[row * classes + candidate] ?? 0));
    if (comparison !== "none" && comparison !== "rank reverse") divergences.setList(own, candidates.length, tau);
    candidates.forEach((candidate, slot) => {
      const at = row * ranking.slots + slot;
      let divergence = 0;
      if (comparison !== "none") {
        candidates.forEach((other, place) => (expected[place] = lists[candidate * classes + other] ?? 0));
        if (comparison === "rank reverse") divergences.setList(expected, candidates.length, tau);
        divergence = divergences.to(comparison === "rank reverse" ? own : expected);
      }
      ranking.candidates[at] = candidate;
      ranking.similarity[at] = own[slot] ?? 0;
      ranking.divergence[at] = divergence;
      ranking.score[at] = comparison === "rank alone" ? -divergence : (own[slot] ?? 0) - lambda * tau * divergence;
    });
  };
}

/** KL(softmax(s / tau) || softmax(l_c / tau)) over all classes that have references; anchors keep to their s. */
function fullRanker(comparison: Comparison, given: Lists, parameters: MatchParameters): Ranker {
  const { classes, anchorsFrom, similarity, lists } = given;
  const { tau, lambda } = parameters;
  const named = Array.from({ length: anchorsFrom }, (_, index) => index);
  const taking = named.filter((index) => (similarity[index] ?? -2) > -2);
  const logLists = taking.map((index) => logSoftmax(lists, index * classes, taking, tau));
  const values = new Float64Array(classes).fill(-2);
  return (row, ranking) => {
    const own = logSoftmax(similarity, row * classes, taking, tau);
    let entropy = 0;
    for (const value of own) entropy += Math.exp(value) * value;
    taking.forEach((index, at) => {
      let cross = 0;
      const expected = logLists[at] ?? own;
      for (let place = 0; place < own.length; place += 1) cross += Math.exp(own[place] ?? 0) * (expected[place] ?? 0);
      const divergence = Math.max(0, entropy - cross);
      // Kept above the mark for "no references": a divergence has no upper bound.
      const alone = -1.9 * (divergence / (1 + divergence));
      values[index] =
        comparison === "full alone" ? alone : (similarity[row * classes + index] ?? 0) - lambda * tau * divergence;
    });
    for (let anchor = anchorsFrom; anchor < classes; anchor += 1) {
      values[anchor] = comparison === "full alone" ? -2 : (similarity[row * classes + anchor] ?? -2);
    }
    best(values, 0, classes, ranking.slots).forEach((candidate, slot) => {
      const at = row * ranking.slots + slot;
      ranking.candidates[at] = candidate;
      ranking.similarity[at] = similarity[row * classes + candidate] ?? 0;
      ranking.score[at] = values[candidate] ?? 0;
    });
  };
}

function logSoftmax(values: Float32Array, from: number, taking: readonly number[], tau: number): Float64Array {
  const scaled = Float64Array.from(taking, (index) => (values[from + index] ?? 0) / tau);
  const highest = scaled.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const sum = scaled.reduce((total, value) => total + Math.exp(value - highest), 0);
  return scaled.map((value) => value - highest - Math.log(sum));
}
