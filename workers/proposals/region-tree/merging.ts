import type { Adjacency } from "./adjacency.ts";
import { IndexedHeap } from "./indexed-heap.ts";
import {
  colourDistance,
  embeddingDistance,
  embeddingSpread,
  histogramDistance,
  mergeStatistics,
  thingDistance,
  tokenDistance,
} from "./statistics.ts";
import type { RegionStatistics } from "./statistics.ts";

/** How two neighbours are compared. Each part is between 0 and 1 (tokens: mostly). */
export interface MergeWeights {
  readonly colour: number;
  readonly texture: number;
  readonly boundary: number;
  readonly tokens: number;
  /** Learned boundary along the contact, learned embedding, thingness; 0 without the region network. */
  readonly learnedBoundary: number;
  readonly embedding: number;
  readonly thing: number;
  /** Dissimilarity is multiplied by (smaller area / picture area) ** size: small pieces go first. */
  readonly size: number;
}

/** Every node of the merge tree: leaves first, then merges in the order in which they happened. */
export interface Hierarchy {
  readonly leaves: number;
  /** Region of the adjacency graph -> leaf. */
  readonly leafOf: Uint16Array<ArrayBuffer>;
  readonly parent: Int32Array<ArrayBuffer>;
  /** Dissimilarity of the two children, 0 for leaves. */
  readonly inner: Float32Array<ArrayBuffer>;
  /** Mean dissimilarity to the neighbours at birth, weighed by shared length; 0 when there are none. */
  readonly outer: Float32Array<ArrayBuffer>;
  /** Smallest dissimilarity to a neighbour at birth; 0 when there are none. */
  readonly weakest: Float32Array<ArrayBuffer>;
  /** Mean learned boundary along the contour at birth; 0 without the region network, as are the next two. */
  readonly rim: Float32Array<ArrayBuffer>;
  /** Mean thingness. */
  readonly thing: Float32Array<ArrayBuffer>;
  /** Mean squared distance of the embeddings to their mean. */
  readonly spread: Float32Array<ArrayBuffer>;
}

/** Colour distance and edge strength at which the dissimilarity is one half, L*a*b* units. */
const HALF_COLOUR = 20;
const HALF_BOUNDARY = 20;
/** Squared embedding distance at which the dissimilarity is one half. */
const HALF_EMBEDDING = 2;
/** Neighbours closer than this in mean colour, with no more of an edge between them, are one flat area. */
const FLAT = 0.4;

/**
 * Merges neighbours, most similar first: to at most `maxLeaves` leaves by `leafWeights`, from there by `weights` to a
 * tree with one root. `statistics` are used up.
 */
export function mergeRegions(
  adjacency: Adjacency,
  statistics: RegionStatistics,
  leafWeights: MergeWeights,
  weights: MergeWeights,
  maxLeaves: number,
): Hierarchy {
  const graph = new MergeGraph(adjacency, statistics, leafWeights);
  graph.collapse(maxLeaves);
  graph.weighAll(weights);
  return graph.grow();
}

class MergeGraph {
  readonly #statistics: RegionStatistics;
  #weights: MergeWeights;
  readonly #pictureArea: number;
  readonly #heap: IndexedHeap;
  readonly #dissimilarities: Float32Array<ArrayBuffer>;
  readonly #lengths: Float32Array<ArrayBuffer>;
  readonly #strengths: Float32Array<ArrayBuffer>;
  readonly #boundaries: Float32Array<ArrayBuffer>;
  /** 2 an edge: the regions at its ends; moved when regions merge. */
  readonly #ends: Uint32Array<ArrayBuffer>;
  /** Edges of a region as linked lists of half edges (2 * edge + which end); -1 ends a list. */
  readonly #firstHalf: Int32Array<ArrayBuffer>;
  readonly #nextHalf: Int32Array<ArrayBuffer>;
  readonly #dead: Uint8Array<ArrayBuffer>;
  /** Region -> region that it was merged into, itself while alive. */
  readonly #into: Uint32Array<ArrayBuffer>;
  #alive: number;
  /** Scratch: edge from the growing region to this neighbour, -1 for none. */
  readonly #edgeTo: Int32Array<ArrayBuffer>;

