import type { RegionSet } from "../imaging/region-set.ts";
import { salientProposal } from "./choose.ts";

/** Smaller shares of a picture show too little to be an example; larger ones are its ground. */
const LEAST_SHARE = 0.005;
const LARGEST_SHARE = 0.9;

/** The proposals that are most likely things of their own, the likeliest first; never none. */
export function likelyThings(regions: RegionSet, most: number): number[] {
  const { count, areas, scores, width, height } = regions;
  const found: number[] = [];
  for (let index = 0; index < count; index++) {
    const share = (areas[index] ?? 0) / (width * height);
    if (share >= LEAST_SHARE && share <= LARGEST_SHARE) found.push(index);
  }
  if (found.length === 0) return [salientProposal(regions)];
  return found.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0)).slice(0, most);
}
