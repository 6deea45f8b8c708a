import { EngineError } from "../contract.ts";
import type { WorkingImage } from "../imaging/working-image.ts";
import { greyPicture, heatLayer, type PaintHeat } from "./heat-layer.ts";
import { areaPaths, seamPaths } from "./label-paths.ts";
import { isShown, lineColour, LOOK, parseColour, tintPicture } from "./look.ts";
import type { Painter, PaintMaps, PaintView } from "./painter.ts";
import { resizeCanvas } from "./resize.ts";

/** Paints with the 2D canvas: what is seen without WebGPU. Pixels are worked out once per picture, map or palette. */
export class Canvas2dPainter implements Painter {
  readonly kind = "2d";
  readonly #canvas: OffscreenCanvas;
  readonly #context: OffscreenCanvasRenderingContext2D;
  #image: WorkingImage | null = null;
  #picture: OffscreenCanvas | null = null;
  #grey: OffscreenCanvas | null = null;
  #heat: OffscreenCanvas | null = null;
  #maps: PaintMaps | null = null;
  #colours: readonly string[] = [];
  #tinted: { readonly key: string; readonly layer: OffscreenCanvas } | null = null;
  /** What tints are written to, kept for the next one of the same picture. */
  #tinting: Tinting | null = null;
  #lines: { readonly areas: Paths; readonly seams: Paths } | null = null;
  /** Areas of the regions that were pointed at last. */
  readonly #regions = new Map<number, Path2D>();
  #destroyed = false;

  /** @throws EngineError "gpu-lost" when the canvas was painted with WebGPU before: it cannot change. */
  constructor(canvas: OffscreenCanvas) {
    const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    if (!context) throw new EngineError("gpu-lost", "The canvas belongs to a graphics device that is gone.");
    this.#canvas = canvas;
    this.#context = context;
  }

