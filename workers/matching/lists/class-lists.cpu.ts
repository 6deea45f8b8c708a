import { dotProducts } from "../../dot-products/dot-products.ts";
import { SHORTEST_SUM } from "../reference-table.ts";
import type { ReferenceTable } from "../reference-table.ts";
import { groupClasses } from "../similarity/layout.ts";
import { completeSingles, referenceCount } from "./layout.ts";

/**
 * The lists that classes expect: l_c(c') = mean over the references r of c of s_c'(r), C x C, row c. Where c' = c each
 * reference is compared with the others of its class only (leave-one-out); for single references see completeSingles.
 * Rows and columns of classes without references are 0: such a class is never a candidate.
 *
 * Both entries of two classes come from one block of products, so every pair of references is multiplied once.
 */
export function classListsOnCpu(table: ReferenceTable): Float32Array<ArrayBuffer> {
  const { classes, classOffsets, references, dimensions } = table;
  const lists = new Float32Array(classes * classes);
  const groups = groupClasses(table);
  let products = new Float32Array(0);
  for (let g = 0; g + 1 < groups.length; g += 1) {
    for (let h = g; h + 1 < groups.length; h += 1) {
      const rows = groupRows(classOffsets, groups, g);
      const columns = groupRows(classOffsets, groups, h);
      if (products.length < rows.count * columns.count) products = new Float32Array(rows.count * columns.count);
      dotProducts({ data: references, ...rows }, { data: references, ...columns }, dimensions, products);
      for (let one = groups[g] ?? 0; one < (groups[g + 1] ?? 0); one += 1) {
        const others = g === h ? one : (groups[h] ?? 0);
        for (let other = others; other < (groups[h + 1] ?? 0); other += 1) {
          const block: Block = {
            products,
            start: ((classOffsets[one] ?? 0) - rows.first) * columns.count + (classOffsets[other] ?? 0) - columns.first,
            stride: columns.count,
            rows: referenceCount(table, one),
            columns: referenceCount(table, other),
          };
          writeEntries(lists, table, one, other, block);
        }
      }
    }
  }
  completeSingles(lists, table);
  return lists;
}

/** Products of pairs of references up to which all entries are computed at once: a tenth of a second's work. */
const FEW_PRODUCTS = 5e8;

/** The same lists, of a large table entry by entry as they are asked for: rankings need those of a few rivals each. */
export class ExpectedLists {
  readonly #table: ReferenceTable;
  /** C x C, row c being l_c; NaN where `know` was not asked yet. */
  readonly values: Float32Array<ArrayBuffer>;
  #products = new Float32Array(0);

  constructor(table: ReferenceTable) {
    const { classes, classOffsets, dimensions } = table;
    this.#table = table;
    const total = classOffsets[classes] ?? 0;
    const counts = Array.from({ length: classes }, (_, index) => referenceCount(table, index));
    // What single references are taken to be like follows from all the others only where there is no class of several.
    if ((total * total * dimensions) / 2 <= FEW_PRODUCTS || counts.every((count) => count < 2)) {
      this.values = classListsOnCpu(table);
      return;
    }
    this.values = new Float32Array(classes * classes).fill(Number.NaN);
    for (let index = 0; index < classes; index += 1) this.#write(index, index);
    completeSingles(this.values, table);
  }

  /** Sees to it that the entries of all pairs of these classes are there: the first `count` of them. */
  know(classes: ArrayLike<number>, count: number): void {
    for (let i = 0; i < count; i += 1) {
      const one = classes[i] ?? 0;
      for (let j = 0; j < i; j += 1) {
        const other = classes[j] ?? 0;
        if (Number.isNaN(this.values[one * this.#table.classes + other])) this.#write(one, other);
      }
    }
  }

  /** Both entries of two classes. */
  #write(one: number, other: number): void {
    const { classes, classOffsets, references, dimensions } = this.#table;
    const rows = { data: references, first: classOffsets[one] ?? 0, count: referenceCount(this.#table, one) };
    const columns = { data: references, first: classOffsets[other] ?? 0, count: referenceCount(this.#table, other) };
    this.values[one * classes + other] = 0;
    this.values[other * classes + one] = 0;
    const needed = rows.count * columns.count;
    if (this.#products.length < needed) this.#products = new Float32Array(needed);
    dotProducts(rows, columns, dimensions, this.#products);
    const block = {
      products: this.#products,
      start: 0,
      stride: columns.count,
      rows: rows.count,
      columns: columns.count,
    };
    writeEntries(this.values, this.#table, one, other, block);
  }
}

/** Lists of tables that are in use. */
const known = new WeakMap<ReferenceTable, ExpectedLists>();

/** The lists of a table; made once. */
export function expectedListsOf(table: ReferenceTable): ExpectedLists {
  const lists = known.get(table) ?? new ExpectedLists(table);
  known.set(table, lists);
  return lists;
}

/** Products of the references of two classes, as a part of a larger matrix. */
interface Block {
  readonly products: Float32Array;
  readonly start: number;
  readonly stride: number;
  readonly rows: number;
  readonly columns: number;
}

function groupRows(classOffsets: Uint32Array, groups: Uint32Array, group: number): { first: number; count: number } {
  const first = classOffsets[groups[group] ?? 0] ?? 0;
  return { first, count: (classOffsets[groups[group + 1] ?? 0] ?? 0) - first };
}

function writeEntries(lists: Float32Array, table: ReferenceTable, one: number, other: number, block: Block): void {
  const { classes, sumLengths } = table;
  if (block.rows === 0 || block.columns === 0) return;
  if (one === other) {
    if (block.rows > 1) lists[one * classes + one] = ownSimilarity(block, sumLengths[one] ?? 0);
    return;
  }
  const turned = { ...block, rows: block.columns, columns: block.rows };
  lists[one * classes + other] = meanSimilarity(block, block.stride, 1, sumLengths[other] ?? 0);
  lists[other * classes + one] = meanSimilarity(turned, 1, block.stride, sumLengths[one] ?? 0);
}

/** Mean over the rows of half the prototype's similarity and half the nearest reference's. */
function meanSimilarity(block: Block, rowStride: number, columnStride: number, sumLength: number): number {
  let sums = 0;
  let maxima = 0;
  for (let i = 0; i < block.rows; i += 1) {
    let highest = -Infinity;
    for (let j = 0, at = block.start + i * rowStride; j < block.columns; j += 1, at += columnStride) {
      const product = block.products[at] ?? 0;
      sums += product;
      if (product > highest) highest = product;
    }
    maxima += highest;
  }
  const prototype = sumLength > 0 ? sums / sumLength : 0;
  return (0.5 * prototype + 0.5 * maxima) / block.rows;
}

/** The same within a class of two or more, each reference against the others only. */
function ownSimilarity({ products, start, stride, rows }: Block, sumLength: number): number {
  let total = 0;
  for (let i = 0; i < rows; i += 1) {
    let sum = 0;
    let highest = -Infinity;
    for (let j = 0; j < rows; j += 1) {
      const product = products[start + i * stride + j] ?? 0;
      sum += product;
      if (j !== i && product > highest) highest = product;
    }
    // The sum of the others is S - r, so its product with r is <S, r> - <r, r>, and its squared length as below.
    const self = products[start + i * stride + i] ?? 0;
    const length = Math.sqrt(Math.max(0, sumLength ** 2 - 2 * sum + self));
    total += 0.5 * (length > SHORTEST_SUM ? (sum - self) / length : 0) + 0.5 * highest;
  }
  return total / rows;
}
