import type { RegionSet } from "../../imaging/region-set.ts";
import type { Hierarchy } from "./merging.ts";

/**
 * Logistic regression on what is known of a node: whether it overlaps some annotated object by half or more. Fitted on
 * 160 photographs with object masks that are no part of any figure in the documentation. Lengths are shares.
 */
const WEIGHTS = {
  /** Dissimilarity of the children, mean and least dissimilarity to the neighbours, dissimilarity at the parent. */
  inner: 0.681,
  outer: 2.762,
  weakest: 2.187,
  atParent: 0.813,
  /** Natural logarithm of the share of the picture, and its square. */
  logArea: -0.08,
  logAreaSquared: -0.069,
  /** Sides of the picture that the box touches, 0..4. */
  sides: -0.666,
  /** Share of the box that the mask fills. */
  fill: 2.248,
  bias: -7.958,
} as const;

/** Odds are multiplied by this, so that the likeliest nodes come near 1 though few nodes are objects. */
const LOG_ODDS_SHIFT = 3;

/** Writes the objectness of every node, 0..1, to `scores`; a node that is all of the picture is no object. */
export function scoreObjectness(regions: RegionSet, hierarchy: Hierarchy, scores: Float32Array): void {
  const { width, height, areas, boxes, count } = regions;
  const { inner, outer, weakest, parent } = hierarchy;
  for (let node = 0; node < count; node++) {
    const area = areas[node] ?? 0;
    if (area === width * height) {
      scores[node] = 0;
      continue;
    }
    const [left, top] = [boxes[4 * node] ?? 0, boxes[4 * node + 1] ?? 0];
    const [wide, tall] = [boxes[4 * node + 2] ?? 0, boxes[4 * node + 3] ?? 0];
    const sides = +(left === 0) + +(top === 0) + +(left + wide === width) + +(top + tall === height);
    const logArea = Math.log(area / (width * height));
    const logOdds =
      WEIGHTS.bias +
      WEIGHTS.inner * (inner[node] ?? 0) +
      WEIGHTS.outer * (outer[node] ?? 0) +
      WEIGHTS.weakest * (weakest[node] ?? 0) +
      WEIGHTS.atParent * (inner[parent[node] ?? 0] ?? 0) +
      WEIGHTS.logArea * logArea +
      WEIGHTS.logAreaSquared * logArea * logArea +
      WEIGHTS.sides * sides +
      (WEIGHTS.fill * area) / (wide * tall);
    scores[node] = 1 / (1 + Math.exp(-logOdds - LOG_ODDS_SHIFT));
  }
}
