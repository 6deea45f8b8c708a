import type { RegionSet } from "./region-set.ts";

/**
 * How much of each patch each mask covers, in compressed rows: mask i has the entries offsets[i] .. offsets[i+1]-1 of
 * `patches` (row * columns + column, ascending) and `weights` (share of the patch's rectangle inside the mask, >0..1).
 */
export interface Coverage {
  /** Masks measured: all, or the leaves of a tree. */
  readonly count: number;
  /** count + 1. */
  readonly offsets: Uint32Array<ArrayBuffer>;
  readonly patches: Uint32Array<ArrayBuffer>;
  readonly weights: Float32Array<ArrayBuffer>;
  /**
   * Set when the masks measured are the leaves of a forest: the parent of every node, or -1 for a root. Leaves come
   * first and children before their parents; what a node covers is the sum of what its children cover.
   */
  readonly parent: Int32Array<ArrayBuffer> | null;
}

/** Masks that have a descriptor: those measured, or all nodes of their tree. */
export function describedMasks({ count, parent }: Coverage): number {
  return parent === null ? count : parent.length;
}

/**
 * Exact area overlap of every mask with every patch of a rows x columns grid laid over the whole picture; of a tree's
 * leaves only, when there is one.
 */
export function patchCoverage(regions: RegionSet, rows: number, columns: number): Coverage {
  const { count, tree } = regions;
  const measured = tree === null ? count : tree.leaves;
  const table = new CoverageTable(measured, rows * columns);
  for (let index = 0; index < measured; index++) {
    addMask(table, regions, index, rows, columns);
    table.closeRow(index);
  }
  return table.finish(tree === null ? null : tree.parent);
}

/**
 * How much of each node of a forest lies in each of its leaves, in the same form: rows are nodes, `patches` are leaves,
 * ascending within a node, and a leaf's weight is all that it covers. Pooling the means of the leaves with it gives the
 * means of the nodes. A leaf's own row is itself.
 * @param parent as in Coverage. @param totals what each leaf covers, patches.
 */
export function leafCoverage(parent: Int32Array<ArrayBuffer>, totals: Float32Array): Coverage {
  const nodes = parent.length;
  const leaves = totals.length;
  const offsets = new Uint32Array(nodes + 1);
  for (let leaf = 0; leaf < leaves; leaf++) {
    for (let node = leaf; node >= 0; node = parent[node] ?? -1) offsets[node + 1] = (offsets[node + 1] ?? 0) + 1;
  }
  for (let node = 0; node < nodes; node++) offsets[node + 1] = (offsets[node + 1] ?? 0) + (offsets[node] ?? 0);
  const patches = new Uint32Array(offsets[nodes] ?? 0);
  const weights = new Float32Array(patches.length);
  const next = offsets.slice(0, nodes);
  for (let leaf = 0; leaf < leaves; leaf++) {
    for (let node = leaf; node >= 0; node = parent[node] ?? -1) {
      const entry = next[node] ?? 0;
      patches[entry] = leaf;
      weights[entry] = totals[leaf] ?? 0;
      next[node] = entry + 1;
    }
  }
  return { count: nodes, offsets, patches, weights, parent: null };
}

/** Gathers one row at a time: a dense accumulator with the list of patches touched, appended sorted. */
class CoverageTable {
  readonly #count: number;
  readonly #sums: Float64Array<ArrayBuffer>;
  readonly #touched: Uint32Array<ArrayBuffer>;
  #touchedCount = 0;
  readonly #offsets: Uint32Array<ArrayBuffer>;
  #patches: Uint32Array<ArrayBuffer>;
  #weights: Float32Array<ArrayBuffer>;
  #length = 0;

  constructor(count: number, patches: number) {
    this.#count = count;
    this.#sums = new Float64Array(patches);
    this.#touched = new Uint32Array(patches);
    this.#offsets = new Uint32Array(count + 1);
    this.#patches = new Uint32Array(8 * (count + patches));
    this.#weights = new Float32Array(8 * (count + patches));
  }

  add(patch: number, weight: number): void {
    const before = this.#sums[patch] ?? 0;
    if (before === 0) this.#touched[this.#touchedCount++] = patch;
    this.#sums[patch] = before + weight;
  }

  closeRow(row: number): void {
    const touched = this.#touched.subarray(0, this.#touchedCount).sort();
    this.#reserve(this.#length + touched.length);
    for (let i = 0; i < touched.length; i++) {
      const patch = touched[i] ?? 0;
      this.#patches[this.#length] = patch;
      this.#weights[this.#length++] = Math.min(1, this.#sums[patch] ?? 0);
      this.#sums[patch] = 0;
    }
    this.#touchedCount = 0;
    this.#offsets[row + 1] = this.#length;
  }

  finish(parent: Int32Array<ArrayBuffer> | null): Coverage {
    return {
      count: this.#count,
      offsets: this.#offsets,
      patches: this.#patches.slice(0, this.#length),
      weights: this.#weights.slice(0, this.#length),
      parent,
    };
  }

  #reserve(length: number): void {
    if (length <= this.#patches.length) return;
    const patches = new Uint32Array(2 * length);
    const weights = new Float32Array(2 * length);
    patches.set(this.#patches.subarray(0, this.#length));
    weights.set(this.#weights.subarray(0, this.#length));
    this.#patches = patches;
    this.#weights = weights;
  }
}

function addMask(table: CoverageTable, regions: RegionSet, index: number, rows: number, columns: number): void {
  const { width, height, runs } = regions;
  const last = regions.offsets[index + 1] ?? 0;
  for (let run = regions.offsets[index] ?? 0; run < last; run++) {
    let start = runs[2 * run] ?? 0;
    const end = start + (runs[2 * run + 1] ?? 0);
    while (start < end) {
      const y = Math.floor(start / width);
      const stop = Math.min(end, (y + 1) * width);
      addSpan(table, start - y * width, stop - y * width, y, width, height, rows, columns);
      start = stop;
    }
  }
}

/**
 * Adds the pixels left <= x < right of row y. In grid units a pixel is columns / width wide and rows / height high, and
 * a patch is the unit square, so overlaps are shares of a patch at once.
 */
function addSpan(
  table: CoverageTable,
  left: number,
  right: number,
  y: number,
  width: number,
  height: number,
  rows: number,
  columns: number,
): void {
  // Products before quotients: y * rows / height is exact where the grid line lies on a pixel edge.
  const top = (y * rows) / height;
  const bottom = ((y + 1) * rows) / height;
  const from = (left * columns) / width;
  const to = (right * columns) / width;
  for (let row = Math.floor(top); row < bottom; row++) {
    const tall = Math.min(bottom, row + 1) - Math.max(top, row);
    for (let column = Math.floor(from); column < to; column++) {
      const wide = Math.min(to, column + 1) - Math.max(from, column);
      table.add(row * columns + column, tall * wide);
    }
  }
}
