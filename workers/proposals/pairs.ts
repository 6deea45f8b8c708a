import { runsOfRegion, type RegionSet } from "../imaging/region-set.ts";
import { type PixelBox, type Runs, unionOfRuns } from "../imaging/runs.ts";

/**
 * Pairs of a node and one child of its sibling: what a thing is when the tree has joined its two parts only together with
 * something else. Each is its parent less the sibling's other child.
 */
export interface NodePairs {
  readonly count: number;
  /** The node, and its sibling's child: indexes of the region set. */
  readonly first: Uint32Array<ArrayBuffer>;
  readonly second: Uint32Array<ArrayBuffer>;
  /** Pixels. */
  readonly areas: Uint32Array<ArrayBuffer>;
  /** 0..1: how likely it is one whole thing, on the scale of the nodes' objectness. */
  readonly scores: Float32Array<ArrayBuffer>;
}

/**
 * Log odds that a pair overlaps some annotated thing by half or more, by what is known of the nodes. Logistic regression on
 * the pairs of 160 photographs (coco-bank) that are in no figure; the bias moved by 0.5, chosen on halves of them by how
 * well the likeliest 300 proposals meet things.
 */
const LOG_ODDS = {
  parent: 0.438,
  likelierOfParentAndSibling: 0.328,
  likelierOfParts: 0.38,
  logArea: -0.166,
  logAreaSquared: -0.022,
  logLeftOut: -0.322,
  bias: -1.447,
};
/** Scores are kept off 0 and 1, whose log odds are infinite. */
const LEAST_SCORE = 1e-4;

const known = new WeakMap<RegionSet, NodePairs>();

/** The pairs of a tree; none where there is no tree. Made once for a region set. */
export function pairsOf(regions: RegionSet): NodePairs {
  const before = known.get(regions);
  if (before) return before;
  const made = makePairs(regions);
  known.set(regions, made);
  return made;
}

function makePairs(regions: RegionSet): NodePairs {
  const { tree, count, areas, scores, width, height } = regions;
  const first: number[] = [];
  const second: number[] = [];
  const pairScores: number[] = [];
  const children = childrenOf(tree?.parent ?? new Int32Array(), count);
  const oddsOf = (node: number): number => {
    const score = Math.min(1 - LEAST_SCORE, Math.max(LEAST_SCORE, scores[node] ?? 0));
    return Math.log(score / (1 - score));
  };
  for (let node = 0; node < count; node += 1) {
    const parent = tree?.parent[node] ?? -1;
    if (parent < 0) continue;
    const [one = -1, other = -1] = children.subarray(2 * parent, 2 * parent + 2);
    const sibling = one === node ? other : one;
    if (sibling < 0) continue;
    for (const side of [0, 1]) {
      const part = children[2 * sibling + side] ?? -1;
      const left = children[2 * sibling + 1 - side] ?? -1;
      if (part < 0 || left < 0 || !boxesMeet(regions, node, part)) continue;
      const area = (areas[node] ?? 0) + (areas[part] ?? 0);
      const logArea = Math.log(area / (width * height));
      const odds =
        LOG_ODDS.bias +
        LOG_ODDS.parent * oddsOf(parent) +
        LOG_ODDS.likelierOfParentAndSibling * Math.max(oddsOf(parent), oddsOf(sibling)) +
        LOG_ODDS.likelierOfParts * Math.max(oddsOf(node), oddsOf(part)) +
        LOG_ODDS.logArea * logArea +
        LOG_ODDS.logAreaSquared * logArea * logArea +
        LOG_ODDS.logLeftOut * Math.log((areas[left] ?? 0) / area);
      first.push(node);
      second.push(part);
      pairScores.push(1 / (1 + Math.exp(-odds)));
    }
  }
  return {
    count: first.length,
    first: Uint32Array.from(first),
    second: Uint32Array.from(second),
    areas: Uint32Array.from(first, (node, at) => (areas[node] ?? 0) + (areas[second[at] ?? 0] ?? 0)),
    scores: Float32Array.from(pairScores),
  };
}

/** Whether two boxes overlap or touch: what lies apart is not one thing. */
function boxesMeet({ boxes }: RegionSet, one: number, other: number): boolean {
  const meets = (axis: number): boolean => {
    const [start, from] = [boxes[4 * one + axis] ?? 0, boxes[4 * other + axis] ?? 0];
    return start <= from + (boxes[4 * other + axis + 2] ?? 0) && from <= start + (boxes[4 * one + axis + 2] ?? 0);
  };
  return meets(0) && meets(1);
}

/** 2 a node: its children, -1 for none. */
function childrenOf(parents: Int32Array, count: number): Int32Array {
  const children = new Int32Array(2 * count).fill(-1);
  for (const [node, parent] of parents.entries()) {
    if (parent >= 0) children[2 * parent + (children[2 * parent] === -1 ? 0 : 1)] = node;
  }
  return children;
}

/** Regions and pairs together: proposals are numbered regions first. */
export const proposalCount = (regions: RegionSet): number => regions.count + pairsOf(regions).count;

/** The mask of a proposal: a view into the set for a region. */
export function runsOfProposal(regions: RegionSet, proposal: number): Runs {
  if (proposal < regions.count) return runsOfRegion(regions, proposal);
  const { first, second } = pairsOf(regions);
  const pair = proposal - regions.count;
  return unionOfRuns(runsOfRegion(regions, first[pair] ?? 0), runsOfRegion(regions, second[pair] ?? 0));
}

/** Pixels of a proposal. */
export function areaOfProposal(regions: RegionSet, proposal: number): number {
  return (proposal < regions.count ? regions.areas[proposal] : pairsOf(regions).areas[proposal - regions.count]) ?? 0;
}

/** The smallest box around a proposal. */
export function boxOfProposal(regions: RegionSet, proposal: number): PixelBox {
  if (proposal < regions.count) return boxOfRegion(regions, proposal);
  const { first, second } = pairsOf(regions);
  const pair = proposal - regions.count;
  const [one, other] = [boxOfRegion(regions, first[pair] ?? 0), boxOfRegion(regions, second[pair] ?? 0)];
  const [x, y] = [Math.min(one.x, other.x), Math.min(one.y, other.y)];
  const right = Math.max(one.x + one.width, other.x + other.width);
  const bottom = Math.max(one.y + one.height, other.y + other.height);
  return { x, y, width: right - x, height: bottom - y };
}

function boxOfRegion({ boxes }: RegionSet, index: number): PixelBox {
  const [x = 0, y = 0, width = 0, height = 0] = boxes.subarray(4 * index, 4 * index + 4);
  return { x, y, width, height };
}

/** How likely a proposal is one whole thing, 0..1. */
export function scoreOfProposal(regions: RegionSet, proposal: number): number {
  return (proposal < regions.count ? regions.scores[proposal] : pairsOf(regions).scores[proposal - regions.count]) ?? 0;
}
