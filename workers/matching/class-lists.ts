import { dotProducts } from "../dot-products.ts";
import { SHORTEST_SUM } from "./reference-table.ts";
import type { ReferenceTable } from "./reference-table.ts";
import { similaritiesOnCpu } from "./similarity/similarity.cpu.ts";

/**
 * The lists that classes expect: l_c(c') = mean over the references r of c of s_c'(r), C x C, row c. Where c' = c each
 * reference is compared with the others of its class only (leave-one-out).
 *
 * A class with a single reference has no others. Its own entry is then the median own entry of the classes that have
 * two or more: it is taken to be as coherent as classes here are. When there are none either, the own entry is the
 * highest entry of its row (it is like itself at least as much as like any other class), and 1 when it is alone.
 * Rows and columns of classes without references are 0: such a class is never a candidate.
 */
export function classLists(table: ReferenceTable): Float32Array<ArrayBuffer> {
  const { classes, classOffsets, references } = table;
  const lists = new Float32Array(classes * classes);
  const coherences: number[] = [];
  const single: number[] = [];
  for (let index = 0; index < classes; index += 1) {
    const first = classOffsets[index] ?? 0;
    const count = (classOffsets[index + 1] ?? 0) - first;
    if (count === 0) continue;
    const { similarity } = similaritiesOnCpu({ data: references, first, count }, table);
    for (let other = 0; other < classes; other += 1) {
      const empty = classOffsets[other] === classOffsets[other + 1];
      if (!empty) lists[index * classes + other] = columnMean(similarity, other, classes, count);
    }
    if (count === 1) {
      single.push(index);
    } else {
      const own = ownSimilarity(table, index);
      coherences.push(own);
      lists[index * classes + index] = own;
    }
  }
  const typical = median(coherences);
  for (const index of single) lists[index * classes + index] = typical ?? highestOther(lists, index, table);
  return lists;
}

/**
 * Mean over a class's references of s against the rest of the class: half the prototype of the others, half the
 * nearest other. For a class of two or more.
 */
function ownSimilarity({ references, dimensions, classOffsets, sumLengths }: ReferenceTable, index: number): number {
  const first = classOffsets[index] ?? 0;
  const count = (classOffsets[index + 1] ?? 0) - first;
  const rows = { data: references, first, count };
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

/** Undefined for no values. */
function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle];
  const low = sorted[middle - 1];
  return sorted.length % 2 === 1 || high === undefined || low === undefined ? high : (high + low) / 2;
}

function highestOther(lists: Float32Array, index: number, { classes, classOffsets }: ReferenceTable): number {
  let highest = -Infinity;
  for (let other = 0; other < classes; other += 1) {
    const empty = classOffsets[other] === classOffsets[other + 1];
    if (other !== index && !empty) highest = Math.max(highest, lists[index * classes + other] ?? 0);
  }
  return highest === -Infinity ? 1 : highest;
}
