import { EngineError } from "../contract.ts";
import type { Gpu } from "./device.ts";

/** Bytes of one texel, for the counters; also the list of formats that this code makes textures of. */
const TEXEL_BYTES = {
  r8unorm: 1,
  r8uint: 1,
  r16uint: 2,
  r32uint: 4,
  r32float: 4,
  rgba8unorm: 4,
  "rgba8unorm-srgb": 4,
  bgra8unorm: 4,
  rgba16float: 8,
} as const satisfies Partial<Record<GPUTextureFormat, number>>;

export interface TextureSpec {
  /** Says in error messages and GPU debuggers what this is. */
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly format: keyof typeof TEXEL_BYTES;
  readonly usage: GPUTextureUsageFlags;
}

/** A 2D GPU texture with one mip level and an owner: counted while it lives, freed once. */
export class OwnedTexture {
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly texture: GPUTexture;
  readonly #gpu: Gpu;
  #destroyed = false;

  /** @throws EngineError "out-of-memory" when a side is longer than the device allows. */
  constructor(gpu: Gpu, { label, width, height, format, usage }: TextureSpec) {
    this.label = label;
    this.width = width;
    this.height = height;
    this.bytes = width * height * TEXEL_BYTES[format];
    this.#gpu = gpu;
    const most = gpu.device.limits.maxTextureDimension2D;
    if (width > most || height > most) {
      throw new EngineError("out-of-memory", `The graphics device has no texture large enough for ${label}.`, {
        width,
        height,
        most,
      });
    }
    this.texture = gpu.device.createTexture({ label, size: { width, height }, format, usage });
    gpu.counters.texture(1, this.bytes);
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.texture.destroy();
    this.#gpu.counters.texture(-1, this.bytes);
  }
}
