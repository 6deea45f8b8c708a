import { dotProducts } from "./dot-products.ts";

/** Rows that are multiplied at once. */
const STRIP = 64;

/**
 * gram += X' S X, where the rows of X are the vectors, each followed by a one, and S holds their weights: second moments,
 * in the last row and column weighted sums, and in the last corner the sum of the weights.
 * @param gram (D + 1) x (D + 1), symmetric. @param vectors D numbers each, some thousand at most: products are summed in
 * single precision. @param weights not negative, one a vector
 */
export function addWeightedProducts(
  gram: Float64Array,
  vectors: readonly Float32Array[],
  weights: readonly number[],
  dimensions: number,
): void {
  const size = dimensions + 1;
  const count = vectors.length;
  // Columns become rows, so that the products of all pairs are products of rows.
  const columns = new Float32Array(size * count);
  vectors.forEach((vector, at) => {
    const root = Math.sqrt(weights[at] ?? 0);
    for (let d = 0; d < dimensions; d += 1) columns[d * count + at] = root * (vector[d] ?? 0);
    columns[dimensions * count + at] = root;
  });
  // The matrix is symmetric: only what lies on and above its diagonal is multiplied.
  const products = new Float32Array(STRIP * size);
  for (let first = 0; first < size; first += STRIP) {
    const height = Math.min(STRIP, size - first);
    const width = size - first;
    const right = { data: columns, first, count: width };
    dotProducts({ data: columns, first, count: height }, right, count, products);
    for (let i = 0; i < height; i += 1) {
      for (let j = i; j < width; j += 1) {
        const [row, column] = [first + i, first + j];
        const sum = (gram[row * size + column] ?? 0) + (products[i * width + j] ?? 0);
        gram[row * size + column] = sum;
        gram[column * size + row] = sum;
      }
    }
  }
}
