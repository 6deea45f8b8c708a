/**
 * One mask as run lengths: pairs [start, length] over the row-major pixel order of a picture, ascending, not touching.
 * A run may go on over the end of a row. The empty mask has no pairs.
 */
export type Runs = Uint32Array<ArrayBuffer>;

/** Half-open box in pixels. */
export interface PixelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Runs of the pixels whose value is not zero. */
export function runsOfMask(mask: ArrayLike<number>): Runs {
  const ends: number[] = [];
  let inside = false;
  for (let pixel = 0; pixel < mask.length; pixel++) {
    const set = mask[pixel] !== 0;
    if (set !== inside) ends.push(pixel);
    inside = set;
  }
  if (inside) ends.push(mask.length);
  const runs = new Uint32Array(ends.length);
  for (let i = 0; i < ends.length; i += 2) {
    const start = ends[i] ?? 0;
    runs[i] = start;
    runs[i + 1] = (ends[i + 1] ?? 0) - start;
  }
  return runs;
}

/** Number of pixels of a mask. */
export function areaOfRuns(runs: Runs): number {
  let area = 0;
  for (let i = 1; i < runs.length; i += 2) area += runs[i] ?? 0;
  return area;
}

/** Smallest box around a mask in a picture `width` pixels wide; all zero for the empty mask. */
export function boxOfRuns(runs: Runs, width: number): PixelBox {
  if (runs.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  let left = width;
  let right = 0;
  for (let i = 0; i < runs.length; i += 2) {
    const start = runs[i] ?? 0;
    const column = start % width;
    const end = column + (runs[i + 1] ?? 0);
    // A run that reaches into the next row covers the last column and the first.
    if (end > width) {
      left = 0;
      right = width;
      break;
    }
    if (column < left) left = column;
    if (end > right) right = end;
  }
  const top = Math.floor((runs[0] ?? 0) / width);
  const last = (runs.at(-2) ?? 0) + (runs.at(-1) ?? 1) - 1;
  return { x: left, y: top, width: right - left, height: Math.floor(last / width) - top + 1 };
}

/** Runs of the pixels that are in either mask. */
export function unionOfRuns(a: Runs, b: Runs): Runs {
  const out = new Uint32Array(a.length + b.length);
  return out.slice(0, mergeRuns(a, 0, a.length, b, 0, b.length, out, 0));
}

/**
 * Writes the union of a[aFrom..aTo) and b[bFrom..bTo) (positions in numbers, not pairs) to `out` from `outFrom`, and
 * returns the position after the last number written. `out` needs room for both inputs and may not overlap them.
 */
export function mergeRuns(
  a: Runs,
  aFrom: number,
  aTo: number,
  b: Runs,
  bFrom: number,
  bTo: number,
  out: Runs,
  outFrom: number,
): number {
  let i = aFrom;
  let j = bFrom;
  let written = outFrom;
  let end = -1;
  while (i < aTo || j < bTo) {
    const takeA = j >= bTo || (i < aTo && (a[i] ?? 0) <= (b[j] ?? 0));
    const start = (takeA ? a[i] : b[j]) ?? 0;
    const stop = start + ((takeA ? a[i + 1] : b[j + 1]) ?? 0);
    if (takeA) i += 2;
    else j += 2;
    if (start > end) {
      out[written] = start;
      out[written + 1] = stop - start;
      written += 2;
      end = stop;
    } else if (stop > end) {
      out[written - 1] = (out[written - 1] ?? 0) + stop - end;
      end = stop;
    }
  }
  return written;
}

/** Runs of the pixels that are in the first mask and not in the second. */
export function differenceOfRuns(a: Runs, b: Runs): Runs {
  const out = new Uint32Array(a.length + b.length);
  let written = 0;
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    let start = a[i] ?? 0;
    const end = start + (a[i + 1] ?? 0);
    while (j < b.length && (b[j] ?? 0) + (b[j + 1] ?? 0) <= start) j += 2;
    for (let k = j; start < end; k += 2) {
      const gap = k < b.length ? Math.min(end, b[k] ?? 0) : end;
      if (gap > start) {
        out[written] = start;
        out[written + 1] = gap - start;
        written += 2;
      }
      start = k < b.length ? Math.max(start, (b[k] ?? 0) + (b[k + 1] ?? 0)) : end;
    }
  }
  return out.slice(0, written);
}

/** Number of pixels that are in both masks. */
export function intersectionArea(a: Runs, b: Runs): number {
  let i = 0;
  let j = 0;
  let area = 0;
  while (i < a.length && j < b.length) {
    const aStart = a[i] ?? 0;
    const bStart = b[j] ?? 0;
    const aEnd = aStart + (a[i + 1] ?? 0);
    const bEnd = bStart + (b[j + 1] ?? 0);
    const shared = Math.min(aEnd, bEnd) - Math.max(aStart, bStart);
    if (shared > 0) area += shared;
    if (aEnd < bEnd) i += 2;
    else j += 2;
  }
  return area;
}

/** Shared area over joint area, 0..1; 0 when both masks are empty. */
export function intersectionOverUnion(a: Runs, b: Runs): number {
  const shared = intersectionArea(a, b);
  const joint = areaOfRuns(a) + areaOfRuns(b) - shared;
  return joint === 0 ? 0 : shared / joint;
}

/** Whether the pixel (row * width + column) is in the mask. */
export function runsContain(runs: Runs, pixel: number): boolean {
  let low = 0;
  let high = runs.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((runs[2 * middle] ?? 0) <= pixel) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return false;
  return pixel < (runs[2 * low - 2] ?? 0) + (runs[2 * low - 1] ?? 0);
}

/** A byte a pixel: 1 inside, 0 outside. `size` is width * height of the picture. */
export function maskOfRuns(runs: Runs, size: number): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(size);
  for (let i = 0; i < runs.length; i += 2) {
    const start = runs[i] ?? 0;
    mask.fill(1, start, start + (runs[i + 1] ?? 0));
  }
  return mask;
}

/** A bit a pixel, 32 to a word, lowest bit first. `size` is width * height of the picture. */
export function bitMaskOfRuns(runs: Runs, size: number): Uint32Array<ArrayBuffer> {
  const bits = new Uint32Array(Math.ceil(size / 32));
  for (let i = 0; i < runs.length; i += 2) {
    let pixel = runs[i] ?? 0;
    const end = pixel + (runs[i + 1] ?? 0);
    while (pixel < end) {
      const word = pixel >>> 5;
      const first = pixel & 31;
      const count = Math.min(32 - first, end - pixel);
      const ones = count === 32 ? 0xffffffff : ((1 << count) - 1) << first;
      bits[word] = (bits[word] ?? 0) | ones;
      pixel += count;
    }
  }
  return bits;
}
