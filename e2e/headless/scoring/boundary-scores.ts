import type { RegionTree } from "../../../workers/imaging/region-set.ts";

/** Boundaries this far apart, as a share of the diagonal, are the same: the custom of the Berkeley data. */
const TOLERANCE = 0.0075;
/** A tree is cut into so many regions, one after the other. */
const CUTS = [4, 8, 12, 20, 32, 50, 80, 120] as const;

/** Boundary pixels of one cut against the annotators' boundaries. */
export interface BoundaryCounts {
  /** Pixels found near a true one, pixels found. */
  readonly right: number;
  readonly found: number;
  /** True pixels that lie near a found one, true pixels. */
  readonly met: number;
  readonly real: number;
}

/** Cuts a tree at every of CUTS and compares the boundaries with those of label maps of the same size. */
export function scoreBoundaries(
  tree: RegionTree,
  truths: readonly Uint8Array[],
  width: number,
  height: number,
): BoundaryCounts[] {
  const radius = Math.max(1, Math.round(TOLERANCE * Math.hypot(width, height)));
  const real = truths.map((labels) => boundaryOf((pixel) => labels[pixel] ?? 0, width, height));
  const near = real.map((mask) => widened(mask, width, height, radius));
  return CUTS.map((regions) => {
    const root = cutAt(tree, regions);
    const mask = boundaryOf((pixel) => root[tree.leafMap[pixel] ?? 0] ?? 0, width, height);
    const wide = widened(mask, width, height, radius);
    let [right, found, met, all] = [0, 0, 0, 0];
    for (let pixel = 0; pixel < mask.length; pixel++) {
      if (mask[pixel] === 1) {
        found += 1;
        right += near.some((one) => one[pixel] === 1) ? 1 : 0;
      }
      for (const one of real) {
        if (one[pixel] !== 1) continue;
        all += 1;
        met += wide[pixel] ?? 0;
      }
    }
    return { right, found, met, real: all };
  });
}

/** Node of every leaf when all but the last `regions` - 1 merges are made. */
function cutAt({ parent, leaves }: RegionTree, regions: number): Int32Array {
  const undone = Math.max(leaves, parent.length - (regions - 1));
  const root = new Int32Array(parent.length);
  for (let node = parent.length - 1; node >= 0; node--) {
    const above = parent[node] ?? -1;
    root[node] = above < 0 || above >= undone || node >= undone ? node : (root[above] ?? node);
  }
  return root.slice(0, leaves);
}

/** 1 where the right or the lower neighbour is of another label; not labelled is a label as well. */
function boundaryOf(labelAt: (pixel: number) => number, width: number, height: number): Uint8Array {
  const mask = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const own = labelAt(pixel);
      const right = x + 1 < width ? labelAt(pixel + 1) : own;
      const below = y + 1 < height ? labelAt(pixel + width) : own;
      mask[pixel] = right !== own || below !== own ? 1 : 0;
    }
  }
  return mask;
}

/** Everything within `radius` pixels, in a square. */
function widened(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const across = new Uint8Array(mask.length);
  const out = new Uint8Array(mask.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (mask[y * width + x] !== 1) continue;
      across.fill(1, y * width + Math.max(0, x - radius), y * width + Math.min(width - 1, x + radius) + 1);
    }
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (across[y * width + x] !== 1) continue;
      const last = Math.min(height - 1, y + radius);
      for (let row = Math.max(0, y - radius); row <= last; row++) out[row * width + x] = 1;
    }
  }
  return out;
}

/** The best F of all pictures together over the cuts, and the number of regions of that cut. */
export function bestBoundaryF(all: readonly (readonly BoundaryCounts[])[]): {
  readonly f: number;
  readonly cut: number;
} {
  let best = { f: 0, cut: 0 };
  for (const [at, cut] of CUTS.entries()) {
    const sum = (part: keyof BoundaryCounts): number =>
      all.reduce((total, counts) => total + (counts[at]?.[part] ?? 0), 0);
    const precision = sum("right") / Math.max(1, sum("found"));
    const recall = sum("met") / Math.max(1, sum("real"));
    const f = (2 * precision * recall) / Math.max(1e-9, precision + recall);
    if (f > best.f) best = { f, cut };
  }
  return best;
}
