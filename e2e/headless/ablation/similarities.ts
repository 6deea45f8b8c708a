import { dotProducts } from "../../../workers/dot-products/dot-products.ts";
import type { Descriptors } from "../../../workers/imaging/patch-tokens.ts";
import { completeSingles } from "../../../workers/matching/lists/layout.ts";
import { type ReferenceTable, SHORTEST_SUM } from "../../../workers/matching/reference-table.ts";

/** How a class's similarity is made of the products with its references. */
export type Similarity = "nearest" | "prototype" | "both" | "vote";

/** References that vote, and how fast their weight falls with their distance (cosine units). */
const VOTERS = 20;
const VOTE_TEMPERATURE = 0.05;

/** In place of s for a class without references. */
const NONE = -2;

/** Products of every descriptor with every reference: N x M. */
export function productsWith({ data, count }: Descriptors, { references, dimensions }: ReferenceTable): Float32Array {
  const rows = references.length / dimensions;
  const products = new Float32Array(count * rows);
  dotProducts({ data, first: 0, count }, { data: references, first: 0, count: rows }, dimensions, products);
  return products;
}

/**
 * s of every class for one row of products.
 * @param except a reference that is left out, with its number of squared length; -1 for none
 * @param sumLengths lengths of the sums of the classes' references, the left-out one not among them
 */
function reduceRow(
  products: Float32Array,
  row: number,
  table: ReferenceTable,
  kind: Similarity,
  except: number,
  sumLength: (index: number) => number,
  out: Float32Array,
  to: number,
): void {
  const { classes, classOffsets } = table;
  for (let index = 0; index < classes; index += 1) {
    let sum = 0;
    let highest = Number.NEGATIVE_INFINITY;
    for (let at = classOffsets[index] ?? 0; at < (classOffsets[index + 1] ?? 0); at += 1) {
      if (at === except) continue;
      const product = products[row + at] ?? 0;
      sum += product;
      highest = Math.max(highest, product);
    }
    if (highest === Number.NEGATIVE_INFINITY) {
      out[to + index] = NONE;
      continue;
    }
    const length = sumLength(index);
    const prototype = length > SHORTEST_SUM ? sum / length : 0;
    out[to + index] = kind === "nearest" ? highest : kind === "prototype" ? prototype : 0.5 * prototype + 0.5 * highest;
  }
}

/** Share of the votes of the nearest references, each weighed by how near it is. */
function voteRow(
  products: Float32Array,
  row: number,
  table: ReferenceTable,
  except: number,
  out: Float32Array,
  to: number,
): void {
  const { classes, classOffsets } = table;
  const references = classOffsets[classes] ?? 0;
  const nearest: { readonly at: number; readonly product: number }[] = [];
  for (let at = 0; at < references; at += 1) {
    const product = products[row + at] ?? 0;
    if (at === except || (nearest.length === VOTERS && product <= (nearest.at(-1)?.product ?? 0))) continue;
    let place = nearest.length;
    while (place > 0 && product > (nearest[place - 1]?.product ?? 0)) place -= 1;
    nearest.splice(place, 0, { at, product });
    if (nearest.length > VOTERS) nearest.pop();
  }
  const highest = nearest[0]?.product ?? 0;
  let total = 0;
  out.fill(0, to, to + classes);
  for (const { at, product } of nearest) {
    const weight = Math.exp((product - highest) / VOTE_TEMPERATURE);
    const index = classAt(classOffsets, classes, at);
    out[to + index] = (out[to + index] ?? 0) + weight;
    total += weight;
  }
  for (let index = 0; index < classes; index += 1) {
    const isEmpty = classOffsets[index] === classOffsets[index + 1];
    out[to + index] = isEmpty ? NONE : (out[to + index] ?? 0) / Math.max(total, Number.MIN_VALUE);
  }
}

function classAt(offsets: Uint32Array, classes: number, row: number): number {
  let low = 0;
  let high = classes;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle] ?? 0) <= row) low = middle;
    else high = middle;
  }
  return low;
}

/** s of every class for every row of products: N x C. */
export function similaritiesBy(
  kind: Similarity,
  products: Float32Array,
  count: number,
  table: ReferenceTable,
): Float32Array {
  const { classes, classOffsets, sumLengths } = table;
  const references = classOffsets[classes] ?? 0;
  const out = new Float32Array(count * classes);
  const sumLength = (index: number): number => sumLengths[index] ?? 0;
  for (let row = 0; row < count; row += 1) {
    if (kind === "vote") voteRow(products, row * references, table, -1, out, row * classes);
    else reduceRow(products, row * references, table, kind, -1, sumLength, out, row * classes);
  }
  return out;
}

/** Where a class's own list comes from: how its members score, or how its prototype does. */
export type ListSource = "members" | "prototypes";

/** The lists that classes expect, C x C, under any of the similarities; each member is left out where it meets itself. */
export function listsBy(kind: Similarity, source: ListSource, table: ReferenceTable): Float32Array<ArrayBuffer> {
  const { classes, classOffsets, references, dimensions, sumLengths } = table;
  const lists = new Float32Array(classes * classes);
  const total = classOffsets[classes] ?? 0;
  const own = new Float32Array(classes);
  for (let index = 0; index < classes; index += 1) {
    const first = classOffsets[index] ?? 0;
    const count = (classOffsets[index + 1] ?? 0) - first;
    if (count === 0) continue;
    const members = references.slice(first * dimensions, (first + count) * dimensions);
    const rows = source === "members" ? { data: members, count } : { data: meanRow(members, dimensions), count: 1 };
    const products = productsWith({ ...rows, dimensions }, table);
    for (let member = 0; member < rows.count; member += 1) {
      const row = member * total;
      const except = source === "members" && count > 1 ? first + member : -1;
      // |S - r|^2 = |S|^2 - 2 <S, r> + <r, r>.
      const self = products[row + except] ?? 0;
      const shorter = (): number => {
        let sum = 0;
        for (let at = first; at < first + count; at += 1) sum += products[row + at] ?? 0;
        return Math.sqrt(Math.max(0, (sumLengths[index] ?? 0) ** 2 - 2 * sum + self));
      };
      const length = except < 0 ? 0 : shorter();
      const sumLength = (other: number): number => (other === index && except >= 0 ? length : (sumLengths[other] ?? 0));
      if (kind === "vote") voteRow(products, row, table, except, own, 0);
      else reduceRow(products, row, table, kind, except, sumLength, own, 0);
      for (let other = 0; other < classes; other += 1) {
        const value = own[other] ?? NONE;
        if (value === NONE) continue;
        lists[index * classes + other] = (lists[index * classes + other] ?? 0) + value / rows.count;
      }
    }
  }
  if (source === "members") completeSingles(lists, table);
  return lists;
}

/** The normalised mean of some rows. */
function meanRow(rows: Float32Array, dimensions: number): Float32Array<ArrayBuffer> {
  const sum = new Float32Array(dimensions);
  for (let at = 0; at < rows.length; at += 1) sum[at % dimensions] = (sum[at % dimensions] ?? 0) + (rows[at] ?? 0);
  const length = Math.hypot(...sum);
  return length > SHORTEST_SUM ? sum.map((value) => value / length) : sum;
}
