import { areaOfRuns, type Runs, runsOfMask, unionOfRuns } from "../../../imaging/runs.ts";
import type { Picture } from "../crop-image.ts";

/** How a glyph is laid on a ground. */
interface ViewSettings {
  /** Greys 0..255 at the top left and bottom right corner; a soft gradient between them. */
  readonly ground: readonly [number, number];
  /** Long side of the glyph as a share of the picture's side. */
  readonly fill: number;
  readonly flipped: boolean;
}

/**
 * A descriptor must not hang on one ground, one scale or one direction of looking. Two views: a third one, on a light
 * ground, cost half as much again and named objects in photographs no better (399 objects of 61 classes).
 */
const VIEWS: readonly ViewSettings[] = [
  { ground: [128, 128], fill: 0.75, flipped: false },
  { ground: [60, 100], fill: 0.88, flipped: true },
];

/** Patches a side of a view. */
const VIEW_PATCHES = 12;

/** Alpha from which a pixel belongs to the thing. */
const OPAQUE = 128;

export interface View {
  /** Square, alpha 255. */
  readonly picture: Picture;
  readonly runs: Runs;
}

/** The pixels of the thing in a picture with a transparent ground. */
export function runsOfAlpha({ width, height, pixels }: Picture): Runs {
  const mask = new Uint8Array(width * height);
  for (let pixel = 0; pixel < mask.length; pixel++) {
    mask[pixel] = (pixels[4 * pixel + 3] ?? 0) >= OPAQUE ? 1 : 0;
  }
  return runsOfMask(mask);
}

/**
 * Colours and alpha of a picture between its pixels, bilinear, weighted by alpha, transparent outside.
 * @param out receives red, green and blue times alpha, and alpha, all 0..255
 */
function sample({ width, height, pixels }: Picture, x: number, y: number, out: Float32Array): void {
  out.fill(0);
  const left = Math.floor(x);
  const top = Math.floor(y);
  for (let corner = 0; corner < 4; corner++) {
    const column = left + (corner & 1);
    const row = top + (corner >> 1);
    if (column < 0 || row < 0 || column >= width || row >= height) {
      continue;
    }
    const weight = (1 - Math.abs(x - column)) * (1 - Math.abs(y - row));
    const at = 4 * (row * width + column);
    const alpha = (weight * (pixels[at + 3] ?? 0)) / 255;
    out[0] = (out[0] ?? 0) + alpha * (pixels[at] ?? 0);
    out[1] = (out[1] ?? 0) + alpha * (pixels[at + 1] ?? 0);
    out[2] = (out[2] ?? 0) + alpha * (pixels[at + 2] ?? 0);
    out[3] = (out[3] ?? 0) + 255 * alpha;
  }
}

function viewOf(glyph: Picture, { ground, fill, flipped }: ViewSettings, side: number): View {
  const pixels = new Uint8ClampedArray(4 * side * side);
  const mask = new Uint8Array(side * side);
  const scale = Math.max(glyph.width, glyph.height) / (fill * side);
  const inked = new Float32Array(4);
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at += 4) {
      const across = (flipped ? -1 : 1) * (x + 0.5 - side / 2) * scale + glyph.width / 2 - 0.5;
      sample(glyph, across, (y + 0.5 - side / 2) * scale + glyph.height / 2 - 0.5, inked);
      const [red = 0, green = 0, blue = 0, alpha = 0] = inked;
      const grey = ground[0] + ((ground[1] - ground[0]) * (x + y)) / (2 * side - 2);
      const behind = grey * (1 - alpha / 255);
      pixels[at] = red + behind;
      pixels[at + 1] = green + behind;
      pixels[at + 2] = blue + behind;
      pixels[at + 3] = 255;
      mask[at >> 2] = alpha >= OPAQUE ? 1 : 0;
    }
  }
  return { picture: { width: side, height: side, pixels }, runs: runsOfMask(mask) };
}

/**
 * A glyph on several neutral grounds, at several scales, one of them mirrored; always the same ones. Views in which
 * nothing of the glyph is opaque are left out.
 * @param patch side of a patch of the model that is to see them, in pixels; a view is 12 patches wide
 * @param count at most so many, in the order of their worth
 */
export function pictogramViews(glyph: Picture, patch: number, count = VIEWS.length): readonly View[] {
  return VIEWS.slice(0, count)
    .map((settings) => viewOf(glyph, settings, VIEW_PATCHES * patch))
    .filter(({ runs }) => runs.length > 0);
}

/** Side of the small picture in which glyphs are compared, and of one of its cells in the view that it is made from. */
const COMPARED_SIDE = 12;
const COMPARED_CELL = 14;
/** Mean difference per colour and pixel of a glyph, 0..255, below which two glyphs are one drawing. */
const SAME_BELOW = 8;

function smallView({ picture }: View): Float32Array {
  const small = new Float32Array(3 * COMPARED_SIDE * COMPARED_SIDE);
  for (let y = 0, at = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++, at += 4) {
      const cell = 3 * (Math.floor(y / COMPARED_CELL) * COMPARED_SIDE + Math.floor(x / COMPARED_CELL));
      for (let channel = 0; channel < 3; channel++) {
        small[cell + channel] = (small[cell + channel] ?? 0) + (picture.pixels[at + channel] ?? 0) / COMPARED_CELL ** 2;
      }
    }
  }
  return small;
}

/** How much two glyphs differ where either has ink, in mean absolute difference per colour and pixel, 0..255. */
function glyphDifference(a: View, b: View): number {
  const [first, second] = [smallView(a), smallView(b)];
  const total = first.reduce((sum, value, at) => sum + Math.abs(value - (second[at] ?? 0)), 0);
  const inked = areaOfRuns(unionOfRuns(a.runs, b.runs)) / (a.picture.width * a.picture.height);
  // Thin figures cover little of a view: without their share of it, all of them would seem alike.
  return total / (first.length * inked);
}

/** Leaves out glyphs that look like an earlier one, in which a reference more would add nothing but time. */
export function withoutLookalikes<Item extends { readonly picture: Picture }>(
  glyphs: readonly Item[],
): readonly Item[] {
  const kept: { readonly item: Item; readonly view: View }[] = [];
  for (const item of glyphs) {
    const [view] = pictogramViews(item.picture, COMPARED_CELL, 1);
    if (view && kept.every((one) => glyphDifference(one.view, view) >= SAME_BELOW)) {
      kept.push({ item, view });
    }
  }
  return kept.map(({ item }) => item);
}
