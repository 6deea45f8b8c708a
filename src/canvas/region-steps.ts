import type { RegionIndex } from "../../workers/contract.ts";

/**
 * Steps from region to region in their order, round the ends, for hands without a pointer.
 * @param from where to step from; null, or one that is gone, begins before the first or behind the last
 * @returns null when there are no regions
 */
export function stepRegion(
  regions: readonly { readonly index: RegionIndex }[],
  from: RegionIndex | null,
  by: 1 | -1,
): RegionIndex | null {
  const place = regions.findIndex(({ index }) => index === from);
  const next = place < 0 && by === -1 ? -1 : place + by;
  return regions.at(next % Math.max(1, regions.length))?.index ?? null;
}
