import type { LabPixels } from "./lab.ts";

/** Which regions touch, and how strong the picture's edge between them is. */
export interface Adjacency {
  readonly count: number;
  /** One entry an edge: the two regions, first < second. */
  readonly first: Uint32Array<ArrayBuffer>;
  readonly second: Uint32Array<ArrayBuffer>;
  /** Pixel edges that the two share. */
  readonly lengths: Float32Array<ArrayBuffer>;
  /** Sum over these pixel edges of the colour step across them (L*a*b* distance). */
  readonly strengths: Float32Array<ArrayBuffer>;
  /** Sum over these pixel edges of the learned boundary, 0..1 each; zeros without it. */
  readonly boundaries: Float32Array<ArrayBuffer>;
}

/**
 * The region adjacency graph of a label map. The step across a pixel edge is taken between the pixels one further out
 * on both sides (where there are any), because an edge in a photograph is seldom sharper than that.
 */
export function adjacencyOf(
  labels: Uint16Array<ArrayBuffer>,
  regions: number,
  lab: LabPixels,
  width: number,
  height: number,
  boundary: Float32Array<ArrayBuffer> | null,
): Adjacency {
  const edges = new EdgeTable(regions);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const label = labels[pixel] ?? 0;
      if (x + 1 < width) {
        const right = labels[pixel + 1] ?? 0;
        if (right !== label) {
          const from = x > 0 ? pixel - 1 : pixel;
          const to = x + 2 < width ? pixel + 2 : pixel + 1;
          edges.add(
            label,
            right,
            colourStep(lab, from, to),
            boundary === null ? 0 : between(boundary, pixel, pixel + 1),
          );
        }
      }
      if (y + 1 < height) {
        const below = labels[pixel + width] ?? 0;
        if (below !== label) {
          const from = y > 0 ? pixel - width : pixel;
          const to = y + 2 < height ? pixel + 2 * width : pixel + width;
          edges.add(
            label,
            below,
            colourStep(lab, from, to),
            boundary === null ? 0 : between(boundary, pixel, pixel + width),
          );
        }
      }
    }
  }
  return edges.finish();
}

function between(values: Float32Array, one: number, other: number): number {
  return 0.5 * ((values[one] ?? 0) + (values[other] ?? 0));
}

function colourStep(lab: LabPixels, from: number, to: number): number {
  const light = (lab[3 * from] ?? 0) - (lab[3 * to] ?? 0);
  const a = (lab[3 * from + 1] ?? 0) - (lab[3 * to + 1] ?? 0);
  const b = (lab[3 * from + 2] ?? 0) - (lab[3 * to + 2] ?? 0);
  return Math.sqrt(light * light + a * a + b * b);
}

/** Hash table from pairs of regions to edges, open addressing. */
class EdgeTable {
  readonly #regions: number;
  readonly #keys: Float64Array<ArrayBuffer>;
  readonly #slots: Uint32Array<ArrayBuffer>;
  readonly #mask: number;
  #count = 0;
  readonly #first: Uint32Array<ArrayBuffer>;
  readonly #second: Uint32Array<ArrayBuffer>;
  readonly #lengths: Float32Array<ArrayBuffer>;
  readonly #strengths: Float32Array<ArrayBuffer>;
  readonly #boundaries: Float32Array<ArrayBuffer>;

  constructor(regions: number) {
    this.#regions = regions;
    // The graph of connected pieces of a plane is planar: at most 3n - 6 edges.
    const most = 3 * regions + 1;
    const size = 2 ** Math.ceil(Math.log2(2 * most));
    this.#keys = new Float64Array(size).fill(-1);
    this.#slots = new Uint32Array(size);
    this.#mask = size - 1;
    this.#first = new Uint32Array(most);
    this.#second = new Uint32Array(most);
    this.#lengths = new Float32Array(most);
    this.#strengths = new Float32Array(most);
    this.#boundaries = new Float32Array(most);
  }

  add(a: number, b: number, strength: number, boundary: number): void {
    const low = a < b ? a : b;
    const high = a < b ? b : a;
    const key = low * this.#regions + high;
    let place = (Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)) & this.#mask;
    while (this.#keys[place] !== key && this.#keys[place] !== -1) place = (place + 1) & this.#mask;
    if (this.#keys[place] === -1) {
      this.#keys[place] = key;
      this.#slots[place] = this.#count;
      this.#first[this.#count] = low;
      this.#second[this.#count] = high;
      this.#count++;
    }
    const edge = this.#slots[place] ?? 0;
    this.#lengths[edge] = (this.#lengths[edge] ?? 0) + 1;
    this.#strengths[edge] = (this.#strengths[edge] ?? 0) + strength;
    this.#boundaries[edge] = (this.#boundaries[edge] ?? 0) + boundary;
  }

  finish(): Adjacency {
    return {
      count: this.#count,
      first: this.#first.slice(0, this.#count),
      second: this.#second.slice(0, this.#count),
      lengths: this.#lengths.slice(0, this.#count),
      strengths: this.#strengths.slice(0, this.#count),
      boundaries: this.#boundaries.slice(0, this.#count),
    };
  }
}
