import type { RegionSet } from "../imaging/region-set.ts";
import { intersectionOverUnion } from "../imaging/runs.ts";
import { areaOfProposal, pairsOf, proposalCount, runsOfProposal, scoreOfProposal } from "./pairs.ts";

/** Of proposals that overlap more than this only the likeliest is kept. Of 0.7 to 0.9, see pairs.ts. */
const MOST_OVERLAP = 0.84;
/** Proposals that are ever offered of a picture. */
const MOST_PROPOSALS = 300;

const known = new WeakMap<RegionSet, Uint32Array<ArrayBuffer>>();

/**
 * The proposals of a picture, regions and pairs (pairs.ts), that are most likely things: the likeliest first, at most 300, no
 * two of them much the same. Made once for a region set.
 */
export function likeliestProposals(regions: RegionSet): Uint32Array<ArrayBuffer> {
  const before = known.get(regions);
  if (before) return before;
  const made = withoutDuplicates(regions, byScore(regions));
  known.set(regions, made);
  return made;
}

function byScore(regions: RegionSet): Uint32Array<ArrayBuffer> {
  const scores = Float32Array.from({ length: proposalCount(regions) }, (_, at) => scoreOfProposal(regions, at));
  return Uint32Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
}

function withoutDuplicates(regions: RegionSet, ordered: Uint32Array): Uint32Array<ArrayBuffer> {
  const shared = sharedArea(regions);
  const kept = new Uint32Array(Math.min(MOST_PROPOSALS, ordered.length));
  const areas = new Float64Array(kept.length);
  let count = 0;
  for (const proposal of ordered) {
    if (count === kept.length) break;
    const area = areaOfProposal(regions, proposal);
    let isDuplicate = false;
    for (let at = 0; at < count && !isDuplicate; at += 1) {
      const other = areas[at] ?? 0;
      // Areas bound the overlap: most pairs of proposals need no other look.
      if (Math.min(area, other) <= MOST_OVERLAP * Math.max(area, other)) continue;
      const both = shared(proposal, kept[at] ?? 0);
      isDuplicate = both > MOST_OVERLAP * (area + other - both);
    }
    if (isDuplicate) continue;
    kept[count] = proposal;
    areas[count] = area;
    count += 1;
  }
  return kept.slice(0, count);
}

/** Shared pixels of two proposals: of a tree by who lies in whom, else by their masks. */
function sharedArea(regions: RegionSet): (one: number, other: number) => number {
  const { tree, areas, count } = regions;
  if (!tree) {
    return (one, other) => {
      const share = intersectionOverUnion(runsOfProposal(regions, one), runsOfProposal(regions, other));
      return (share * ((areas[one] ?? 0) + (areas[other] ?? 0))) / (1 + share);
    };
  }
  const { first, second } = pairsOf(regions);
  const places = placesOf(tree.parent);
  const nodes = (one: number, other: number): number => {
    const [start, end] = [places[2 * one] ?? 0, places[2 * one + 1] ?? 0];
    const [from, to] = [places[2 * other] ?? 0, places[2 * other + 1] ?? 0];
    if (start <= from && to <= end) return areas[other] ?? 0;
    return from <= start && end <= to ? (areas[one] ?? 0) : 0;
  };
  const withNode = (node: number, proposal: number): number => {
    if (proposal < count) return nodes(node, proposal);
    const pair = proposal - count;
    return nodes(node, first[pair] ?? 0) + nodes(node, second[pair] ?? 0);
  };
  return (one, other) => {
    if (one < count) return withNode(one, other);
    const pair = one - count;
    return withNode(first[pair] ?? 0, other) + withNode(second[pair] ?? 0, other);
  };
}

/** 2 a node: where it and all below it lie in a walk through the forest, from and to. A node lies in another when so does its span. */
function placesOf(parents: Int32Array): Uint32Array {
  const sizes = new Uint32Array(parents.length).fill(1);
  for (const [node, parent] of parents.entries()) {
    if (parent >= 0) sizes[parent] = (sizes[parent] ?? 0) + (sizes[node] ?? 0);
  }
  const places = new Uint32Array(2 * parents.length);
  const next = new Uint32Array(parents.length);
  let roots = 0;
  // Parents come after their children: from the last to the first each finds its parent placed.
  for (let node = parents.length - 1; node >= 0; node -= 1) {
    const parent = parents[node] ?? -1;
    const start = parent < 0 ? roots : (next[parent] ?? 0);
    const end = start + (sizes[node] ?? 0);
    if (parent < 0) roots = end;
    else next[parent] = end;
    places[2 * node] = start;
    places[2 * node + 1] = end;
    next[node] = start + 1;
  }
  return places;
}
