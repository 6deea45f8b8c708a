import type { Gpu } from "../gpu/device.ts";
import type { WorkingImage } from "../imaging/working-image.ts";
import { Canvas2dPainter } from "./canvas2d-painter.ts";
import type { PaintHeat } from "./heat-layer.ts";
import type { Painter, PaintMaps, PaintView } from "./painter.ts";
import { scheduleFrames } from "./schedule.ts";
import { WebGpuPainter } from "./webgpu-painter.ts";

/**
 * Holds the canvas and what is to be seen on it, so that the painter can be replaced: when the canvas is, when the
 * device was lost, or when there is a device at last. Paints at most once a frame, always the newest state.
 */
export class Easel {
  #gpu: Gpu | null = null;
  #canvas: OffscreenCanvas | null = null;
  #painter: Painter | null = null;
  #picture: WorkingImage | null = null;
  #maps: PaintMaps | null = null;
  #heat: PaintHeat | null = null;
  #palette: readonly string[] = [];
  #view: PaintView | null = null;
  /** Grows with every change of canvas or device: a painter that was being made for an older one is not wanted. */
  #generation = 0;
  readonly #frames = scheduleFrames(() => this.paintNow());

  get kind(): Painter["kind"] | "none" {
    return this.#painter?.kind ?? "none";
  }

  /** Takes a canvas in place of the one before. Resolves when a painter is there, or is known not to be possible. */
  async attach(canvas: OffscreenCanvas): Promise<void> {
    this.#canvas = canvas;
    await this.#replacePainter();
  }

  /**
   * Paints with this device from now on; null paints in 2D. A canvas keeps the way in which it was first painted: when
   * WebGPU goes for good, `kind` is "none" until another canvas is attached.
   */
  async useDevice(gpu: Gpu | null): Promise<void> {
    this.#gpu = gpu;
    await this.#replacePainter();
  }

  setPicture(image: WorkingImage | null): void {
    this.#picture = image;
    this.#painter?.setPicture(image);
    this.#frames.request();
  }

  setMaps(maps: PaintMaps | null): void {
    this.#maps = maps;
    this.#painter?.setMaps(maps);
    this.#frames.request();
  }

  setHeat(heat: PaintHeat | null): void {
    this.#heat = heat;
    this.#painter?.setHeat(heat);
    this.#frames.request();
  }

  setPalette(colours: readonly string[]): void {
    this.#palette = colours;
    this.#painter?.setPalette(colours);
    this.#frames.request();
  }

  setView(view: PaintView): void {
    this.#view = view;
    this.#frames.request();
  }

  /** Paints without waiting for the frame. Does nothing before there are a canvas and a view. */
  paintNow(): void {
    if (this.#view) this.#painter?.paint(this.#view);
  }

  /** Frees the painter; attaching or choosing a device makes a new one. */
  destroy(): void {
    this.#generation += 1;
    this.#frames.cancel();
    this.#painter?.destroy();
    this.#painter = null;
  }

  async #replacePainter(): Promise<void> {
    this.destroy();
    if (!this.#canvas) return;
    const generation = this.#generation;
    const painter = await makePainter(this.#canvas, this.#gpu);
    if (generation !== this.#generation) {
      painter?.destroy();
      return;
    }
    this.#painter = painter;
    painter?.setPicture(this.#picture);
    painter?.setMaps(this.#maps);
    painter?.setHeat(this.#heat);
    painter?.setPalette(this.#palette);
    this.#frames.request();
  }
}

/** WebGPU where it works, else 2D, else null: a canvas that had a WebGPU context cannot be painted in 2D. */
async function makePainter(canvas: OffscreenCanvas, gpu: Gpu | null): Promise<Painter | null> {
  if (gpu) {
    try {
      return await WebGpuPainter.create(gpu, canvas);
    } catch {
      // A device that cannot run the shader, or was lost meanwhile. Without a picture there is no app: try 2D.
    }
  }
  try {
    return new Canvas2dPainter(canvas);
  } catch {
    return null;
  }
}
