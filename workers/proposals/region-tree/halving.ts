import type { PixelSource } from "../../imaging/resize.ts";

/** RGBA pixels that belong to nobody else. */
export interface Pixels extends PixelSource {
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** Half the width and height, rounded up; every pixel the mean of the up to four that it covers. */
export function halved({ width, height, pixels }: PixelSource): Pixels {
  const [columns, rows] = [(width + 1) >>> 1, (height + 1) >>> 1];
  const out = new Uint8ClampedArray(4 * columns * rows);
  for (let row = 0; row < rows; row++) {
    const above = 4 * width * (2 * row);
    // At an odd border the last pixel counts twice.
    const below = 2 * row + 1 < height ? above + 4 * width : above;
    for (let column = 0; column < columns; column++) {
      const left = 8 * column;
      const right = 2 * column + 1 < width ? left + 4 : left;
      const to = 4 * (row * columns + column);
      for (let channel = 0; channel < 4; channel++) {
        const sum =
          (pixels[above + left + channel] ?? 0) +
          (pixels[above + right + channel] ?? 0) +
          (pixels[below + left + channel] ?? 0) +
          (pixels[below + right + channel] ?? 0);
        out[to + channel] = (sum + 2) >>> 2;
      }
    }
  }
  return { width: columns, height: rows, pixels: out };
}

/**
 * A label map of a halved picture brought to full size. Along the borders between labels every pixel goes over to the
 * label of the neighbouring half-size pixel that is nearer to it in colour, as long as no piece falls apart: labels that
 * were 4-connected stay so.
 */
export function refined(labels: Uint16Array, half: Pixels, full: PixelSource): Uint16Array<ArrayBuffer> {
  const { width, height, pixels } = full;
  const [columns, rows] = [half.width, half.height];
  const map = new Uint16Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = (y >>> 1) * columns;
    for (let x = 0; x < width; x++) map[y * width + x] = labels[row + (x >>> 1)] ?? 0;
  }
  for (let y = 0; y < height; y++) {
    const row = (y >>> 1) * columns;
    const nextRow = (y & 1) === 1 ? (y >>> 1) + 1 : (y >>> 1) - 1;
    const beyond = nextRow >= 0 && nextRow < rows ? nextRow * columns : row;
    for (let x = 0; x < width; x++) {
      const column = x >>> 1;
      const nextColumn = (x & 1) === 1 ? column + 1 : column - 1;
      const own = row + column;
      const beside = nextColumn >= 0 && nextColumn < columns ? row + nextColumn : own;
      const across = beyond + column;
      const label = labels[own] ?? 0;
      if (labels[beside] === label && labels[across] === label) continue;
      const pixel = y * width + x;
      let best = own;
      let least = colourGap(pixels, pixel, half.pixels, own);
      for (let side = 0; side < 2; side++) {
        const other = side === 0 ? beside : across;
        const gap = labels[other] === label ? least : colourGap(pixels, pixel, half.pixels, other);
        if (gap < least) {
          least = gap;
          best = other;
        }
      }
      const wanted = labels[best] ?? 0;
      if (wanted !== label && mayGoOver(map, x, y, width, height, label, wanted)) map[pixel] = wanted;
    }
  }
  return map;
}

function colourGap(one: Uint8ClampedArray, pixel: number, other: Uint8ClampedArray, cell: number): number {
  const red = (one[4 * pixel] ?? 0) - (other[4 * cell] ?? 0);
  const green = (one[4 * pixel + 1] ?? 0) - (other[4 * cell + 1] ?? 0);
  const blue = (one[4 * pixel + 2] ?? 0) - (other[4 * cell + 2] ?? 0);
  return red * red + green * green + blue * blue;
}

/**
 * Whether a pixel can change its label and both labels stay 4-connected: it touches the new one, and among its eight
 * neighbours those of the old one hang together (Yokoi's connectivity number is 1).
 */
function mayGoOver(
  map: Uint16Array,
  x: number,
  y: number,
  width: number,
  height: number,
  from: number,
  to: number,
): boolean {
  if (x === 0 || y === 0 || x === width - 1 || y === height - 1) return false;
  const at = y * width + x;
  const [east, north, west, south] = [map[at + 1], map[at - width], map[at - 1], map[at + width]];
  if (east !== to && north !== to && west !== to && south !== to) return false;
  const [e, n, w, s] = [+(east === from), +(north === from), +(west === from), +(south === from)];
  const northEast = +(map[at - width + 1] === from);
  const northWest = +(map[at - width - 1] === from);
  const southWest = +(map[at + width - 1] === from);
  const southEast = +(map[at + width + 1] === from);
  return e - e * northEast * n + (n - n * northWest * w) + (w - w * southWest * s) + (s - s * southEast * e) === 1;
}
