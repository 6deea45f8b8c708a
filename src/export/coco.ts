import type { LabelMap } from "../../workers/contract.ts";

/** A region as COCO's format has it; run lengths are column by column, alternating outside and inside. */
export interface CocoAnnotation {
  readonly id: number;
  readonly image_id: number;
  readonly category_id: number;
  readonly segmentation: {
    readonly size: readonly [height: number, width: number];
    readonly counts: readonly number[];
  };
  readonly area: number;
  /** x, y, width, height. */
  readonly bbox: readonly [number, number, number, number];
  readonly iscrowd: 0;
  /** How sure the match is, 0..1. */
  readonly score: number;
}

/** What is known of the regions of a map, by the map's value less one. */
export interface NamedRegion {
  /** Place among the classes; null: "other", which is left out. */
  readonly classIndex: number | null;
  readonly confidence: number;
}

/**
 * Every named region of a picture as an annotation.
 * @param map region map: 0 none, index + 1
 * @param imageId what the picture is called in the file. Annotations are numbered from 1, categories too, in the order
 *   of the classes.
 */
export function cocoAnnotations(
  { width, height, data }: LabelMap<number>,
  regions: readonly NamedRegion[],
  imageId: number,
): CocoAnnotation[] {
  const tallies = regions.map(({ classIndex }) => (classIndex === null ? null : new Tally(width, height)));
  for (let x = 0; x < width; x += 1) {
    for (let y = 0; y < height; y += 1) tallies[(data[y * width + x] ?? 0) - 1]?.add(x, y);
  }
  let id = 0;
  return tallies.flatMap((tally, index): CocoAnnotation[] => {
    const { classIndex = null, confidence = 0 } = regions[index] ?? {};
    if (!tally || tally.area === 0 || classIndex === null) return [];
    id += 1;
    return [
      {
        id,
        image_id: imageId,
        category_id: classIndex + 1,
        segmentation: { size: [height, width], counts: tally.counts() },
        area: tally.area,
        bbox: tally.box(),
        iscrowd: 0,
        score: Math.round(confidence * 1e4) / 1e4,
      },
    ];
  });
}

/** Gathers the pixels of one region, column by column. */
class Tally {
  area = 0;
  readonly #width: number;
  readonly #height: number;
  readonly #counts: number[] = [];
  /** Where the run under way began, and where it ends so far. */
  #start = 0;
  #end = 0;
  /** Where the last finished run ended. */
  #done = 0;
  #left: number;
  #right = 0;
  #top: number;
  #bottom = 0;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#left = width;
    this.#top = height;
  }

  add(x: number, y: number): void {
    const at = x * this.#height + y;
    if (this.area === 0 || at !== this.#end) {
      this.#finish();
      this.#start = at;
    }
    this.#end = at + 1;
    this.area += 1;
    this.#left = Math.min(this.#left, x);
    this.#right = Math.max(this.#right, x + 1);
    this.#top = Math.min(this.#top, y);
    this.#bottom = Math.max(this.#bottom, y + 1);
  }

  #finish(): void {
    if (this.#end > this.#start) this.#counts.push(this.#start - this.#done, this.#end - this.#start);
    this.#done = this.#end;
    this.#start = this.#end;
  }

  counts(): readonly number[] {
    this.#finish();
    const rest = this.#width * this.#height - this.#done;
    return rest > 0 ? [...this.#counts, rest] : this.#counts;
  }

  box(): CocoAnnotation["bbox"] {
    return [this.#left, this.#top, this.#right - this.#left, this.#bottom - this.#top];
  }
}
