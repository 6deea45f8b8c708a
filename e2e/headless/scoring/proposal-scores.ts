import { intersectionArea, type Runs } from "../../../workers/imaging/runs.ts";
import { type RegionSet, runsOfRegion } from "../../../workers/imaging/region-set.ts";
import { likeliestProposals } from "../../../workers/proposals/likeliest.ts";
import { pairsOf } from "../../../workers/proposals/pairs.ts";

/** How many of the likeliest proposals average recall is told for. */
export const RECALL_AT = [10, 100, 300] as const;

/** How well regions meet one thing. */
export interface ProposalScore {
  /** Best intersection over union with any region or pair of regions, 0..1. */
  readonly best: number;
  /** The same among the likeliest proposals, for each of RECALL_AT. */
  readonly among: readonly number[];
}

/** Compares a picture's proposals with the things in it, which are of the same size in pixels. */
export function scoreProposals(regions: RegionSet, things: readonly Runs[]): ProposalScore[] {
  const likeliest = likeliestProposals(regions);
  return things.map((runs) => {
    const overlaps = overlapsWith(regions, runs);
    const among = RECALL_AT.map((count) =>
      likeliest.subarray(0, count).reduce((best, index) => Math.max(best, overlaps[index] ?? 0), 0),
    );
    return { best: overlaps.reduce((best, value) => Math.max(best, value), 0), among };
  });
}

/** Share of things whose best region reaches an overlap. */
export const recallAt = (scores: readonly number[], least: number): number =>
  scores.filter((score) => score >= least).length / scores.length;

/** Mean recall over the overlaps 0.5, 0.55 .. 0.95, as COCO has it. */
export function averageRecall(scores: readonly number[]): number {
  let sum = 0;
  for (let step = 0; step < 10; step += 1) sum += recallAt(scores, 0.5 + 0.05 * step);
  return sum / 10;
}

/** Intersection over union of every region, and then of every pair, with a mask. */
function overlapsWith(regions: RegionSet, runs: Runs): Float64Array {
  const { tree, count, areas } = regions;
  const shared = new Float64Array(count);
  let area = 0;
  for (let at = 0; at < runs.length; at += 2) {
    const start = runs[at] ?? 0;
    const end = start + (runs[at + 1] ?? 0);
    area += end - start;
    if (!tree) continue;
    for (let pixel = start; pixel < end; pixel += 1) {
      const leaf = tree.leafMap[pixel] ?? 0;
      shared[leaf] = (shared[leaf] ?? 0) + 1;
    }
  }
  for (let index = 0; index < count; index += 1) {
    // Children come before their parents: what they share is complete when it is handed on.
    const parent = tree?.parent[index] ?? -1;
    if (parent >= 0) shared[parent] = (shared[parent] ?? 0) + (shared[index] ?? 0);
    if (!tree) shared[index] = intersectionArea(runsOfRegion(regions, index), runs);
  }
  const pairs = pairsOf(regions);
  return Float64Array.from({ length: count + pairs.count }, (_, index) => {
    const pair = index - count;
    const both =
      pair < 0 ? (shared[index] ?? 0) : (shared[pairs.first[pair] ?? 0] ?? 0) + (shared[pairs.second[pair] ?? 0] ?? 0);
    const own = (pair < 0 ? areas[index] : pairs.areas[pair]) ?? 0;
    return both === 0 ? 0 : both / (own + area - both);
  });
}
