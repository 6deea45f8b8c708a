import { LUMA, parseColour } from "./look.ts";

/** How like something each patch of a picture is, to be painted in place of the classes. */
export interface PaintHeat {
  readonly columns: number;
  readonly rows: number;
  /** rows * columns, row-major; patch (r, c) covers the rectangle [c, c+1) x [r, r+1) of the picture in that grid. */
  readonly values: Float32Array<ArrayBuffer>;
  /** The ends of the colour ramp, low < high; values beyond them take the end's colour. */
  readonly low: number;
  readonly high: number;
}

/**
 * From least to most: dark violet over blue and green to pale yellow. Lightness rises all the way, so that the order can
 * be seen without telling red from green or blue from yellow, and in grey.
 */
export const HEAT_STOPS = ["#1a1040", "#3b4396", "#2a8a94", "#86c96a", "#fdf4a8"] as const;

/** Colours of the ramp. */
export const RAMP_SIZE = 256;

/** Samples of the layer that the 2D painter draws, along each side of a patch. */
const SAMPLES = 8;

/** The ramp, a number a colour: 0xAABBGGRR, alpha 255. */
export function heatRamp(): Uint32Array<ArrayBuffer> {
  const stops = HEAT_STOPS.map((stop) => parseColour(stop));
  return Uint32Array.from({ length: RAMP_SIZE }, (_, place) => {
    const along = (place / (RAMP_SIZE - 1)) * (stops.length - 1);
    const before = Math.min(stops.length - 2, Math.floor(along));
    const [from, to] = [stops[before] ?? [0, 0, 0], stops[before + 1] ?? [0, 0, 0]];
    const channel = (at: 0 | 1 | 2) => Math.round(from[at] + (to[at] - from[at]) * (along - before));
    return ((255 << 24) | (channel(2) << 16) | (channel(1) << 8) | channel(0)) >>> 0;
  });
}

/**
 * The ramp's colours over a picture, interpolated between the patches' centres, as RGBA of a grid SAMPLES times as fine.
 * The CPU twin of `heat_at` in painting.wgsl.
 */
export function heatLayer({ columns, rows, values, low, high }: PaintHeat): {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
} {
  const [width, height] = [columns * SAMPLES, rows * SAMPLES];
  const ramp = heatRamp();
  const colours = new Uint32Array(width * height);
  const scale = (RAMP_SIZE - 1) / (high - low);
  for (let y = 0; y < height; y += 1) {
    const down = Math.min(rows - 1, Math.max(0, (y + 0.5) / SAMPLES - 0.5));
    const above = Math.floor(down) * columns;
    const below = Math.min(rows - 1, Math.floor(down) + 1) * columns;
    for (let x = 0; x < width; x += 1) {
      const along = Math.min(columns - 1, Math.max(0, (x + 0.5) / SAMPLES - 0.5));
      const left = Math.floor(along);
      const right = Math.min(columns - 1, left + 1);
      const top = mix(values[above + left] ?? 0, values[above + right] ?? 0, along - left);
      const bottom = mix(values[below + left] ?? 0, values[below + right] ?? 0, along - left);
      const value = mix(top, bottom, down - Math.floor(down));
      const place = Math.min(RAMP_SIZE - 1, Math.max(0, Math.round((value - low) * scale)));
      colours[y * width + x] = ramp[place] ?? 0;
    }
  }
  return { width, height, pixels: new Uint8ClampedArray(colours.buffer) };
}

const mix = (a: number, b: number, share: number): number => a + (b - a) * share;

/** The picture in grey, which the heat map lies over. @param out RGBA, written whole */
export function greyPicture(pixels: Uint8ClampedArray, out: Uint8ClampedArray): void {
  for (let at = 0; at < pixels.length; at += 4) {
    const grey = LUMA[0] * (pixels[at] ?? 0) + LUMA[1] * (pixels[at + 1] ?? 0) + LUMA[2] * (pixels[at + 2] ?? 0);
    out[at] = grey;
    out[at + 1] = grey;
    out[at + 2] = grey;
    out[at + 3] = 255;
  }
}
