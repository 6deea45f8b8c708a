import { preferredCanvasFormat } from "../gpu/device.ts";
import type { Gpu } from "../gpu/device.ts";
import { OwnedBuffer } from "../gpu/owned-buffer.ts";
import { OwnedTexture } from "../gpu/owned-texture.ts";
import { compileShader } from "../gpu/shader-module.ts";
import { EngineError } from "../contract.ts";
import type { WorkingImage } from "../imaging/working-image.ts";
import { packPalette, packScene, SCENE_BYTES } from "./layout.ts";
import { depthInRegion } from "./depth.ts";
import { heatRamp, type PaintHeat } from "./heat-layer.ts";
import { isAnyShown, isShown, LOOK } from "./look.ts";
import type { Painter, PaintMaps, PaintView } from "./painter.ts";
import { resizeCanvas } from "./resize.ts";
import source from "./painting.wgsl?raw";

/** Paints with one render pass. Made by `create`, because pipelines are compiled asynchronously. */
export class WebGpuPainter implements Painter {
  readonly kind = "webgpu";
  readonly #gpu: Gpu;
  readonly #canvas: OffscreenCanvas;
  readonly #context: GPUCanvasContext;
  readonly #pipeline: GPURenderPipeline;
  readonly #scene: OwnedBuffer;
  /** One texel, for what is not there. */
  readonly #noPicture: OwnedTexture;
  readonly #noMap: OwnedTexture;
  readonly #smoothly: GPUSampler;
  #picture: OwnedTexture | null = null;
  #maps: MapTextures | null = null;
  #palette: OwnedBuffer;
  #heat: { readonly shown: PaintHeat; readonly values: OwnedBuffer } | null = null;
  readonly #noHeat: OwnedBuffer;
  readonly #heatRamp: OwnedBuffer;
  #colours: readonly string[] = [];
  /** Which solo and hidden labels the palette buffer was packed for. */
  #packedFor = "";
  #bindings: GPUBindGroup | null = null;
  #destroyed = false;

  private constructor(gpu: Gpu, canvas: OffscreenCanvas, context: GPUCanvasContext, pipeline: GPURenderPipeline) {
    this.#gpu = gpu;
    this.#canvas = canvas;
    this.#context = context;
    this.#pipeline = pipeline;
    this.#scene = new OwnedBuffer(gpu, {
      label: "painting scene",
      size: SCENE_BYTES,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    this.#noPicture = makeTexture(gpu, "no picture", 1, 1, "rgba8unorm");
    this.#noMap = makeTexture(gpu, "no map", 1, 1, "r16uint");
    this.#palette = makePalette(gpu, new Uint32Array(1));
    this.#noHeat = OwnedBuffer.from(gpu, "no heat", new Float32Array(1), GPUBufferUsage.STORAGE);
    this.#heatRamp = OwnedBuffer.from(gpu, "heat ramp", heatRamp(), GPUBufferUsage.STORAGE);
    this.#smoothly = gpu.device.createSampler({ label: "painting", minFilter: "linear", magFilter: "linear" });
  }

  /**
   * Takes the canvas for WebGPU. A canvas that was painted by an earlier WebGPU painter may be taken again, also with
   * another device; one that was painted in 2D may not.
   * @throws EngineError "gpu-unavailable" when the canvas has no WebGPU context to give, "internal" when the shader
   * does not compile on this device.
   */
  static async create(gpu: Gpu, canvas: OffscreenCanvas): Promise<WebGpuPainter> {
    const format = preferredCanvasFormat();
    const shader = await compileShader(gpu, "painting", source);
    const pipeline = await gpu.device.createRenderPipelineAsync({
      label: "painting",
      layout: "auto",
      vertex: { module: shader, entryPoint: "cover" },
      fragment: { module: shader, entryPoint: "paint", constants: { ...LOOK }, targets: [{ format }] },
      primitive: { topology: "triangle-list" },
    });
    const context = canvas.getContext("webgpu");
    if (!context) throw new EngineError("gpu-unavailable", "The canvas cannot be painted with WebGPU.");
    context.configure({ device: gpu.device, format, alphaMode: "opaque" });
    return new WebGpuPainter(gpu, canvas, context, pipeline);
  }

