import { dotProducts } from "../dot-products/dot-products.ts";

/** A B', both size x size and row-major: products of rows, summed in single precision, four numbers at a time. */
export function timesTransposed(left: ArrayLike<number>, right: ArrayLike<number>, size: number): Float64Array {
  const result = new Float64Array(size * size);
  const rows = (matrix: ArrayLike<number>) => ({
    data: matrix instanceof Float32Array ? matrix : Float32Array.from(matrix),
    first: 0,
    count: size,
  });
  dotProducts(rows(left), rows(right), size, result);
  return result;
}

/** A', in single precision. */
export function transposed(matrix: ArrayLike<number>, size: number): Float32Array {
  const turned = new Float32Array(size * size);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < size; j += 1) turned[j * size + i] = matrix[i * size + j] ?? 0;
  }
  return turned;
}
