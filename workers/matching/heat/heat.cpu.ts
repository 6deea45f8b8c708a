import { dotProducts } from "../../dot-products/dot-products.ts";
import type { Descriptors } from "../../imaging/patch-tokens.ts";
import type { HeatQuery } from "./layout.ts";

/** One value a patch, see HeatQuery: the CPU twin of heat.wgsl. */
export function heatOnCpu(
  { count, dimensions, data }: Descriptors,
  { vectors, sumWeight, maxWeight }: HeatQuery,
): Float32Array<ArrayBuffer> {
  const rows = vectors.length / dimensions;
  const products = new Float32Array(count * rows);
  dotProducts({ data, first: 0, count }, { data: vectors, first: 0, count: rows }, dimensions, products);
  const values = new Float32Array(count);
  for (let patch = 0; patch < count; patch += 1) {
    let sum = 0;
    let most = Number.NEGATIVE_INFINITY;
    for (let at = patch * rows; at < (patch + 1) * rows; at += 1) {
      const product = products[at] ?? 0;
      sum += product;
      if (product > most) most = product;
    }
    values[patch] = sumWeight * sum + maxWeight * most;
  }
  return values;
}
