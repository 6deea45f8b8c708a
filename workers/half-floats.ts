/**
 * Numbers of 16 bits (IEEE 754 binary16, packed in a Uint16Array): a descriptor loses less than 0.05 % of each number and
 * takes half the room. Written out, because Float16Array is missing in browsers that Lookalike still runs in.
 */

/** The largest finite half: what is larger is clamped to it, so that no infinity comes in. */
const LARGEST = 65504;

const scratch = new Float32Array(1);
const bits = new Uint32Array(scratch.buffer);

/** The nearest half of a finite number, ties to even; beyond the range, the end of the range. */
function halfOf(value: number): number {
  scratch[0] = Math.max(-LARGEST, Math.min(LARGEST, value));
  const word = bits[0] ?? 0;
  const sign = (word >>> 16) & 0x8000;
  const exponent = ((word >>> 23) & 0xff) - 127;
  const fraction = word & 0x7fffff;
  // Below half of the smallest subnormal, 2^-24, nothing is left.
  if (exponent < -25) return sign;
  // Subnormal halves count in steps of 2^-24, with the leading one written out.
  const shift = exponent < -14 ? -1 - exponent : 13;
  const whole = exponent < -14 ? fraction | 0x800000 : ((exponent + 15) << 23) | fraction;
  const kept = whole >>> shift;
  const rest = whole & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  // Rounding up may carry into the exponent, which is then the right one.
  return sign | (rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept);
}

/** Every half as a number, made when first needed: 256 KiB, and then no arithmetic. */
let table: Float32Array | null = null;

function tableOfHalves(): Float32Array {
  if (table) return table;
  table = new Float32Array(0x10000);
  for (let half = 0; half < table.length; half += 1) {
    const exponent = (half >>> 10) & 0x1f;
    const fraction = half & 0x3ff;
    const size =
      exponent === 31
        ? fraction === 0
          ? Infinity
          : Number.NaN
        : exponent === 0
          ? fraction * 2 ** -24
          : (1 + fraction / 1024) * 2 ** (exponent - 15);
    table[half] = half & 0x8000 ? -size : size;
  }
  return table;
}

/** Packs numbers. NaN is not expected, and would become a NaN. */
export function toHalves(values: Float32Array): Uint16Array<ArrayBuffer> {
  const halves = new Uint16Array(values.length);
  for (let at = 0; at < values.length; at += 1) halves[at] = halfOf(values[at] ?? 0);
  return halves;
}

/** Unpacks numbers. */
export function fromHalves(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const known = tableOfHalves();
  const values = new Float32Array(halves.length);
  for (let at = 0; at < halves.length; at += 1) values[at] = known[halves[at] ?? 0] ?? 0;
  return values;
}

/** Whether no half is infinite or NaN. */
export function areFiniteHalves(halves: Uint16Array): boolean {
  for (let at = 0; at < halves.length; at += 1) if (((halves[at] ?? 0) & 0x7c00) === 0x7c00) return false;
  return true;
}
