/**
 * Patch tokens of one picture under one model: a rows x columns grid of D numbers each, row-major. The grid covers the
 * whole working image; patch (r, c) covers the rectangle [c, c+1) x [r, r+1) of the picture divided into that grid.
 */
export interface PatchTokens {
  readonly rows: number;
  readonly columns: number;
  /** D. */
  readonly dimensions: number;
  /** rows * columns * D, raw as the model gave them (no CLS, no registers, no normalisation). */
  readonly data: Float32Array<ArrayBuffer>;
}

/** Row vectors of equal length: descriptors of masks, unit length unless said otherwise. */
export interface Descriptors {
  readonly count: number;
  readonly dimensions: number;
  /** count * dimensions. */
  readonly data: Float32Array<ArrayBuffer>;
}
