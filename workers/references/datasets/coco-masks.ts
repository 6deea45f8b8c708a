import { type Runs, runsOfMask } from "../../imaging/runs.ts";

/** Run lengths column by column, in turn outside and inside, plain or as text. */
export interface CocoRuns {
  /** Height, width. */
  readonly size: readonly [number, number];
  readonly counts: readonly number[] | string;
}

/** Rings of x and y in turn. */
export type CocoPolygons = readonly (readonly number[])[];

/**
 * A mask in COCO's format as runs over rows.
 * @returns null when it is not well-formed: lengths that do not add up to the picture, characters out of range
 */
export function runsOfCoco(segmentation: CocoPolygons | CocoRuns, width: number, height: number): Runs | null {
  if (!("counts" in segmentation)) return runsOfMask(filled(segmentation, width, height));
  if (segmentation.size[0] !== height || segmentation.size[1] !== width) return null;
  const { counts } = segmentation;
  const lengths = typeof counts === "string" ? lengthsOfText(counts) : counts;
  return lengths && runsOfColumns(lengths, width, height);
}

function runsOfColumns(lengths: readonly number[], width: number, height: number): Runs | null {
  const mask = new Uint8Array(width * height);
  let at = 0;
  for (const [index, length] of lengths.entries()) {
    if (!Number.isInteger(length) || length < 0 || at + length > mask.length) return null;
    const end = at + length;
    if (index % 2 === 1) {
      for (let place = at; place < end; place += 1) mask[(place % height) * width + Math.floor(place / height)] = 1;
    }
    at = end;
  }
  return at === mask.length ? runsOfMask(mask) : null;
}

/**
 * Lengths from COCO's text: characters of six bits from "0" on, five of number, lowest first, and one that says whether
 * more follow; the last one's fifth bit is the sign. From the fourth length on, a length is the difference to the one
 * before the last.
 */
export function lengthsOfText(text: string): readonly number[] | null {
  const lengths: number[] = [];
  let value = 0;
  let shift = 0;
  for (let at = 0; at < text.length; at += 1) {
    const bits = text.charCodeAt(at) - 48;
    if (bits < 0 || bits > 63 || shift > 30) return null;
    value |= (bits & 31) << shift;
    shift += 5;
    if ((bits & 32) !== 0) continue;
    if ((bits & 16) !== 0 && shift < 32) value |= -1 << shift;
    const length = lengths.length > 2 ? value + (lengths.at(-2) ?? 0) : value;
    if (length < 0) return null;
    lengths.push(length);
    value = 0;
    shift = 0;
  }
  return shift === 0 ? lengths : null;
}

/** Pixels whose centre lies in any of the polygons. Each is filled even-odd; they may overlap, and none is a hole. */
function filled(polygons: CocoPolygons, width: number, height: number): Uint8Array {
  const mask = new Uint8Array(width * height);
  for (const polygon of polygons) fill(mask, polygon, width, height);
  return mask;
}

function fill(mask: Uint8Array, polygon: readonly number[], width: number, height: number): void {
  const crossings: number[] = [];
  const [top, bottom] = verticalExtent(polygon, height);
  for (let y = top; y < bottom; y += 1) {
    const middle = y + 0.5;
    crossings.length = 0;
    for (let at = 0; at + 1 < polygon.length; at += 2) {
      const next = at + 3 < polygon.length ? at + 2 : 0;
      const [y0, y1] = [polygon[at + 1] ?? 0, polygon[next + 1] ?? 0];
      if (y0 <= middle === y1 <= middle) continue;
      const [x0, x1] = [polygon[at] ?? 0, polygon[next] ?? 0];
      crossings.push(x0 + ((middle - y0) / (y1 - y0)) * (x1 - x0));
    }
    crossings.sort((a, b) => a - b);
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      const from = Math.max(0, Math.ceil((crossings[pair] ?? 0) - 0.5));
      const to = Math.min(width, Math.ceil((crossings[pair + 1] ?? 0) - 0.5));
      if (to > from) mask.fill(1, y * width + from, y * width + to);
    }
  }
}

/** Rows of the picture that a polygon reaches into. */
function verticalExtent(polygon: readonly number[], height: number): readonly [number, number] {
  let [top, bottom] = [height, 0];
  for (let at = 1; at < polygon.length; at += 2) {
    top = Math.min(top, Math.floor(polygon[at] ?? 0));
    bottom = Math.max(bottom, Math.ceil(polygon[at] ?? 0));
  }
  return [Math.max(0, top), Math.min(height, bottom)];
}