  constructor(adjacency: Adjacency, statistics: RegionStatistics, weights: MergeWeights) {
    const { count } = statistics;
    this.#statistics = statistics;
    this.#weights = weights;
    this.#pictureArea = statistics.areas.reduce((sum, area) => sum + area, 0);
    this.#heap = new IndexedHeap(adjacency.count);
    this.#dissimilarities = new Float32Array(adjacency.count);
    this.#lengths = adjacency.lengths.slice();
    this.#strengths = adjacency.strengths.slice();
    this.#boundaries = adjacency.boundaries.slice();
    this.#ends = new Uint32Array(2 * adjacency.count);
    this.#firstHalf = new Int32Array(count).fill(-1);
    this.#nextHalf = new Int32Array(2 * adjacency.count);
    this.#dead = new Uint8Array(adjacency.count);
    this.#into = Uint32Array.from({ length: count }, (_, region) => region);
    this.#alive = count;
    this.#edgeTo = new Int32Array(count).fill(-1);
    for (let edge = 0; edge < adjacency.count; edge++) {
      this.#attach(2 * edge, adjacency.first[edge] ?? 0);
      this.#attach(2 * edge + 1, adjacency.second[edge] ?? 0);
      this.#weigh(edge);
    }
  }

  /** The merges below the leaves: until few enough are left and no two neighbours are one flat area. */
  collapse(maxLeaves: number): void {
    while (this.#heap.size > 0) {
      const edge = this.#heap.top();
      if (this.#alive <= maxLeaves && !this.#isFlat(edge)) return;
      this.#merge(edge);
    }
  }

  /** Compares all neighbours anew. */
  weighAll(weights: MergeWeights): void {
    this.#weights = weights;
    for (let edge = 0; edge < this.#dead.length; edge++) {
      if (this.#dead[edge] === 0) this.#weigh(edge);
    }
  }

  /** The merges that make the tree. */
  grow(): Hierarchy {
    const leaves = this.#alive;
    const nodeOf = new Int32Array(this.#into.length).fill(-1);
    const leafOf = this.#numberLeaves(nodeOf);
    const most = 2 * leaves - 1;
    const hierarchy: Hierarchy = {
      leaves,
      leafOf,
      parent: new Int32Array(most).fill(-1),
      inner: new Float32Array(most),
      outer: new Float32Array(most),
      weakest: new Float32Array(most),
      rim: new Float32Array(most),
      thing: new Float32Array(most),
      spread: new Float32Array(most),
    };
    for (let region = 0; region < nodeOf.length; region++) {
      const node = nodeOf[region] ?? -1;
      if (node >= 0) this.#describe(hierarchy, region, node);
    }
    for (let node = leaves; this.#heap.size > 0; node++) {
      const edge = this.#heap.top();
      hierarchy.inner[node] = this.#dissimilarities[edge] ?? 0;
      hierarchy.parent[nodeOf[this.#ends[2 * edge] ?? 0] ?? 0] = node;
      hierarchy.parent[nodeOf[this.#ends[2 * edge + 1] ?? 0] ?? 0] = node;
      const region = this.#merge(edge);
      nodeOf[region] = node;
      this.#describe(hierarchy, region, node);
    }
    return hierarchy;
  }

  #numberLeaves(nodeOf: Int32Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
    let leaves = 0;
    for (let region = 0; region < this.#into.length; region++) {
      if (this.#into[region] === region) nodeOf[region] = leaves++;
    }
    return Uint16Array.from(this.#into, (_, region) => {
      let root = region;
      while (this.#into[root] !== root) root = this.#into[root] ?? 0;
      return nodeOf[root] ?? 0;
    });
  }

  #describe(hierarchy: Hierarchy, region: number, node: number): void {
    let length = 0;
    let sum = 0;
    let boundaries = 0;
    let weakest = Number.POSITIVE_INFINITY;
    for (let half = this.#firstHalf[region] ?? -1; half >= 0; half = this.#nextHalf[half] ?? -1) {
      const edge = half >>> 1;
      if (this.#dead[edge] === 1) continue;
      const dissimilarity = this.#dissimilarities[edge] ?? 0;
      length += this.#lengths[edge] ?? 0;
      sum += (this.#lengths[edge] ?? 0) * dissimilarity;
      boundaries += this.#boundaries[edge] ?? 0;
      if (dissimilarity < weakest) weakest = dissimilarity;
    }
    hierarchy.outer[node] = length === 0 ? 0 : sum / length;
    hierarchy.weakest[node] = length === 0 ? 0 : weakest;
    hierarchy.rim[node] = length === 0 ? 0 : boundaries / length;
    hierarchy.thing[node] = (this.#statistics.things[region] ?? 0) / (this.#statistics.areas[region] ?? 1);
    hierarchy.spread[node] = embeddingSpread(this.#statistics, region);
  }

  #attach(half: number, region: number): void {
    this.#ends[half] = region;
    this.#nextHalf[half] = this.#firstHalf[region] ?? -1;
    this.#firstHalf[region] = half;
  }

  #isFlat(edge: number): boolean {
    if ((this.#strengths[edge] ?? 0) > FLAT * (this.#lengths[edge] ?? 0)) return false;
    return colourDistance(this.#statistics, this.#ends[2 * edge] ?? 0, this.#ends[2 * edge + 1] ?? 0) < FLAT;
  }

  /** Compares the two ends of an edge and queues it. */
  #weigh(edge: number): void {
    const { areas } = this.#statistics;
    const first = this.#ends[2 * edge] ?? 0;
    const second = this.#ends[2 * edge + 1] ?? 0;
    const colour = colourDistance(this.#statistics, first, second);
    const boundary = (this.#strengths[edge] ?? 0) / (this.#lengths[edge] ?? 1);
    const learned = (this.#boundaries[edge] ?? 0) / (this.#lengths[edge] ?? 1);
    const embedding = embeddingDistance(this.#statistics, first, second);
    const dissimilarity =
      this.#weights.learnedBoundary * learned +
      (this.#weights.embedding * embedding) / (embedding + HALF_EMBEDDING) +
      (this.#weights.colour * colour) / (colour + HALF_COLOUR) +
      (this.#weights.boundary * boundary) / (boundary + HALF_BOUNDARY) +
      this.#weights.thing * thingDistance(this.#statistics, first, second) +
      this.#weights.texture * histogramDistance(this.#statistics, first, second) +
      this.#weights.tokens * tokenDistance(this.#statistics, first, second);
    const smaller = Math.min(areas[first] ?? 0, areas[second] ?? 0);
    this.#dissimilarities[edge] = dissimilarity;
    this.#heap.set(edge, dissimilarity * (smaller / this.#pictureArea) ** this.#weights.size);
  }

  #kill(edge: number): void {
    this.#dead[edge] = 1;
    this.#heap.delete(edge);
  }

  /** Merges the two ends of an edge and returns the region that stays. */
  #merge(merged: number): number {
    const into = this.#ends[2 * merged] ?? 0;
    const from = this.#ends[2 * merged + 1] ?? 0;
    this.#kill(merged);
    mergeStatistics(this.#statistics, into, from);
    this.#into[from] = into;
    this.#alive--;
    this.#indexNeighbours(into);
    for (let half = this.#firstHalf[from] ?? -1; half >= 0;) {
      const next = this.#nextHalf[half] ?? -1;
      if (this.#dead[half >>> 1] === 0) this.#move(half, into);
      half = next;
    }
    for (let half = this.#firstHalf[into] ?? -1; half >= 0; half = this.#nextHalf[half] ?? -1) {
      if (this.#dead[half >>> 1] === 1) continue;
      this.#edgeTo[this.#ends[half ^ 1] ?? 0] = -1;
      this.#weigh(half >>> 1);
    }
    return into;
  }

  /** Notes which edge leads to which neighbour, and drops dead edges from the list on the way. */
  #indexNeighbours(region: number): void {
    let last = -1;
    for (let half = this.#firstHalf[region] ?? -1; half >= 0; half = this.#nextHalf[half] ?? -1) {
      if (this.#dead[half >>> 1] === 1) continue;
      this.#edgeTo[this.#ends[half ^ 1] ?? 0] = half >>> 1;
      if (last < 0) this.#firstHalf[region] = half;
      else this.#nextHalf[last] = half;
      last = half;
    }
    if (last < 0) this.#firstHalf[region] = -1;
    else this.#nextHalf[last] = -1;
  }

  /** Hands an edge of the region that goes over to the one that stays, or joins it with the edge that is there. */
  #move(half: number, into: number): void {
    const edge = half >>> 1;
    const neighbour = this.#ends[half ^ 1] ?? 0;
    const twin = this.#edgeTo[neighbour] ?? -1;
    if (twin < 0) {
      this.#attach(half, into);
      this.#edgeTo[neighbour] = edge;
      return;
    }
    this.#lengths[twin] = (this.#lengths[twin] ?? 0) + (this.#lengths[edge] ?? 0);
    this.#strengths[twin] = (this.#strengths[twin] ?? 0) + (this.#strengths[edge] ?? 0);
    this.#boundaries[twin] = (this.#boundaries[twin] ?? 0) + (this.#boundaries[edge] ?? 0);
    this.#kill(edge);
  }
}
