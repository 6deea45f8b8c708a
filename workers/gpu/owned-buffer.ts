import { EngineError } from "../contract.ts";
import type { Gpu } from "./device.ts";

/** No buffer is smaller: an empty array of vectors must still be bindable, and a shader's smallest binding is one. */
const SMALLEST = 16;

export interface BufferSpec {
  /** Says in error messages and GPU debuggers what this is. */
  readonly label: string;
  /** Bytes; rounded up to a multiple of 4, as WebGPU wants. */
  readonly size: number;
  readonly usage: GPUBufferUsageFlags;
}

/** A GPU buffer with an owner: counted while it lives, freed once, whoever calls destroy() how often. */
export class OwnedBuffer {
  readonly label: string;
  /** Bytes really held. */
  readonly size: number;
  readonly buffer: GPUBuffer;
  readonly #gpu: Gpu;
  #destroyed = false;

  /** @throws EngineError "out-of-memory" when one buffer of this device cannot be that large. */
  constructor(gpu: Gpu, { label, size, usage }: BufferSpec) {
    this.label = label;
    this.size = Math.max(SMALLEST, Math.ceil(size / 4) * 4);
    this.#gpu = gpu;
    const most = gpu.device.limits.maxBufferSize;
    if (this.size > most) {
      throw new EngineError("out-of-memory", `The graphics device has no buffer large enough for ${label}.`, {
        bytes: this.size,
        most,
      });
    }
    this.buffer = gpu.device.createBuffer({ label, size: this.size, usage });
    gpu.counters.buffer(1, this.size);
  }

  /** A buffer that starts with the bytes of an array; COPY_DST is added to the usage. */
  static from(gpu: Gpu, label: string, data: ArrayBufferView<ArrayBuffer>, usage: GPUBufferUsageFlags): OwnedBuffer {
    const owned = new OwnedBuffer(gpu, { label, size: data.byteLength, usage: usage | GPUBufferUsage.COPY_DST });
    owned.write(data);
    return owned;
  }

  /** Queues a write at a byte offset (a multiple of 4); the data's length must be a multiple of 4 bytes too. */
  write(data: ArrayBufferView<ArrayBuffer>, offset = 0): void {
    if (data.byteLength > 0) this.#gpu.device.queue.writeBuffer(this.buffer, offset, data);
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.buffer.destroy();
    this.#gpu.counters.buffer(-1, this.size);
  }
}
