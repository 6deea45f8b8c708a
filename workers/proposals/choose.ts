import type { Point } from "../contract.ts";
import { intersectionOverUnion, runsContain } from "../imaging/runs.ts";
import { runsOfRegion } from "../imaging/region-set.ts";
import type { RegionSet } from "../imaging/region-set.ts";
import { likeliestProposals } from "./likeliest.ts";
import { areaOfProposal, runsOfProposal } from "./pairs.ts";

/** A proposal that covers more of the picture than this is its ground, not its subject. */
const LARGEST_SUBJECT = 0.9;
/** What the centre counts against objectness when a subject is chosen. */
const CENTRE_WEIGHT = 0.1;
/**
 * A person who points means the smaller of two likely things: objectness is divided by the share of the picture to this
 * power. Chosen of 0.3 to 1 by clicks deep inside the 455 objects of 80 photographs of coco-bank: the first choice overlaps
 * the object by 0.43 (0.38 at 0.3, 0.33 at 1); objectness less the share, the rule before, meets it by 0.33.
 */
const SIZE_POWER = 0.5;
/** Proposals that overlap more than this are one to a person. */
const DUPLICATE_OVERLAP = 0.9;

/**
 * Index of the proposal that the picture is most likely about: high objectness, near the centre, not the whole
 * picture unless there is nothing else.
 */
export function salientProposal(regions: RegionSet): number {
  const total = regions.width * regions.height;
  let best = 0;
  let bestValue = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < regions.count; index++) {
    if ((regions.areas[index] ?? 0) > LARGEST_SUBJECT * total) continue;
    const value = (regions.scores[index] ?? 0) + CENTRE_WEIGHT * centrality(regions, index);
    if (value > bestValue) {
      bestValue = value;
      best = index;
    }
  }
  return best;
}

/** 1 when the middle of the box is the picture's, 0 at its corners. */
function centrality(regions: RegionSet, index: number): number {
  const { boxes, width, height } = regions;
  const x = ((boxes[4 * index] ?? 0) + (boxes[4 * index + 2] ?? 0) / 2) / width - 0.5;
  const y = ((boxes[4 * index + 1] ?? 0) + (boxes[4 * index + 3] ?? 0) / 2) / height - 0.5;
  return 1 - Math.hypot(x, y) * Math.SQRT2;
}

/**
 * The proposals that cover a pixel: the likeliest region first, the others and likely pairs (pairs.ts) from small to large; of
 * near duplicates only the likeliest. Coordinates outside the picture are moved to its border. Empty only where no mask covers the pixel.
 */
export function proposalsAt(regions: RegionSet, point: Point): number[] {
  const x = Math.min(regions.width - 1, Math.max(0, Math.floor(point.x)));
  const y = Math.min(regions.height - 1, Math.max(0, Math.floor(point.y)));
  const byLikelihood = coveringProposals(regions, x, y).sort(
    (a, b) => likelihoodAt(regions, b) - likelihoodAt(regions, a),
  );
  const areaOf = (proposal: number): number => areaOfProposal(regions, proposal);
  const kept: number[] = [];
  for (const proposal of [...byLikelihood, ...likelyPairs(regions, y * regions.width + x)]) {
    const [runs, area] = [runsOfProposal(regions, proposal), areaOf(proposal)];
    const duplicate = kept.some((other) => {
      // Areas bound the overlap: most pairs need no look at the pixels.
      if (Math.min(area, areaOf(other)) <= DUPLICATE_OVERLAP * Math.max(area, areaOf(other))) return false;
      return intersectionOverUnion(runs, runsOfProposal(regions, other)) > DUPLICATE_OVERLAP;
    });
    if (!duplicate) kept.push(proposal);
  }
  const [likeliest, ...others] = kept;
  if (likeliest === undefined) return [];
  return [likeliest, ...others.sort((a, b) => areaOf(a) - areaOf(b))];
}

/** The pairs over a pixel that are among the likeliest proposals. */
function likelyPairs(regions: RegionSet, pixel: number): number[] {
  if (regions.tree === null) return [];
  return [...likeliestProposals(regions)].filter(
    (proposal) => proposal >= regions.count && runsContain(runsOfProposal(regions, proposal), pixel),
  );
}

/** How likely a proposal is what a person means who points into it. */
function likelihoodAt({ scores, areas, width, height }: RegionSet, index: number): number {
  return (scores[index] ?? 0) / ((areas[index] ?? 0) / (width * height)) ** SIZE_POWER;
}

/** All proposals that cover a pixel; of a tree from small to large. */
export function coveringProposals(regions: RegionSet, x: number, y: number): number[] {
  const { tree, width, boxes } = regions;
  const pixel = y * width + x;
  const found: number[] = [];
  if (tree !== null) {
    for (let node = tree.leafMap[pixel] ?? 0; node >= 0; node = tree.parent[node] ?? -1) found.push(node);
    return found;
  }
  for (let index = 0; index < regions.count; index++) {
    const [left, top] = [boxes[4 * index] ?? 0, boxes[4 * index + 1] ?? 0];
    const [wide, tall] = [boxes[4 * index + 2] ?? 0, boxes[4 * index + 3] ?? 0];
    if (x < left || y < top || x >= left + wide || y >= top + tall) continue;
    if (runsContain(runsOfRegion(regions, index), pixel)) found.push(index);
  }
  return found;
}
