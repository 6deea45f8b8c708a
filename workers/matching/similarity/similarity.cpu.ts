import type { Rows } from "../../dot-products/dot-products.ts";
import { dotProducts } from "../../dot-products/dot-products.ts";
import type { ReferenceTable } from "../reference-table.ts";
import { groupClasses, NO_REFERENCE, NO_SIMILARITY } from "./layout.ts";
import type { Similarities } from "./layout.ts";

/** Regions that are compared with a group of classes at once. */
const REGIONS_AT_ONCE = 64;

/**
 * s of every class and the nearest reference, for rows of descriptors as long as the table's: the CPU twin of
 * similarity.wgsl. Of equally near references the first counts.
 */
export function similaritiesOnCpu(rows: Rows, table: ReferenceTable): Similarities {
  const { classes, classOffsets, references, dimensions } = table;
  const similarity = new Float32Array(rows.count * classes).fill(NO_SIMILARITY);
  const nearest = new Uint32Array(rows.count * classes).fill(NO_REFERENCE);
  const groups = groupClasses(table);
  const products = new Float32Array(REGIONS_AT_ONCE * largestGroup(groups, classOffsets));
  for (let region = 0; region < rows.count; region += REGIONS_AT_ONCE) {
    const block = {
      data: rows.data,
      first: rows.first + region,
      count: Math.min(REGIONS_AT_ONCE, rows.count - region),
    };
    for (let group = 0; group + 1 < groups.length; group += 1) {
      const from = groups[group] ?? 0;
      const to = groups[group + 1] ?? 0;
      const first = classOffsets[from] ?? 0;
      const width = (classOffsets[to] ?? 0) - first;
      dotProducts(block, { data: references, first, count: width }, dimensions, products);
      for (let i = 0; i < block.count; i += 1) {
        const target = (region + i) * classes;
        reduceClasses(products, i * width, first, from, to, table, similarity, nearest, target);
      }
    }
  }
  return { count: rows.count, classes, similarity, nearest };
}

/** From one region's products with a group's references to s and the nearest reference of each of its classes. */
function reduceClasses(
  products: Float32Array,
  start: number,
  firstReference: number,
  from: number,
  to: number,
  { classOffsets, sumLengths }: ReferenceTable,
  similarity: Float32Array,
  nearest: Uint32Array,
  target: number,
): void {
  for (let index = from; index < to; index += 1) {
    const begin = classOffsets[index] ?? 0;
    const end = classOffsets[index + 1] ?? 0;
    if (begin === end) continue;
    let sum = 0;
    let highest = -Infinity;
    let best = NO_REFERENCE;
    for (let row = begin; row < end; row += 1) {
      const product = products[start + row - firstReference] ?? 0;
      sum += product;
      if (product > highest) {
        highest = product;
        best = row;
      }
    }
    const length = sumLengths[index] ?? 0;
    similarity[target + index] = 0.5 * (length > 0 ? sum / length : 0) + 0.5 * highest;
    nearest[target + index] = best;
  }
}

function largestGroup(groups: Uint32Array, classOffsets: Uint32Array): number {
  let largest = 0;
  for (let group = 0; group + 1 < groups.length; group += 1) {
    const width = (classOffsets[groups[group + 1] ?? 0] ?? 0) - (classOffsets[groups[group] ?? 0] ?? 0);
    largest = Math.max(largest, width);
  }
  return largest;
}
