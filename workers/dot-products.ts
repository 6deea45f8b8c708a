/** Rows first .. first + count - 1 of a row-major matrix. */
export interface Rows {
  readonly data: Float32Array;
  readonly first: number;
  readonly count: number;
}

/**
 * All dot products of two sets of rows: out[i * right.count + j] = <left row i, right row j>, over the first `length`
 * numbers of rows that are `dimensions` long. Sums are double precision. The work is done in blocks of two by four
 * rows, so that every number fetched is used several times.
 */
export function dotProducts(
  left: Rows,
  right: Rows,
  dimensions: number,
  out: Float32Array | Float64Array,
  length = dimensions,
): void {
  const wide = left.count - (left.count % 2);
  const tall = right.count - (right.count % 4);
  for (let i = 0; i < wide; i += 2) {
    for (let j = 0; j < tall; j += 4) twoByFour(left, right, dimensions, length, i, j, out);
    for (let j = tall; j < right.count; j += 1) {
      oneByOne(left, right, dimensions, length, i, j, out);
      oneByOne(left, right, dimensions, length, i + 1, j, out);
    }
  }
  for (let i = wide; i < left.count; i += 1) {
    for (let j = 0; j < right.count; j += 1) oneByOne(left, right, dimensions, length, i, j, out);
  }
}

// The `?? 0` below are for the compiler's sake: every index is inside its array.

function oneByOne(
  left: Rows,
  right: Rows,
  dimensions: number,
  length: number,
  i: number,
  j: number,
  out: Float32Array | Float64Array,
): void {
  const a = left.data;
  const b = right.data;
  const a0 = (left.first + i) * dimensions;
  const b0 = (right.first + j) * dimensions;
  let sum = 0;
  for (let d = 0; d < length; d += 1) sum += (a[a0 + d] ?? 0) * (b[b0 + d] ?? 0);
  out[i * right.count + j] = sum;
}

function twoByFour(
  left: Rows,
  right: Rows,
  dimensions: number,
  length: number,
  i: number,
  j: number,
  out: Float32Array | Float64Array,
): void {
  const a = left.data;
  const b = right.data;
  let p = (left.first + i) * dimensions;
  let q = (right.first + j) * dimensions;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  for (const end = p + length; p < end; p += 1, q += 1) {
    const x0 = a[p] ?? 0;
    const x1 = a[p + dimensions] ?? 0;
    const y0 = b[q] ?? 0;
    const y1 = b[q + dimensions] ?? 0;
    const y2 = b[q + 2 * dimensions] ?? 0;
    const y3 = b[q + 3 * dimensions] ?? 0;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
  }
  const row = i * right.count + j;
  const next = row + right.count;
  out[row] = s00;
  out[row + 1] = s01;
  out[row + 2] = s02;
  out[row + 3] = s03;
  out[next] = s10;
  out[next + 1] = s11;
  out[next + 2] = s12;
  out[next + 3] = s13;
}
