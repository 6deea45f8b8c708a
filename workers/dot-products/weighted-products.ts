import { dotProducts } from "./dot-products.ts";

/**
 * gram += X' S X, where the rows of X are the vectors, each followed by a one, and S holds their weights: second moments,
 * in the last row and column weighted sums, and in the last corner the sum of the weights.
 * @param gram (D + 1) x (D + 1), row-major. @param vectors D numbers each, some thousand at most: products are summed in
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
  const products = new Float32Array(size * size);
  const rows = { data: columns, first: 0, count: size };
  dotProducts(rows, rows, count, products);
  for (let at = 0; at < gram.length; at += 1) gram[at] = (gram[at] ?? 0) + (products[at] ?? 0);
}
