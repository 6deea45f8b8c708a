/** CIE L*a*b* (D65) of a picture: 3 numbers a pixel, row-major; L 0..100, a and b about -110..100. */
export type LabPixels = Float32Array<ArrayBuffer>;

const CUBE_ROOT_STEPS = 4096;

/** sRGB transfer function (IEC 61966-2-1), 0..255 to linear 0..1. */
const LINEAR = Float32Array.from({ length: 256 }, (_, value) => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
});

/** f(t) of the L*a*b* definition, tabulated over 0..1. */
const CUBE_ROOT = Float32Array.from({ length: CUBE_ROOT_STEPS + 1 }, (_, step) => {
  const t = step / CUBE_ROOT_STEPS;
  return t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116;
});

/** Converts RGBA bytes; alpha is ignored. */
export function labOfPixels(pixels: Uint8ClampedArray<ArrayBuffer>): LabPixels {
  const count = pixels.length / 4;
  const lab = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    const red = LINEAR[pixels[4 * i] ?? 0] ?? 0;
    const green = LINEAR[pixels[4 * i + 1] ?? 0] ?? 0;
    const blue = LINEAR[pixels[4 * i + 2] ?? 0] ?? 0;
    // Linear sRGB to XYZ, each divided by the white point, so that white is 1, 1, 1.
    const x = 0.4339499 * red + 0.3762098 * green + 0.1898403 * blue;
    const y = 0.2126729 * red + 0.7151522 * green + 0.072175 * blue;
    const z = 0.0177566 * red + 0.109468 * green + 0.8727755 * blue;
    const fx = CUBE_ROOT[(x * CUBE_ROOT_STEPS + 0.5) | 0] ?? 1;
    const fy = CUBE_ROOT[(y * CUBE_ROOT_STEPS + 0.5) | 0] ?? 1;
    const fz = CUBE_ROOT[(z * CUBE_ROOT_STEPS + 0.5) | 0] ?? 1;
    lab[3 * i] = 116 * fy - 16;
    lab[3 * i + 1] = 500 * (fx - fy);
    lab[3 * i + 2] = 200 * (fy - fz);
  }
  return lab;
}

/** Binomial 3 x 3 blur (1 2 1 in both directions), edges repeated. */
export function blurred(lab: LabPixels, width: number, height: number): LabPixels {
  const across = new Float32Array(lab.length);
  const out = new Float32Array(lab.length);
  const row = 3 * width;
  for (let y = 0; y < height; y++) {
    const start = y * row;
    const last = start + row - 3;
    for (let i = start; i < start + row; i++) {
      const before = i - 3 < start ? i : i - 3;
      const after = i >= last ? i : i + 3;
      across[i] = 0.25 * ((lab[before] ?? 0) + 2 * (lab[i] ?? 0) + (lab[after] ?? 0));
    }
  }
  for (let y = 0; y < height; y++) {
    const above = y === 0 ? 0 : -row;
    const below = y === height - 1 ? 0 : row;
    for (let i = y * row; i < (y + 1) * row; i++) {
      out[i] = 0.25 * ((across[i + above] ?? 0) + 2 * (across[i] ?? 0) + (across[i + below] ?? 0));
    }
  }
  return out;
}
