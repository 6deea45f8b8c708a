/** RGBA pixels, row-major, 4 bytes each; alpha is not looked at. */
export interface PixelSource {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray;
}

/** How a model wants its numbers: (value / 255 - mean) / std, for red, green and blue. */
export interface Normalisation {
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/**
 * Resizes a picture and writes it as planar floats, red, green, blue, each width * height, row-major: the form of an
 * image model's input. The filter is a triangle as wide as one pixel of the coarser grid: bilinear when enlarging,
 * and without aliasing when reducing, each axis by itself.
 * @param out at least 3 * width * height numbers from `offset` on.
 */
export function resizeToPlanes(
  source: PixelSource,
  width: number,
  height: number,
  { mean, std }: Normalisation,
  out: Float32Array,
  offset = 0,
): void {
  const across = filterTaps(source.width, width);
  const down = filterTaps(source.height, height);
  const strips = resizeRows(source, across, width);
  const plane = width * height;
  for (let channel = 0; channel < 3; channel += 1) {
    const scale = 1 / (255 * (std[channel] ?? 1));
    const shift = (mean[channel] ?? 0) / (std[channel] ?? 1);
    const target = out.subarray(offset + channel * plane, offset + (channel + 1) * plane);
    resizeColumns(strips.subarray(channel * width * source.height), down, width, scale, shift, target);
  }
}

/** Sparse rows: output i is the sum of weights[k] * input[first[i] + k - start[i]] for k in start[i] .. start[i+1]-1. */
interface FilterTaps {
  readonly first: Uint32Array;
  readonly start: Uint32Array;
  readonly weights: Float32Array;
}

function filterTaps(from: number, to: number): FilterTaps {
  const scale = from / to;
  const radius = Math.max(1, scale);
  const first = new Uint32Array(to);
  const start = new Uint32Array(to + 1);
  const weights: number[] = [];
  for (let i = 0; i < to; i += 1) {
    const centre = (i + 0.5) * scale;
    const begin = Math.max(0, Math.floor(centre - radius));
    const end = Math.min(from, Math.ceil(centre + radius));
    let total = 0;
    for (let j = begin; j < end; j += 1) {
      const weight = Math.max(0, 1 - Math.abs(j + 0.5 - centre) / radius);
      total += weight;
      weights.push(weight);
    }
    first[i] = begin;
    start[i + 1] = weights.length;
    // Taps beyond the border are left out, the rest is scaled up.
    for (let k = start[i] ?? 0; k < weights.length; k += 1) weights[k] = (weights[k] ?? 0) / total;
  }
  return { first, start, weights: Float32Array.from(weights) };
}

/** Every row to the new width: three planes of source.height rows. */
function resizeRows({ pixels, width, height }: PixelSource, taps: FilterTaps, newWidth: number): Float32Array {
  const { first, start, weights } = taps;
  const plane = newWidth * height;
  const strips = new Float32Array(3 * plane);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < newWidth; x += 1) {
      let red = 0;
      let green = 0;
      let blue = 0;
      let pixel = 4 * (y * width + (first[x] ?? 0));
      const end = start[x + 1] ?? 0;
      for (let k = start[x] ?? 0; k < end; k += 1, pixel += 4) {
        const weight = weights[k] ?? 0;
        red += weight * (pixels[pixel] ?? 0);
        green += weight * (pixels[pixel + 1] ?? 0);
        blue += weight * (pixels[pixel + 2] ?? 0);
      }
      const target = y * newWidth + x;
      strips[target] = red;
      strips[target + plane] = green;
      strips[target + 2 * plane] = blue;
    }
  }
  return strips;
}

/** One plane to the new height: out = scale * filtered - shift. */
function resizeColumns(
  strip: Float32Array,
  { first, start, weights }: FilterTaps,
  width: number,
  scale: number,
  shift: number,
  out: Float32Array,
): void {
  for (let y = 0; y + 1 < start.length; y += 1) {
    const row = y * width;
    out.fill(-shift, row, row + width);
    let source = (first[y] ?? 0) * width;
    const end = start[y + 1] ?? 0;
    for (let k = start[y] ?? 0; k < end; k += 1, source += width) {
      const weight = scale * (weights[k] ?? 0);
      for (let x = 0; x < width; x += 1) out[row + x] = (out[row + x] ?? 0) + weight * (strip[source + x] ?? 0);
    }
  }
}
