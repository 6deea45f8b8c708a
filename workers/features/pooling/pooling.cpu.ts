import type { Coverage } from "../../imaging/coverage.ts";
import type { Descriptors, PatchTokens } from "../../imaging/patch-tokens.ts";

/**
 * Mean token of every mask: sum_p m_p t_p / sum_p m_p with m_p the share of patch p inside the mask. A mask that
 * covers no patch gives a zero row. Not of unit length. The CPU twin of pooling.wgsl, in double precision.
 */
export function poolOnCpu(tokens: PatchTokens, coverage: Coverage): Descriptors {
  const { dimensions, data } = tokens;
  const { count, offsets, patches, weights } = coverage;
  const means = new Float32Array(count * dimensions);
  const sum = new Float64Array(dimensions);
  for (let mask = 0; mask < count; mask += 1) {
    sum.fill(0);
    let total = 0;
    for (let entry = offsets[mask] ?? 0; entry < (offsets[mask + 1] ?? 0); entry += 1) {
      const weight = weights[entry] ?? 0;
      const start = (patches[entry] ?? 0) * dimensions;
      total += weight;
      for (let d = 0; d < dimensions; d += 1) sum[d] = (sum[d] ?? 0) + weight * (data[start + d] ?? 0);
    }
    if (total === 0) continue;
    for (let d = 0; d < dimensions; d += 1) means[mask * dimensions + d] = (sum[d] ?? 0) / total;
  }
  return { count, dimensions, data: means };
}
