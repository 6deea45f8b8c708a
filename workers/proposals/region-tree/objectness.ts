import type { RegionSet } from "../../imaging/region-set.ts";
import type { Hierarchy } from "./merging.ts";

/** Fills `scores`. */
export function objectness(regions: RegionSet, hierarchy: Hierarchy, scores: Float32Array): void {
  const total = regions.width * regions.height;
  for (let node = 0; node < regions.count; node++) {
    const share = (regions.areas[node] ?? 0) / total;
    const contrast = (hierarchy.outer[node] ?? 0) - 0.5 * (hierarchy.inner[node] ?? 0);
    scores[node] = share > 0.95 ? 0 : Math.max(0, Math.min(1, contrast * Math.sqrt(Math.sqrt(share)) * 2));
  }
}
