import type { RegionSet } from "../../imaging/region-set.ts";
import type { Hierarchy } from "./merging.ts";

/** Log odds that a node overlaps some annotated object by half or more: what a unit of each measure counts. */
export interface ObjectnessWeights {
  /** Dissimilarity of the children, mean and least dissimilarity to the neighbours, dissimilarity at the parent. */
  readonly inner: number;
  readonly outer: number;
  readonly weakest: number;
  readonly atParent: number;
  /** Mean learned boundary along the contour. */
  readonly rim: number;
  /** Mean thingness, and how much more it is than the parent's. */
  readonly thing: number;
  readonly thingStep: number;
  /** log(1 + spread) of the learned embedding, its own and the parent's. */
  readonly spread: number;
  readonly parentSpread: number;
  /** Natural logarithm of the share of the picture, and its square. */
  readonly logArea: number;
  readonly logAreaSquared: number;
  /** Sides of the picture that the box touches, 0..4. */
  readonly sides: number;
  /** Share of the box that the mask fills. */
  readonly fill: number;
  /** Natural logarithm of the parent's area over its own, 4 at most. */
  readonly growth: number;
  readonly bias: number;
}

/** Without the region network. Fitted on 160 photographs with object masks that are no part of any figure. */
export const PLAIN_OBJECTNESS: ObjectnessWeights = {
  inner: 0.681,
  outer: 2.762,
  weakest: 2.187,
  atParent: 0.813,
  rim: 0,
  thing: 0,
  thingStep: 0,
  spread: 0,
  parentSpread: 0,
  logArea: -0.08,
  logAreaSquared: -0.069,
  sides: -0.666,
  fill: 2.248,
  growth: 0,
  // Shifted by 3, so that the likeliest nodes come near 1 though few nodes are objects.
  bias: -4.958,
};

const MOST_GROWTH = 4;
/** Of two nodes of a chain, one inside the other, that are more alike than this only the likelier counts as a thing. */
const DUPLICATE_OVERLAP = 0.9;
/** What is left of the score of the other. */
const DUPLICATE_SHARE = 0.1;

/**
 * Writes the objectness of every node, 0..1, to `scores`. A node that is all of the picture is no object, and of near
 * duplicates all but the likeliest come last, so that the likeliest 300 nodes are 300 different proposals.
 */
export function scoreObjectness(
  regions: RegionSet,
  hierarchy: Hierarchy,
  weights: ObjectnessWeights,
  scores: Float32Array<ArrayBuffer>,
): void {
  for (let node = 0; node < regions.count; node++) scores[node] = objectness(regions, hierarchy, weights, node);
  demoteDuplicates(regions.areas, hierarchy, scores);
}

function objectness(
  { width, height, areas, boxes }: RegionSet,
  { inner, outer, weakest, rim, thing, spread, parent }: Hierarchy,
  weights: ObjectnessWeights,
  node: number,
): number {
  const area = areas[node] ?? 0;
  if (area === width * height) return 0;
  const above = Math.max(0, parent[node] ?? 0);
  const [left, top] = [boxes[4 * node] ?? 0, boxes[4 * node + 1] ?? 0];
  const [wide, tall] = [boxes[4 * node + 2] ?? 0, boxes[4 * node + 3] ?? 0];
  const sides = +(left === 0) + +(top === 0) + +(left + wide === width) + +(top + tall === height);
  const logArea = Math.log(area / (width * height));
  const logOdds =
    weights.bias +
    weights.inner * (inner[node] ?? 0) +
    weights.outer * (outer[node] ?? 0) +
    weights.weakest * (weakest[node] ?? 0) +
    weights.atParent * (inner[above] ?? 0) +
    weights.rim * (rim[node] ?? 0) +
    weights.thing * (thing[node] ?? 0) +
    weights.thingStep * ((thing[node] ?? 0) - (thing[above] ?? 0)) +
    weights.spread * Math.log1p(spread[node] ?? 0) +
    weights.parentSpread * Math.log1p(spread[above] ?? 0) +
    weights.logArea * logArea +
    weights.logAreaSquared * logArea * logArea +
    weights.sides * sides +
    (weights.fill * area) / (wide * tall) +
    weights.growth * Math.min(MOST_GROWTH, Math.log((areas[above] ?? area) / area));
  return 1 / (1 + Math.exp(-logOdds));
}

/** Nodes of a chain overlap by the ratio of their areas; nodes of different chains do not overlap. */
function demoteDuplicates(areas: Uint32Array, { parent }: Hierarchy, scores: Float32Array<ArrayBuffer>): void {
  const likeliest = Uint32Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const isKept = new Uint8Array(scores.length);
  const isDuplicate = new Uint8Array(scores.length);
  for (const node of likeliest) {
    const least = areas[node] ?? 0;
    for (let above = parent[node] ?? -1; above >= 0; above = parent[above] ?? -1) {
      if (least < DUPLICATE_OVERLAP * (areas[above] ?? 0)) break;
      if (isKept[above] === 1) isDuplicate[node] = 1;
    }
    if (isDuplicate[node] === 1) continue;
    isKept[node] = 1;
    for (let above = parent[node] ?? -1; above >= 0; above = parent[above] ?? -1) {
      if (least < DUPLICATE_OVERLAP * (areas[above] ?? 0)) break;
      isDuplicate[above] = 1;
    }
  }
  for (let node = 0; node < scores.length; node++) {
    if (isDuplicate[node] === 1) scores[node] = DUPLICATE_SHARE * (scores[node] ?? 0);
  }
}