  setPicture(image: WorkingImage | null): void {
    if (this.#destroyed) return;
    this.#image = image;
    this.#tinted = null;
    this.#grey = null;
    this.#picture = image && layerOf(image.pixels, image.width, image.height);
  }

  setMaps(maps: PaintMaps | null): void {
    if (this.#destroyed) return;
    this.#maps = maps;
    this.#tinted = null;
    this.#lines = null;
    this.#regions.clear();
  }

  setHeat(heat: PaintHeat | null): void {
    if (this.#destroyed) return;
    const layer = heat && heatLayer(heat);
    this.#heat = layer && layerOf(layer.pixels, layer.width, layer.height);
  }

  setPalette(colours: readonly string[]): void {
    if (this.#destroyed) return;
    this.#colours = [...colours];
    this.#tinted = null;
  }

  paint(view: PaintView): void {
    if (this.#destroyed) return;
    resizeCanvas(this.#canvas, view);
    const context = this.#context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = view.background;
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    if (!this.#image || !this.#picture) return;
    context.setTransform(view.scale, 0, 0, view.scale, view.offset.x, view.offset.y);
    context.imageSmoothingEnabled = view.scale < LOOK.CRISP_SCALE;
    context.imageSmoothingQuality = view.scale < 1 ? "medium" : "low";
    context.drawImage(this.#picture, 0, 0);
    const maps = this.#maps;
    if (view.bare || !maps || maps.width !== this.#image.width || maps.height !== this.#image.height) return;
    context.lineJoin = "round";
    context.lineCap = "butt";
    if (this.#heat) {
      this.#drawHeat(this.#image, this.#heat);
    } else {
      context.globalAlpha = view.opacity;
      context.drawImage(this.#tint(this.#image, maps, view), 0, 0);
      context.globalAlpha = 1;
      if (view.outlineWidth > 0) this.#drawLines(maps, view);
    }
    this.#drawHovered(maps, view);
    this.#drawSelected(maps, view);
  }

  destroy(): void {
    this.#destroyed = true;
    this.#image = null;
    this.#picture = null;
    this.#grey = null;
    this.#heat = null;
    this.#maps = null;
    this.#tinted = null;
    this.#lines = null;
    this.#regions.clear();
  }

  #drawHeat({ width, height, pixels }: WorkingImage, heat: OffscreenCanvas): void {
    if (!this.#grey) {
      const grey = new Uint8ClampedArray(pixels.length);
      greyPicture(pixels, grey);
      this.#grey = layerOf(grey, width, height);
    }
    const context = this.#context;
    context.drawImage(this.#grey, 0, 0);
    context.globalAlpha = LOOK.HEAT_STRENGTH;
    // A map that is coarser than the picture is smooth at any scale.
    context.imageSmoothingEnabled = true;
    context.drawImage(heat, 0, 0, width, height);
    context.globalAlpha = 1;
  }

  #tint(image: WorkingImage, maps: PaintMaps, view: PaintView): OffscreenCanvas {
    const key = `${view.solo ?? "all"}/${view.hidden.join()}`;
    if (this.#tinted?.key !== key) {
      this.#tinting ??= tintingOf(image);
      drawTint(this.#tinting, image, maps, this.#colours, view);
      this.#tinted = { key, layer: this.#tinting.layer };
    }
    return this.#tinted.layer;
  }

  #drawLines(maps: PaintMaps, view: PaintView): void {
    this.#lines ??= {
      areas: pathsOf(areaPaths(maps.classMap, maps.width)),
      seams: pathsOf(seamPaths(maps.regionMap, maps.classMap, maps.width, maps.height)),
    };
    this.#colours.forEach((colour, place) => {
      const label = place + 1;
      const area = this.#lines?.areas.get(label);
      if (!area || !isShown(label, this.#colours.length, view)) return;
      const ink = `rgb(${lineColour(parseColour(colour)).map(Math.round).join(" ")})`;
      const seams = this.#lines?.seams.get(label);
      if (seams) this.#stroke(seams, ink, LOOK.SEAM_STRENGTH, 0.5 * view.outlineWidth, view.scale);
      this.#inside(area, () => this.#stroke(area, ink, LOOK.LINE_STRENGTH, view.outlineWidth, view.scale));
    });
  }

  #drawHovered(maps: PaintMaps, view: PaintView): void {
    const region = view.hovered === null ? undefined : this.#region(maps, view.hovered + 1);
    if (!region) return;
    const width = view.outlineWidth + LOOK.HOVER_LINE_EXTRA;
    this.#inside(region, () => {
      this.#context.globalAlpha = LOOK.HOVER_FILL;
      this.#context.fillStyle = "#ffffff";
      this.#context.fillRect(0, 0, maps.width, maps.height);
      this.#stroke(region, "#ffffff", LOOK.HOVER_GLOW_STRENGTH, LOOK.HOVER_GLOW_WIDTH, view.scale);
      this.#stroke(region, "#ffffff", LOOK.HOVER_LINE_STRENGTH, width, view.scale);
    });
  }

  #drawSelected(maps: PaintMaps, view: PaintView): void {
    const region = view.selected === null ? undefined : this.#region(maps, view.selected + 1);
    if (!region) return;
    const outside = new Path2D();
    outside.rect(0, 0, maps.width, maps.height);
    outside.addPath(region);
    this.#inside(
      outside,
      () => this.#stroke(region, "#000000", LOOK.SELECTED_HALO_STRENGTH, LOOK.SELECTED_HALO_WIDTH, view.scale),
      "evenodd",
    );
    const width = view.outlineWidth + LOOK.SELECTED_LINE_EXTRA;
    this.#inside(region, () => this.#stroke(region, "#ffffff", 1, width, view.scale));
  }

  /** Draws a line of a width in device pixels on either side of a path. */
  #stroke(path: Path2D, ink: string, strength: number, width: number, scale: number): void {
    this.#context.globalAlpha = strength * Math.min(1, width);
    this.#context.strokeStyle = ink;
    this.#context.lineWidth = (2 * width) / scale;
    this.#context.stroke(path);
    this.#context.globalAlpha = 1;
  }

  #inside(area: Path2D, draw: () => void, rule: CanvasFillRule = "nonzero"): void {
    this.#context.save();
    this.#context.clip(area, rule);
    draw();
    this.#context.restore();
  }

  /** Undefined when the map has no such region. */
  #region(maps: PaintMaps, value: number): Path2D | undefined {
    const known = this.#regions.get(value);
    if (known) return known;
    const data = areaPaths(maps.regionMap, maps.width, value).get(value);
    if (data === undefined) return undefined;
    if (this.#regions.size >= REMEMBERED_REGIONS) this.#regions.clear();
    const path = new Path2D(data);
    this.#regions.set(value, path);
    return path;
  }
}

type Paths = ReadonlyMap<number, Path2D>;

const REMEMBERED_REGIONS = 64;

function pathsOf(data: ReadonlyMap<number, string>): Paths {
  return new Map([...data].map(([label, path]) => [label, new Path2D(path)]));
}

/** RGBA pixels as something that can be drawn under a transform. */
function layerOf(pixels: Uint8ClampedArray<ArrayBuffer>, width: number, height: number): OffscreenCanvas {
  const layer = new OffscreenCanvas(width, height);
  layer.getContext("2d")?.putImageData(new ImageData(pixels, width, height), 0, 0);
  return layer;
}

interface Tinting {
  readonly layer: OffscreenCanvas;
  readonly context: OffscreenCanvasRenderingContext2D | null;
  readonly data: ImageData;
}

function tintingOf({ width, height }: WorkingImage): Tinting {
  const layer = new OffscreenCanvas(width, height);
  return { layer, context: layer.getContext("2d"), data: new ImageData(width, height) };
}

function drawTint(
  { context, data }: Tinting,
  image: WorkingImage,
  maps: PaintMaps,
  colours: readonly string[],
  view: Pick<PaintView, "solo" | "hidden">,
): void {
  const packed = Uint8Array.from([[0, 0, 0], ...colours.map((colour) => parseColour(colour))].flat());
  const shown = Uint8Array.from({ length: colours.length + 1 }, (_, label) =>
    isShown(label, colours.length, view) ? 1 : 0,
  );
  tintPicture(image.pixels, maps.classMap, packed, shown, data.data);
  context?.putImageData(data, 0, 0);
}
