/** Numbers that the heat kernel, its CPU twin and their callers share. */

/** Threads of a workgroup, one a patch. */
export const HEAT_WORKGROUP = 64;

/** `Parameters` of the kernel. */
export const HEAT_PARAMETERS = {
  patches: "u32",
  dimensions: "u32",
  vectors: "u32",
  sumWeight: "f32",
  maxWeight: "f32",
} as const;

/**
 * What patches are compared with: value = sumWeight * sum_i <x, v_i> + maxWeight * max_i <x, v_i>. For a class with
 * references v_i that is s of the match when the weights are 1/2 over the length of their sum, and 1/2.
 */
export interface HeatQuery {
  /** V x D unit rows, V >= 1. */
  readonly vectors: Float32Array<ArrayBuffer>;
  readonly sumWeight: number;
  readonly maxWeight: number;
}
