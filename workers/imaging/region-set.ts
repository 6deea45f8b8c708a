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
