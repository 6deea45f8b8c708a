/** Live GPU objects that are owned by this code; those of ONNX Runtime are its own affair. */
export interface GpuCounts {
  readonly buffers: number;
  readonly textures: number;
  /** Bytes of live buffers and textures together. */
  readonly bytes: number;
}

/** Counts live objects by kind. Owned objects report their own making and freeing; nobody else writes here. */
export class GpuCounters {
  #buffers = 0;
  #textures = 0;
  #bytes = 0;

  /** The counts now; a copy, not a live view. */
  read(): GpuCounts {
    return { buffers: this.#buffers, textures: this.#textures, bytes: this.#bytes };
  }

  buffer(change: 1 | -1, bytes: number): void {
    this.#buffers += change;
    this.#bytes += change * bytes;
  }

  texture(change: 1 | -1, bytes: number): void {
    this.#textures += change;
    this.#bytes += change * bytes;
  }
}
