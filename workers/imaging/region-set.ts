import { areaOfRuns, boxOfRuns, mergeRuns } from "./runs.ts";
import type { Runs } from "./runs.ts";

/**
 * Masks of one picture. A mask is a list of runs over the row-major pixel order of the working image: pairs
 * [start, length], ascending, not touching. Masks may overlap and nest; when they nest as a tree, `parent` says so.
 */
export interface RegionSet {
  readonly width: number;
  readonly height: number;
  /** N. */
  readonly count: number;
  /** All runs of all masks: 2 numbers a run. */
  readonly runs: Uint32Array<ArrayBuffer>;
  /** N+1 offsets into `runs`, in runs (not numbers): mask i has runs offsets[i] .. offsets[i+1]-1. */
  readonly offsets: Uint32Array<ArrayBuffer>;
  /** N areas in pixels. */
  readonly areas: Uint32Array<ArrayBuffer>;
  /** 4N: x, y, width, height. */
  readonly boxes: Uint16Array<ArrayBuffer>;
  /** N objectness scores, 0..1: how likely the mask is one whole thing. */
  readonly scores: Float32Array<ArrayBuffer>;
  /** Set when the masks are the nodes of a forest whose leaves partition the picture. */
  readonly tree: RegionTree | null;
}

/** Nodes are masks of the set; children come before parents; the leaves are nodes 0..leaves-1. */
export interface RegionTree {
  readonly leaves: number;
  /** N: index of the parent, or -1 for a root. */
  readonly parent: Int32Array<ArrayBuffer>;
  /** width * height: which leaf a pixel belongs to. */
  readonly leafMap: Uint16Array<ArrayBuffer>;
}

/** The runs of one mask: a view into the set, not a copy. */
export function runsOfRegion(regions: RegionSet, index: number): Runs {
  return regions.runs.subarray(2 * (regions.offsets[index] ?? 0), 2 * (regions.offsets[index + 1] ?? 0));
}

/** A set without a tree. `scores` holds one objectness, 0..1, a mask. */
export function regionSetOfMasks(
  width: number,
  height: number,
  masks: readonly Runs[],
  scores: Float32Array<ArrayBuffer>,
): RegionSet {
  const offsets = new Uint32Array(masks.length + 1);
  let total = 0;
  for (const [index, mask] of masks.entries()) {
    total += mask.length;
    offsets[index + 1] = total / 2;
  }
  const runs = new Uint32Array(total);
  for (const [index, mask] of masks.entries()) runs.set(mask, 2 * (offsets[index] ?? 0));
  return withMeasures(width, height, runs, offsets, scores, null);
}

/** The set of a forest's nodes: the leaves' masks from `tree.leafMap`, every other node the union of its children. */
export function regionSetOfTree(
  width: number,
  height: number,
  tree: RegionTree,
  scores: Float32Array<ArrayBuffer>,
): RegionSet {
  const count = tree.parent.length;
  const offsets = new Uint32Array(count + 1);
  let runs = leafRuns(tree.leafMap, tree.leaves, offsets, count);
  const firstChild = new Int32Array(count).fill(-1);
  const nextSibling = new Int32Array(count).fill(-1);
  for (let node = count - 1; node >= 0; node--) {
    const parent = tree.parent[node] ?? -1;
    if (parent < 0) continue;
    nextSibling[node] = firstChild[parent] ?? -1;
    firstChild[parent] = node;
  }
  let end = 2 * (offsets[tree.leaves] ?? 0);
  let scratch = new Uint32Array(1024);
  for (let node = tree.leaves; node < count; node++) {
    let needed = 0;
    for (let child = firstChild[node] ?? -1; child >= 0; child = nextSibling[child] ?? -1) {
      needed += 2 * ((offsets[child + 1] ?? 0) - (offsets[child] ?? 0));
    }
    if (end + needed > runs.length) runs = grown(runs, end + needed);
    if (needed > scratch.length) scratch = new Uint32Array(2 * needed);
    let length = 0;
    for (let child = firstChild[node] ?? -1; child >= 0; child = nextSibling[child] ?? -1) {
      const from = 2 * (offsets[child] ?? 0);
      const to = 2 * (offsets[child + 1] ?? 0);
      // The union so far lies in the scratch array, the new one goes to its place in `runs`.
      const stop = mergeRuns(runs, from, to, scratch, 0, length, runs, end);
      length = stop - end;
      scratch.set(runs.subarray(end, stop));
    }
    end += length;
    offsets[node + 1] = end / 2;
  }
  return withMeasures(width, height, runs.slice(0, end), offsets, scores, tree);
}

/** Runs of all labels of a label map, grouped by label; fills offsets[0..labels]. Room for parents is left behind. */
function leafRuns(map: Uint16Array<ArrayBuffer>, labels: number, offsets: Uint32Array<ArrayBuffer>, count: number) {
  const starts = new Uint32Array(labels);
  let total = 0;
  for (let pixel = 0; pixel < map.length; pixel++) {
    const label = map[pixel] ?? 0;
    if (pixel === 0 || map[pixel - 1] !== label) {
      starts[label] = (starts[label] ?? 0) + 1;
      total++;
    }
  }
  let sum = 0;
  for (let label = 0; label < labels; label++) {
    offsets[label] = sum;
    sum += starts[label] ?? 0;
    starts[label] = offsets[label] ?? 0;
  }
  offsets[labels] = sum;
  const runs = new Uint32Array(count > labels ? 16 * total : 2 * total);
  let start = 0;
  for (let pixel = 1; pixel <= map.length; pixel++) {
    if (pixel < map.length && map[pixel] === map[start]) continue;
    const label = map[start] ?? 0;
    const slot = starts[label] ?? 0;
    starts[label] = slot + 1;
    runs[2 * slot] = start;
    runs[2 * slot + 1] = pixel - start;
    start = pixel;
  }
  return runs;
}

function grown(runs: Runs, needed: number): Runs {
  const larger = new Uint32Array(Math.max(needed, 2 * runs.length));
  larger.set(runs);
  return larger;
}

function withMeasures(
  width: number,
  height: number,
  runs: Runs,
  offsets: Uint32Array<ArrayBuffer>,
  scores: Float32Array<ArrayBuffer>,
  tree: RegionTree | null,
): RegionSet {
  const count = offsets.length - 1;
  const areas = new Uint32Array(count);
  const boxes = new Uint16Array(4 * count);
  for (let index = 0; index < count; index++) {
    const mask = runs.subarray(2 * (offsets[index] ?? 0), 2 * (offsets[index + 1] ?? 0));
    const box = boxOfRuns(mask, width);
    areas[index] = areaOfRuns(mask);
    boxes.set([box.x, box.y, box.width, box.height], 4 * index);
  }
  return { width, height, count, runs, offsets, areas, boxes, scores, tree };
}
