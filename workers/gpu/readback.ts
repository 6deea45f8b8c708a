import { EngineError } from "../contract.ts";
import type { Gpu } from "./device.ts";
import { OwnedBuffer } from "./owned-buffer.ts";

/** What to read: `bytes` from the start of a buffer that has COPY_SRC. */
export interface ReadbackSource {
  readonly buffer: OwnedBuffer;
  readonly bytes: number;
}

/**
 * Submits the commands recorded so far; resolves when they are known to be valid, not when they are done.
 * @throws EngineError "internal" when the commands are not valid: what they write would stay as it was.
 */
export async function submit({ device }: Gpu, encoder: GPUCommandEncoder): Promise<void> {
  // Pushed and popped without waiting in between: the device is shared, and error scopes are one stack.
  device.pushErrorScope("validation");
  device.queue.submit([encoder.finish()]);
  const error = await device.popErrorScope();
  if (error) throw new EngineError("internal", `The graphics device refused the commands: ${error.message}`);
}

/**
 * Submits the commands recorded so far, then copies buffers to the CPU, all in one round trip.
 * @returns one ArrayBuffer a source, in order; each belongs to the caller.
 * @throws EngineError "gpu-lost" when the device goes away meanwhile; "internal" as submit does.
 */
export async function submitAndRead(
  gpu: Gpu,
  encoder: GPUCommandEncoder,
  sources: readonly ReadbackSource[],
): Promise<ArrayBuffer[]> {
  const offsets: number[] = [];
  let size = 0;
  for (const { bytes } of sources) {
    offsets.push(size);
    size += copiedBytes(bytes);
  }
  const staging = new OwnedBuffer(gpu, {
    label: "readback",
    size,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  try {
    sources.forEach(({ buffer, bytes }, index) => {
      encoder.copyBufferToBuffer(buffer.buffer, 0, staging.buffer, offsets[index] ?? 0, copiedBytes(bytes));
    });
    await Promise.all([submit(gpu, encoder), mapForReading(staging)]);
    const mapped = staging.buffer.getMappedRange();
    return sources.map(({ bytes }, index) => {
      const start = offsets[index] ?? 0;
      return mapped.slice(start, start + bytes);
    });
  } finally {
    staging.destroy();
  }
}

/** Copies go in steps of 4 bytes. */
function copiedBytes(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

async function mapForReading(staging: OwnedBuffer): Promise<void> {
  try {
    await staging.buffer.mapAsync(GPUMapMode.READ);
  } catch (error) {
    throw new EngineError("gpu-lost", "The graphics device went away while results were read.", {}, error);
  }
}
