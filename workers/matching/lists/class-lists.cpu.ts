import { dotProducts } from "../../dot-products.ts";
import { SHORTEST_SUM } from "../reference-table.ts";
import type { ReferenceTable } from "../reference-table.ts";
import { similaritiesOnCpu } from "../similarity/similarity.cpu.ts";
import { completeSingles, referenceCount } from "./layout.ts";

/**
 * The lists that classes expect: l_c(c') = mean over the references r of c of s_c'(r), C x C, row c. Where c' = c each
 * reference is compared with the others of its class only (leave-one-out); for single references see completeSingles.
 * Rows and columns of classes without references are 0: such a class is never a candidate.
 */
export function classListsOnCpu(table: ReferenceTable): Float32Array<ArrayBuffer> {
  const { classes, classOffsets, references } = table;
  const lists = new Float32Array(classes * classes);
  for (let index = 0; index < classes; index += 1) {
    const count = referenceCount(table, index);
    if (count === 0) continue;
    const first = classOffsets[index] ?? 0;
    const { similarity } = similaritiesOnCpu({ data: references, first, count }, table);
    for (let other = 0; other < classes; other += 1) {
      if (referenceCount(table, other) === 0) continue;
      lists[index * classes + other] = columnMean(similarity, other, classes, count);
    }
    if (count > 1) lists[index * classes + index] = ownSimilarity(table, index);
  }
  completeSingles(lists, table);
  return lists;
}

/**
 * Mean over a class's references of s against the rest of the class: half the prototype of the others, half the
 * nearest other. For a class of two or more.
 */
function ownSimilarity(table: ReferenceTable, index: number): number {
  const { references, dimensions, classOffsets, sumLengths } = table;
  const count = referenceCount(table, index);
  const rows = { data: references, first: classOffsets[index] ?? 0, count };
  const products = new Float64Array(count * count);
  dotProducts(rows, rows, dimensions, products);
  let total = 0;
  for (let i = 0; i < count; i += 1) {
    let sum = 0;
    let highest = -Infinity;
    for (let j = 0; j < count; j += 1) {
      const product = products[i * count + j] ?? 0;
      sum += product;
      if (j !== i) highest = Math.max(highest, product);
    }
    // The sum of the others is S - r, so its product with r is <S, r> - <r, r>, and its squared length as below.
    const self = products[i * count + i] ?? 0;
    const length = Math.sqrt(Math.max(0, (sumLengths[index] ?? 0) ** 2 - 2 * sum + self));
    total += 0.5 * (length > SHORTEST_SUM ? (sum - self) / length : 0) + 0.5 * highest;
  }
  return total / count;
}

function columnMean(matrix: Float32Array, column: number, columns: number, rows: number): number {
  let sum = 0;
  for (let row = 0; row < rows; row += 1) sum += matrix[row * columns + column] ?? 0;
  return sum / rows;
}
