import type { Gpu } from "./device.ts";
import { OwnedBuffer } from "./owned-buffer.ts";
import { packStruct } from "./scalar-struct.ts";
import type { ScalarLayout, ScalarValues } from "./scalar-struct.ts";

/** Buffers that live as long as one piece of work: made through the scope, freed together with it. */
export class BufferScope {
  readonly #gpu: Gpu;
  readonly #buffers: OwnedBuffer[] = [];

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** A storage buffer filled with an array; can be read back. */
  input(label: string, data: ArrayBufferView<ArrayBuffer>): OwnedBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
    return this.#keep(OwnedBuffer.from(this.#gpu, label, data, usage));
  }

  /** A storage buffer of zeros that shaders write; can be read back. */
  output(label: string, size: number): OwnedBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
    return this.#keep(new OwnedBuffer(this.#gpu, { label, size, usage }));
  }

  /** A uniform buffer with the parameters of one dispatch. */
  parameters<Layout extends ScalarLayout>(label: string, layout: Layout, values: ScalarValues<Layout>): OwnedBuffer {
    return this.#keep(OwnedBuffer.from(this.#gpu, label, packStruct(layout, values), GPUBufferUsage.UNIFORM));
  }

  /** Idempotent. Work already submitted still finishes. */
  destroy(): void {
    for (const buffer of this.#buffers.splice(0)) buffer.destroy();
  }

  #keep(buffer: OwnedBuffer): OwnedBuffer {
    this.#buffers.push(buffer);
    return buffer;
  }
}
