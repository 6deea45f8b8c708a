import type { PixelBox, Runs } from "../imaging/runs.ts";
import { cropBoxOf } from "./sources/example.ts";

/** Cells across and down into which what is near a thing is cut. */
const CELLS = 3;
/** The thing itself is cut in four, at its centre of mass. */
const QUARTERS = 4;
const LABELS = QUARTERS + CELLS * CELLS;
/** Patches along a picture's long side: what models see, near enough. */
const PATCHES = 32;

/** A thing and what is near it, cut into pieces of about the size of what a match compares. */
export interface PartMasks {
  /** None of them empty; those of the thing come first. */
  readonly masks: readonly Runs[];
  /** Pieces of the thing among them. */
  readonly inside: number;
  /** Patches that each covers, as if the picture's long side had 32. */
  readonly patches: readonly number[];
}

/**
 * Cuts a thing in four at its centre of mass, and what is near it (as far as an example's crop reaches) into the cells of
 * a grid of three by three. Pieces of less than one patch are left out.
 * @param runs not empty
 */
export function partMasksOf(runs: Runs, width: number, height: number): PartMasks {
  const near = cropBoxOf(runs, width, height);
  const thing = new Uint8Array(near.width * near.height);
  const centre = fillThing(thing, runs, width, near);
  const pieces = Array.from({ length: LABELS }, () => [] as number[]);
  const areas = new Uint32Array(LABELS);
  for (let y = 0; y < near.height; y += 1) {
    const cellRow = Math.floor((y * CELLS) / near.height);
    let last = -1;
    for (let x = 0; x < near.width; x += 1) {
      const label =
        thing[y * near.width + x] === 1
          ? (y > centre.y ? 2 : 0) + (x > centre.x ? 1 : 0)
          : QUARTERS + cellRow * CELLS + Math.floor((x * CELLS) / near.width);
      const piece = pieces[label];
      if (!piece) continue;
      areas[label] = (areas[label] ?? 0) + 1;
      if (label === last) piece[piece.length - 1] = (piece.at(-1) ?? 0) + 1;
      else piece.push((near.y + y) * width + near.x + x, 1);
      last = label;
    }
  }
  const scale = (PATCHES / Math.max(width, height)) ** 2;
  const kept = pieces.flatMap((piece, label) => {
    const patches = (areas[label] ?? 0) * scale;
    return patches < 1 ? [] : [{ label, patches, mask: joined(piece) }];
  });
  return {
    masks: kept.map(({ mask }) => mask),
    inside: kept.filter(({ label }) => label < QUARTERS).length,
    patches: kept.map(({ patches }) => patches),
  };
}

/** Marks the thing in the pixels of a box; its centre of mass, in them. */
function fillThing(thing: Uint8Array, runs: Runs, width: number, near: PixelBox) {
  let count = 0;
  let sumX = 0;
  let sumY = 0;
  for (let at = 0; at < runs.length; at += 2) {
    const start = runs[at] ?? 0;
    const end = start + (runs[at + 1] ?? 0);
    for (let pixel = start; pixel < end; pixel += 1) {
      const y = Math.floor(pixel / width) - near.y;
      const x = (pixel % width) - near.x;
      thing[y * near.width + x] = 1;
      count += 1;
      sumX += x;
      sumY += y;
    }
  }
  return { x: sumX / Math.max(1, count), y: sumY / Math.max(1, count) };
}

/** Runs that touch, at the end of a row, made one. */
function joined(piece: readonly number[]): Runs {
  const runs: number[] = [];
  for (let at = 0; at < piece.length; at += 2) {
    const start = piece[at] ?? 0;
    const length = piece[at + 1] ?? 0;
    const before = runs.length - 2;
    if (before >= 0 && (runs[before] ?? 0) + (runs[before + 1] ?? 0) === start) {
      runs[before + 1] = (runs[before + 1] ?? 0) + length;
    } else runs.push(start, length);
  }
  return Uint32Array.from(runs);
}
