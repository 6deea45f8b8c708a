import type { LabPixels } from "./lab.ts";

export interface Superpixels {
  readonly count: number;
  /** width * height: 0..count-1; every label is one 4-connected piece. */
  readonly labels: Uint16Array<ArrayBuffer>;
}

/** No superpixel grid is finer than this many pixels, so that small pictures get few regions. */
const MIN_STEP = 6;
/** Queue resolution: distances are sorted into this many steps per unit. */
const BUCKETS_PER_UNIT = 192;
const BUCKETS = 6144;
/** A pixel that no region has taken yet. */
const FREE = 0xffff;

/**
 * Compact superpixels that follow colour edges: regions grow from a grid of seeds, always by the pixel that is nearest
 * to the running mean of the region that reaches it, in colour and in place (simple non-iterative clustering, Achanta
 * and Suesstrunk, CVPR 2017). The priority queue is a row of buckets, so that the time is linear in pixels.
 *
 * @param wanted about how many superpixels; 1..65535, fewer in small pictures.
 * @param compactness colour distance (L*a*b* units) that weighs as much as one grid step; larger gives rounder pieces.
 */
export function superpixels(
  lab: LabPixels,
  width: number,
  height: number,
  wanted: number,
  compactness: number,
): Superpixels {
  const step = Math.max(MIN_STEP, Math.sqrt((width * height) / wanted));
  const columns = Math.max(1, Math.floor(width / step));
  const rows = Math.max(1, Math.floor(height / step));
  const growth = new Growth(lab, width, height, columns * rows, compactness, step);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = Math.floor(((column + 0.5) * width) / columns);
      const y = Math.floor(((row + 0.5) * height) / rows);
      growth.seed(row * columns + column, y * width + x);
    }
  }
  growth.run();
  return { count: columns * rows, labels: growth.labels };
}

class Growth {
  readonly labels: Uint16Array<ArrayBuffer>;
  readonly #lab: LabPixels;
  readonly #width: number;
  readonly #height: number;
  readonly #colourWeight: number;
  readonly #spaceWeight: number;
  /** 6 a region: pixels, sums of L, a, b, x, y. */
  readonly #sums: Float64Array<ArrayBuffer>;
  /**
   * Bucket queue. Entry 4 * pixel + side stands for "the neighbour on that side offers to take the pixel": it is made
   * at most once, so the links are the whole queue.
   */
  readonly #next: Int32Array<ArrayBuffer>;
  readonly #first = new Int32Array(BUCKETS).fill(-1);
  readonly #last = new Int32Array(BUCKETS).fill(-1);
  #lowest = BUCKETS;

  constructor(lab: LabPixels, width: number, height: number, regions: number, compactness: number, step: number) {
    this.labels = new Uint16Array(width * height).fill(FREE);
    this.#lab = lab;
    this.#width = width;
    this.#height = height;
    this.#colourWeight = 1 / (compactness * compactness);
    this.#spaceWeight = 1 / (step * step);
    this.#sums = new Float64Array(6 * regions);
    this.#next = new Int32Array(4 * width * height);
  }

  seed(region: number, pixel: number): void {
    this.#take(pixel, region);
  }

  run(): void {
    const width = this.#width;
    const sides = [1, -1, width, -width];
    while (this.#lowest < BUCKETS) {
      const entry = this.#first[this.#lowest] ?? -1;
      if (entry < 0) {
        this.#lowest++;
        continue;
      }
      this.#first[this.#lowest] = this.#next[entry] ?? -1;
      const pixel = entry >>> 2;
      if (this.labels[pixel] === FREE) this.#take(pixel, this.labels[pixel + (sides[entry & 3] ?? 0)] ?? 0);
    }
  }

  /** Gives a pixel to a region and offers the free neighbours. */
  #take(pixel: number, region: number): void {
    const width = this.#width;
    const y = Math.floor(pixel / width);
    const x = pixel - y * width;
    const sums = this.#sums;
    const at = 6 * region;
    this.labels[pixel] = region;
    sums[at] = (sums[at] ?? 0) + 1;
    sums[at + 1] = (sums[at + 1] ?? 0) + (this.#lab[3 * pixel] ?? 0);
    sums[at + 2] = (sums[at + 2] ?? 0) + (this.#lab[3 * pixel + 1] ?? 0);
    sums[at + 3] = (sums[at + 3] ?? 0) + (this.#lab[3 * pixel + 2] ?? 0);
    sums[at + 4] = (sums[at + 4] ?? 0) + x;
    sums[at + 5] = (sums[at + 5] ?? 0) + y;
    if (x > 0) this.#offer(pixel - 1, x - 1, y, 0, at);
    if (x < width - 1) this.#offer(pixel + 1, x + 1, y, 1, at);
    if (y > 0) this.#offer(pixel - width, x, y - 1, 2, at);
    if (y < this.#height - 1) this.#offer(pixel + width, x, y + 1, 3, at);
  }

  #offer(pixel: number, x: number, y: number, side: number, at: number): void {
    if (this.labels[pixel] !== FREE) return;
    const sums = this.#sums;
    const share = 1 / (sums[at] ?? 1);
    const light = (this.#lab[3 * pixel] ?? 0) - (sums[at + 1] ?? 0) * share;
    const a = (this.#lab[3 * pixel + 1] ?? 0) - (sums[at + 2] ?? 0) * share;
    const b = (this.#lab[3 * pixel + 2] ?? 0) - (sums[at + 3] ?? 0) * share;
    const dx = x - (sums[at + 4] ?? 0) * share;
    const dy = y - (sums[at + 5] ?? 0) * share;
    const distance = Math.sqrt(
      (light * light + a * a + b * b) * this.#colourWeight + (dx * dx + dy * dy) * this.#spaceWeight,
    );
    const bucket = Math.min(BUCKETS - 1, (distance * BUCKETS_PER_UNIT) | 0);
    const entry = 4 * pixel + side;
    this.#next[entry] = -1;
    if ((this.#first[bucket] ?? -1) < 0) this.#first[bucket] = entry;
    else this.#next[this.#last[bucket] ?? 0] = entry;
    this.#last[bucket] = entry;
    if (bucket < this.#lowest) this.#lowest = bucket;
  }
}
