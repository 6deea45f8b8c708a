import type { Descriptors } from "../imaging/patch-tokens.ts";
import type { RegionSet } from "../imaging/region-set.ts";

/** How much of the picture's own mean is taken away; chosen of 0, 0.5, 0.75 and 1, see docs/method.md. */
const SHARE = 0.75;

/**
 * Descriptors less most of their picture's mean (by area): what all of a picture has in common, such as light, style
 * and scene, says nothing about which of its regions is what, and lifts some classes over the others everywhere.
 * @param descriptors unit rows, one a region; zero rows (masks that cover no patch) stay zero
 * @returns rows that are not of unit length, but shorter than 2: one like the picture's mean resembles nothing
 */
export function centreOnPicture(descriptors: Descriptors, regions: RegionSet): Descriptors {
  const { count, dimensions } = descriptors;
  const data = descriptors.data.slice();
  const mean = new Float64Array(dimensions);
  // The leaves of a tree cover the picture once; masks that overlap count as often as they cover.
  const covering = regions.tree ? regions.tree.leaves : count;
  let total = 0;
  for (let row = 0; row < covering; row += 1) {
    const area = regions.areas[row] ?? 0;
    total += area;
    for (let d = 0; d < dimensions; d += 1) mean[d] = (mean[d] ?? 0) + area * (data[row * dimensions + d] ?? 0);
  }
  const scale = total > 0 ? SHARE / total : 0;
  for (let row = 0; row < count; row += 1) {
    const start = row * dimensions;
    if (isZero(data, start, dimensions)) continue;
    for (let d = 0; d < dimensions; d += 1) data[start + d] = (data[start + d] ?? 0) - scale * (mean[d] ?? 0);
  }
  return { count, dimensions, data };
}

function isZero(data: Float32Array, start: number, dimensions: number): boolean {
  for (let at = start; at < start + dimensions; at += 1) if (data[at] !== 0) return false;
  return true;
}