  setPicture(image: WorkingImage | null): void {
    if (this.#destroyed) return;
    this.#bindings = null;
    this.#picture?.destroy();
    this.#picture = null;
    if (!image) return;
    const { width, height, pixels } = image;
    this.#picture = makeTexture(this.#gpu, "picture", width, height, "rgba8unorm");
    upload(this.#gpu, this.#picture, pixels, width * 4);
  }

  setMaps(maps: PaintMaps | null): void {
    if (this.#destroyed) return;
    // A changed threshold changes classes, not regions: those are measured and sent once.
    if (this.#maps && maps?.regionMap === this.#maps.source) {
      upload(this.#gpu, this.#maps.classes, maps.classMap, maps.width * 2);
      return;
    }
    this.#bindings = null;
    this.#dropMaps();
    if (!maps) return;
    const { width, height, regionMap, classMap } = maps;
    const regions = makeTexture(this.#gpu, "region map", width, height, "r16uint");
    const classes = makeTexture(this.#gpu, "class map", width, height, "r16uint");
    const depths = makeTexture(this.#gpu, "depth map", width, height, "r8uint");
    upload(this.#gpu, regions, regionMap, width * 2);
    upload(this.#gpu, classes, classMap, width * 2);
    upload(this.#gpu, depths, depthInRegion(regionMap, width, height), width);
    this.#maps = { source: regionMap, regions, classes, depths };
  }

  setHeat(heat: PaintHeat | null): void {
    if (this.#destroyed) return;
    if (heat && this.#heat?.values.size === heat.values.byteLength) {
      this.#heat.values.write(heat.values);
      this.#heat = { shown: heat, values: this.#heat.values };
      return;
    }
    this.#bindings = null;
    this.#heat?.values.destroy();
    this.#heat = heat && {
      shown: heat,
      values: OwnedBuffer.from(this.#gpu, "heat", heat.values, GPUBufferUsage.STORAGE),
    };
  }

  setPalette(colours: readonly string[]): void {
    if (this.#destroyed) return;
    this.#colours = [...colours];
    this.#packedFor = "";
  }

  paint(view: PaintView): void {
    if (this.#destroyed) return;
    resizeCanvas(this.#canvas, view);
    const { device } = this.#gpu;
    this.#packPalette(view);
    const maps = this.#matchingMaps();
    const size = this.#picture ?? { width: 0, height: 0 };
    device.queue.writeBuffer(
      this.#scene.buffer,
      0,
      packScene(view, size, maps !== null, isAnyShown(this.#colours.length, view), this.#heat?.shown),
    );
    const encoder = device.createCommandEncoder({ label: "painting" });
    const target = this.#context.getCurrentTexture().createView();
    const pass = encoder.beginRenderPass({
      label: "painting",
      colorAttachments: [{ view: target, loadOp: "clear", storeOp: "store" }],
    });
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, this.#bind(maps));
    pass.draw(3);
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#bindings = null;
    this.#picture?.destroy();
    this.#dropMaps();
    this.#heat?.values.destroy();
    const owned = [this.#scene, this.#palette, this.#noPicture, this.#noMap, this.#noHeat, this.#heatRamp];
    for (const item of owned) item.destroy();
  }

  #dropMaps(): void {
    this.#maps?.regions.destroy();
    this.#maps?.classes.destroy();
    this.#maps?.depths.destroy();
    this.#maps = null;
  }

  /** Maps of another size belong to another picture: between two pictures one arrives before the other. */
  #matchingMaps(): MapTextures | null {
    const { regions } = this.#maps ?? {};
    const matches = regions?.width === this.#picture?.width && regions?.height === this.#picture?.height;
    return matches ? this.#maps : null;
  }

  #packPalette(view: PaintView): void {
    const wanted = `${view.solo ?? "all"}/${view.hidden.join()}/`;
    if (wanted === this.#packedFor) return;
    const packed = packPalette(this.#colours, (label) => isShown(label, this.#colours.length, view));
    if (packed.byteLength === this.#palette.size) {
      this.#palette.write(packed);
    } else {
      this.#palette.destroy();
      this.#palette = makePalette(this.#gpu, packed);
      this.#bindings = null;
    }
    this.#packedFor = wanted;
  }

  #bind(maps: MapTextures | null): GPUBindGroup {
    this.#bindings ??= this.#gpu.device.createBindGroup({
      label: "painting",
      layout: this.#pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: this.#scene.buffer } },
        { binding: 1, resource: { buffer: this.#palette.buffer } },
        { binding: 2, resource: (this.#picture ?? this.#noPicture).texture.createView() },
        { binding: 3, resource: (maps?.regions ?? this.#noMap).texture.createView() },
        { binding: 4, resource: (maps?.classes ?? this.#noMap).texture.createView() },
        { binding: 5, resource: (maps?.depths ?? this.#noMap).texture.createView() },
        { binding: 6, resource: this.#smoothly },
        { binding: 7, resource: { buffer: (this.#heat?.values ?? this.#noHeat).buffer } },
        { binding: 8, resource: { buffer: this.#heatRamp.buffer } },
      ],
    });
    return this.#bindings;
  }
}

interface MapTextures {
  /** The array that the regions came from: the same array means the same regions. */
  readonly source: Uint16Array;
  readonly regions: OwnedTexture;
  readonly classes: OwnedTexture;
  readonly depths: OwnedTexture;
}

function makeTexture(
  gpu: Gpu,
  label: string,
  width: number,
  height: number,
  format: "rgba8unorm" | "r16uint" | "r8uint",
): OwnedTexture {
  const usage = GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST;
  return new OwnedTexture(gpu, { label, width, height, format, usage });
}

function makePalette(gpu: Gpu, packed: Uint32Array<ArrayBuffer>): OwnedBuffer {
  return OwnedBuffer.from(gpu, "palette", packed, GPUBufferUsage.STORAGE);
}

function upload(gpu: Gpu, target: OwnedTexture, data: ArrayBufferView<ArrayBuffer>, bytesPerRow: number): void {
  const { texture, width, height } = target;
  gpu.device.queue.writeTexture({ texture }, data, { bytesPerRow }, { width, height });
}
