import { type Coverage, describedMasks } from "../../imaging/coverage.ts";
import type { Descriptors, PatchTokens } from "../../imaging/patch-tokens.ts";

/**
 * Mean token of every mask: sum_p m_p t_p / sum_p m_p with m_p the share of patch p inside the mask. A mask that
 * covers no patch gives a zero row. Not of unit length. Of a tree only the leaves are summed over patches, every other
 * node over its children. The CPU twin of pooling.wgsl.
 */
export function poolOnCpu(tokens: PatchTokens, coverage: Coverage): Descriptors {
  const { dimensions } = tokens;
  const { count, parent } = coverage;
  const rows = describedMasks(coverage);
  const data = new Float32Array(rows * dimensions);
  const totals = new Float64Array(rows);
  for (let mask = 0; mask < count; mask += 1) {
    totals[mask] = sumOfPatches(tokens, coverage, mask, data.subarray(mask * dimensions, (mask + 1) * dimensions));
  }
  for (let node = 0; node < rows; node += 1) {
    const above = parent?.[node] ?? -1;
    if (above >= 0) addRow(data, node * dimensions, above * dimensions, dimensions);
    if (above >= 0) totals[above] = (totals[above] ?? 0) + (totals[node] ?? 0);
    // Its children came before: a node's sum is complete and has been handed on, and becomes its mean.
    const total = totals[node] ?? 0;
    const scale = total > 0 ? 1 / total : 0;
    const end = (node + 1) * dimensions;
    for (let at = node * dimensions; at < end; at += 1) data[at] = (data[at] ?? 0) * scale;
  }
  return { count: rows, dimensions, data };
}

/** Writes sum_p m_p t_p of one mask to `sums`, which holds zeros, and returns sum_p m_p. */
function sumOfPatches(tokens: PatchTokens, coverage: Coverage, mask: number, sums: Float32Array): number {
  const { dimensions, data } = tokens;
  const { offsets, patches, weights } = coverage;
  const end = offsets[mask + 1] ?? 0;
  let total = 0;
  for (let entry = offsets[mask] ?? 0; entry < end; entry += 1) {
    const weight = weights[entry] ?? 0;
    const start = (patches[entry] ?? 0) * dimensions;
    total += weight;
    for (let d = 0; d < dimensions; d += 1) sums[d] = (sums[d] ?? 0) + weight * (data[start + d] ?? 0);
  }
  return total;
}

/** Adds a row to another, both by where they start. */
function addRow(data: Float32Array, from: number, to: number, length: number): void {
  for (let d = 0; d < length; d += 1) data[to + d] = (data[to + d] ?? 0) + (data[from + d] ?? 0);
}
