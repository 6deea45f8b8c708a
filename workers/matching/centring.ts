import type { Descriptors } from "../imaging/patch-tokens.ts";
import { runsOfRegion, type RegionSet } from "../imaging/region-set.ts";

/** How much of the mean along the border is taken away where there are no photographs to learn from, see docs/method.md. */
const SHARE = 0.75;
/** How much less where there are many: they tell what surrounds things better than the border does. */
const SHARE_LESS = 0.35;

/** How much of the mean along the border is taken away. @param trust in what the references' surroundings say, 0..1 */
export function centringShare(trust: number): number {
  return SHARE - SHARE_LESS * trust;
}
/** Width of the border on each side, as a share of that side's length. */
const BORDER = 0.1;

/**
 * Descriptors less most of the mean along their picture's border: what all of a picture has in common, such as light,
 * style and scene, says nothing about which of its regions is what, and lifts some classes over the others everywhere.
 * Along the border, because a large thing in the middle would otherwise be taken for what the picture has in common.
 * @param descriptors unit rows, one a region, and perhaps more after them, of other masks in the picture; zero rows
 * (masks that cover no patch) stay zero
 * @param share see centringShare
 * @returns rows that are not of unit length, but shorter than 2: one like the border's mean resembles nothing
 */
export function centreOnPicture(descriptors: Descriptors, regions: RegionSet, share: number = SHARE): Descriptors {
  return subtractMean(descriptors, borderMean(descriptors, regions, share));
}

/** What centring takes away: most of the mean along the border, D numbers. @param descriptors as for centreOnPicture */
export function borderMean({ dimensions, data }: Descriptors, regions: RegionSet, share: number = SHARE): Float64Array {
  const mean = new Float64Array(dimensions);
  // The leaves of a tree cover the picture once; masks that overlap count as often as they cover.
  const covering = regions.tree ? regions.tree.leaves : regions.count;
  let total = 0;
  for (let row = 0; row < covering; row += 1) {
    const area = borderArea(regions, row);
    if (area === 0) continue;
    total += area;
    for (let d = 0; d < dimensions; d += 1) mean[d] = (mean[d] ?? 0) + area * (data[row * dimensions + d] ?? 0);
  }
  const scale = total > 0 ? share / total : 0;
  return mean.map((value) => value * scale);
}

/** Rows less a mean; zero rows stay zero. */
export function subtractMean(descriptors: Descriptors, mean: Float64Array): Descriptors {
  const { count, dimensions } = descriptors;
  const data = descriptors.data.slice();
  for (let row = 0; row < count; row += 1) {
    const start = row * dimensions;
    if (isZero(data, start, dimensions)) continue;
    for (let d = 0; d < dimensions; d += 1) data[start + d] = (data[start + d] ?? 0) - (mean[d] ?? 0);
  }
  return { count, dimensions, data };
}

/** Pixels of a region that lie on the picture's border. */
function borderArea(regions: RegionSet, index: number): number {
  const { width, height } = regions;
  const [across, down] = [Math.ceil(BORDER * width), Math.ceil(BORDER * height)];
  const runs = runsOfRegion(regions, index);
  let area = 0;
  for (let at = 0; at < runs.length; at += 2) {
    let pixel = runs[at] ?? 0;
    const end = pixel + (runs[at + 1] ?? 0);
    // A run may go on over the end of a row.
    while (pixel < end) {
      const row = Math.floor(pixel / width);
      const [left, right] = [pixel - row * width, Math.min(end - row * width, width)];
      const inner = Math.max(0, Math.min(right, width - across) - Math.max(left, across));
      area += row < down || row >= height - down ? right - left : right - left - inner;
      pixel = (row + 1) * width;
    }
  }
  return area;
}

function isZero(data: Float32Array, start: number, dimensions: number): boolean {
  for (let at = start; at < start + dimensions; at += 1) if (data[at] !== 0) return false;
  return true;
}
