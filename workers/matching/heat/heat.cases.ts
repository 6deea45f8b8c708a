import type { Descriptors } from "../../imaging/patch-tokens.ts";
import { randomNumbers, seededRandom } from "../../seeded-random.ts";
import { HEAT_WORKGROUP, type HeatQuery } from "./layout.ts";

/** One case of the heat map, for the kernel and for its CPU twin. */
export interface HeatCase {
  readonly name: string;
  readonly patches: Descriptors;
  readonly query: HeatQuery;
}

/** Both sum in single precision, in orders of their own; rows are about unit length. */
export const HEAT_TOLERANCE = 1e-4;

function rowsOf(count: number, dimensions: number, seed: number): Float32Array<ArrayBuffer> {
  const scale = 1 / Math.sqrt(dimensions / 3);
  return randomNumbers(count * dimensions, seededRandom(seed)).map((value) => value * scale);
}

function heatCase(
  name: string,
  count: number,
  dimensions: number,
  vectors: number,
  weights: readonly [sum: number, max: number],
): HeatCase {
  return {
    name,
    patches: { count, dimensions, data: rowsOf(count, dimensions, count + 31 * dimensions) },
    query: { vectors: rowsOf(vectors, dimensions, 7 * vectors + 1), sumWeight: weights[0], maxWeight: weights[1] },
  };
}

export const heatCases: readonly HeatCase[] = [
  heatCase("no patch", 0, 8, 1, [0, 1]),
  heatCase("one patch and one vector of one number", 1, 1, 1, [0.5, 0.5]),
  heatCase("another patch", 24, 96, 1, [0, 1]),
  heatCase("a reference with three views", 70, HEAT_WORKGROUP - 1, 3, [0, 1]),
  heatCase("a class: half prototype, half nearest", 768, 384, 19, [0.04, 0.5]),
  heatCase("the sum alone, numbers not a multiple of the threads", 40, 2 * HEAT_WORKGROUP + 5, 9, [1 / 9, 0]),
];

/** Written down directly from the definition. */
export function heatByDefinition({ patches: { count, dimensions, data }, query }: HeatCase): number[] {
  return Array.from({ length: count }, (_, patch) => {
    const products = Array.from({ length: query.vectors.length / dimensions }, (_, vector) => {
      let product = 0;
      for (let d = 0; d < dimensions; d += 1) {
        product += (data[patch * dimensions + d] ?? NaN) * (query.vectors[vector * dimensions + d] ?? NaN);
      }
      return product;
    });
    return query.sumWeight * products.reduce((sum, one) => sum + one, 0) + query.maxWeight * Math.max(...products);
  });
}
