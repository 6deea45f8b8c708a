import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ImagePx, OriginalPx, RegionIndex, ScreenPx } from "../contract.ts";
import { openGpu } from "../gpu/device.ts";
import type { Gpu } from "../gpu/device.ts";
import type { WorkingImage } from "../imaging/working-image.ts";
import { Canvas2dPainter } from "./canvas2d-painter.ts";
import { overlayImage } from "./overlay-image.ts";
import type { PaintHeat } from "./heat-layer.ts";
import type { Painter, PaintMaps, PaintView } from "./painter.ts";
import { WebGpuPainter } from "./webgpu-painter.ts";

const WIDTH = 24;
const HEIGHT = 16;
const PALETTE = ["#d03030", "#2060d0"];

/** Brightness grows to the right; a little green grows downwards. */
function makePicture(): WorkingImage {
  const pixels = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      pixels.set([40 + 8 * x, 40 + 4 * x + 5 * y, 120, 255], (y * WIDTH + x) * 4);
    }
  }
  const size = { width: WIDTH as ImagePx, height: HEIGHT as ImagePx };
  return { ...size, originalWidth: WIDTH as OriginalPx, originalHeight: HEIGHT as OriginalPx, pixels, hash: "" };
}

/** Regions 1..4 are the left half's top and bottom, a square on the right, and the rest; classes 1, 1, 2, other. */
function makeMaps(): PaintMaps {
  const regionMap = new Uint16Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const inSquare = x >= 15 && x < 21 && y >= 4 && y < 12;
      const onLeft = y < 8 ? 1 : 2;
      const onRight = inSquare ? 3 : 4;
      regionMap[y * WIDTH + x] = x < 12 ? onLeft : onRight;
    }
  }
  const classOf = [0, 1, 1, 2, 0];
  return { width: WIDTH, height: HEIGHT, regionMap, classMap: regionMap.map((region) => classOf[region] ?? 0) };
}

function makeView(change: Partial<PaintView> = {}): PaintView {
  const scale = change.scale ?? 6;
  return {
    width: Math.round(WIDTH * scale + 20) as ScreenPx,
    height: Math.round(HEIGHT * scale + 12) as ScreenPx,
    scale,
    offset: { x: 10 as ScreenPx, y: 6 as ScreenPx },
    opacity: 0.6,
    outlineWidth: 1.5,
    hovered: null,
    selected: null,
    solo: null,
    hidden: [],
    bare: false,
    background: "#202428",
    ...change,
  };
}

const CASES: readonly { readonly name: string; readonly view: Partial<PaintView> }[] = [
  { name: "class colours, crisp", view: { scale: 6 } },
  {
    name: "class colours at a fractional crisp scale",
    view: { scale: 3.7, offset: { x: 4.3 as ScreenPx, y: 2.6 as ScreenPx } },
  },
  { name: "class colours, interpolated", view: { scale: 2 } },
  { name: "class colours at scale 1", view: { scale: 1 } },
  { name: "class colours, minified", view: { scale: 0.5 } },
  { name: "no outlines", view: { outlineWidth: 0 } },
  { name: "a hair-thin outline", view: { outlineWidth: 0.5 } },
  { name: "a wide outline", view: { outlineWidth: 4 } },
  { name: "full opacity", view: { opacity: 1 } },
  { name: "one class hidden", view: { hidden: [1] } },
  { name: "one class solo", view: { solo: 1 } },
  { name: "solo of a class that is not in the palette", view: { solo: 9 } },
  { name: "the bare picture", view: { bare: true, hovered: 0 as RegionIndex } },
  { name: "a region hovered", view: { hovered: 2 as RegionIndex } },
  { name: "a region of no class hovered", view: { hovered: 3 as RegionIndex } },
  { name: "a region selected", view: { selected: 2 as RegionIndex } },
  {
    name: "hovered and selected at once, interpolated",
    view: { scale: 2, hovered: 0 as RegionIndex, selected: 2 as RegionIndex },
  },
  { name: "panned half away", view: { offset: { x: -60 as ScreenPx, y: 30 as ScreenPx } } },
];

let gpu: Gpu;
let onGpu: Surface;
let in2d: Surface;

interface Surface {
  readonly canvas: OffscreenCanvas;
  readonly painter: Painter;
}

beforeAll(async () => {
  gpu = await openGpu((error) => {
    throw error;
  });
  const gpuCanvas = new OffscreenCanvas(8, 8);
  const canvas = new OffscreenCanvas(8, 8);
  onGpu = { canvas: gpuCanvas, painter: await WebGpuPainter.create(gpu, gpuCanvas) };
  in2d = { canvas, painter: new Canvas2dPainter(canvas) };
  for (const { painter } of [onGpu, in2d]) {
    painter.setPicture(makePicture());
    painter.setMaps(makeMaps());
    painter.setPalette(PALETTE);
  }
});

afterAll(() => gpu.destroy());

/** RGBA of what stands on a surface after painting a view. */
function painted({ canvas, painter }: Surface, view: PaintView): Uint8ClampedArray {
  painter.paint(view);
  return pixelsOf(canvas.transferToImageBitmap());
}

function pixelsOf(bitmap: ImageBitmap): Uint8ClampedArray {
  const copy = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = copy.getContext("2d");
  if (!context) throw new Error("No 2D context.");
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
}

/** Mean difference of the channels, and the share of channels that differ by more than 32. */
function difference(a: Uint8ClampedArray, b: Uint8ClampedArray): { mean: number; far: number } {
  expect(a.length).toBe(b.length);
  let sum = 0;
  let far = 0;
  for (let place = 0; place < a.length; place += 1) {
    const gap = Math.abs((a[place] ?? 0) - (b[place] ?? 0));
    sum += gap;
    if (gap > 32) far += 1;
  }
  return { mean: sum / a.length, far: far / a.length };
}

/** The colour at a working pixel's centre. */
function colourAt(pixels: Uint8ClampedArray, view: PaintView, x: number, y: number): number[] {
  const column = Math.floor(view.offset.x + (x + 0.5) * view.scale);
  const row = Math.floor(view.offset.y + (y + 0.5) * view.scale);
  const at = (row * view.width + column) * 4;
  return [...pixels.subarray(at, at + 3)];
}

/** Same order of brightness, less far apart. */
function isGreyer(colour: number[], than: number[]): boolean {
  const spread = (values: number[]) => Math.max(...values) - Math.min(...values);
  const brightest = (values: number[]) => values.indexOf(Math.max(...values));
  return spread(colour) < spread(than) && brightest(colour) === brightest(than);
}

describe("both painters draw the same", () => {
  it.each(CASES)("$name", ({ view }) => {
    const whole = makeView(view);
    const { mean, far } = difference(painted(onGpu, whole), painted(in2d, whole));
    expect(mean).toBeLessThan(2.5);
    expect(far).toBeLessThan(0.02);
  });
});

describe.each(["webgpu", "2d"] as const)("the %s painter", (kind) => {
  const surface = () => (kind === "webgpu" ? onGpu : in2d);

  it("shows the picture's own pixels when no class is coloured, and the background outside", () => {
    const view = makeView({ hidden: [1, 2] });
    const pixels = painted(surface(), view);
    expect(colourAt(pixels, view, 22, 2)).toEqual([40 + 8 * 22, 40 + 4 * 22 + 5 * 2, 120]);
    expect([...pixels.subarray(0, 4)]).toEqual([0x20, 0x24, 0x28, 255]);
  });

  it("tints each class towards its own colour and keeps bright brighter than dark", () => {
    const view = makeView();
    const pixels = painted(surface(), view);
    const [darkRed = 0, , darkBlue = 0] = colourAt(pixels, view, 2, 4);
    const [brightRed = 0] = colourAt(pixels, view, 9, 4);
    const [squareRed = 0, , squareBlue = 0] = colourAt(pixels, view, 18, 8);
    expect(darkRed).toBeGreaterThan(darkBlue);
    expect(brightRed).toBeGreaterThan(darkRed);
    expect(squareBlue).toBeGreaterThan(squareRed);
  });

  it("greys hidden classes and all but the solo class, and colours the others", () => {
    const view = makeView({ outlineWidth: 0 });
    const hidden = painted(surface(), { ...view, hidden: [1] });
    const solo = painted(surface(), { ...view, solo: 1 });
    const bare = painted(surface(), { ...view, bare: true });
    for (const [pixels, left, square] of [
      [hidden, true, false],
      [solo, false, true],
    ] as const) {
      expect(isGreyer(colourAt(pixels, view, 4, 4), colourAt(bare, view, 4, 4))).toBe(left);
      expect(isGreyer(colourAt(pixels, view, 18, 8), colourAt(bare, view, 18, 8))).toBe(square);
    }
  });

  it("draws outlines equally wide in device pixels at any scale", () => {
    for (const scale of [2, 6, 12]) {
      const view = makeView({ scale, outlineWidth: 2 });
      const plain = painted(surface(), { ...view, outlineWidth: 0 });
      const lined = painted(surface(), view);
      const row = Math.floor(view.offset.y + 4.5 * scale);
      let changed = 0;
      // Across the boundary of class 1 and other, well away from the picture's own border.
      for (let column = Math.floor(view.offset.x + 6 * scale); column < view.offset.x + 14 * scale; column += 1) {
        const at = (row * view.width + column) * 4;
        if (Math.abs((plain[at] ?? 0) - (lined[at] ?? 0)) > 12) changed += 1;
      }
      expect(changed).toBeGreaterThanOrEqual(2);
      expect(changed).toBeLessThanOrEqual(3);
    }
  });

  it("lights up the hovered region and no other", () => {
    const view = makeView();
    const before = painted(surface(), view);
    const after = painted(surface(), { ...view, hovered: 0 as RegionIndex });
    const [was = 0] = colourAt(before, view, 5, 3);
    expect(colourAt(after, view, 5, 3)[0]).toBeGreaterThan(was + 10);
    expect(colourAt(after, view, 5, 12)).toEqual(colourAt(before, view, 5, 12));
    expect(colourAt(after, view, 18, 8)).toEqual(colourAt(before, view, 18, 8));
  });

  it("paints the picture alone while the maps are another picture's, or none are set", () => {
    const view = makeView();
    const bare = painted(surface(), { ...view, bare: true });
    const { painter } = surface();
    painter.setMaps({ width: 2, height: 1, regionMap: new Uint16Array([1, 2]), classMap: new Uint16Array([1, 2]) });
    expect(difference(painted(surface(), view), bare).mean).toBe(0);
    painter.setMaps(null);
    expect(difference(painted(surface(), view), bare).mean).toBe(0);
    painter.setMaps(makeMaps());
    expect(difference(painted(surface(), view), bare).mean).toBeGreaterThan(1);
  });

  it("shows only the background without a picture", () => {
    const { painter } = surface();
    painter.setPicture(null);
    const pixels = painted(surface(), makeView());
    painter.setPicture(makePicture());
    expect(new Set(new Uint32Array(pixels.buffer)).size).toBe(1);
  });

  it("takes a new palette at once, longer or shorter", () => {
    const view = makeView();
    const { painter } = surface();
    painter.setPalette(["#30d030", "#2060d0", "#ffffff"]);
    const [red = 0, green = 0] = colourAt(painted(surface(), view), view, 4, 4);
    painter.setPalette(["#30d030"]);
    const short = colourAt(painted(surface(), view), view, 18, 8);
    const bare = colourAt(painted(surface(), { ...view, bare: true }), view, 18, 8);
    painter.setPalette(PALETTE);
    expect(green).toBeGreaterThan(red);
    expect(isGreyer(short, bare)).toBe(true);
  });
});

/** Warm in the middle of the right half, cold elsewhere, beyond the range at one place. */
const HEAT: PaintHeat = {
  columns: 6,
  rows: 4,
  values: Float32Array.from({ length: 24 }, (_, at) => (at === 16 ? 2 : 0.6 - 0.2 * Math.abs((at % 6) - 4))),
  low: 0,
  high: 0.8,
};

describe("a heat map", () => {
  const setHeat = (heat: PaintHeat | null): void => {
    for (const { painter } of [onGpu, in2d]) painter.setHeat(heat);
  };
  afterEach(() => setHeat(null));

  it.each(CASES.filter(({ view }) => !view.bare))("is drawn alike by both painters: $name", ({ view }) => {
    setHeat(HEAT);
    const whole = makeView(view);
    const { mean, far } = difference(painted(onGpu, whole), painted(in2d, whole));
    expect(mean).toBeLessThan(2.5);
    expect(far).toBeLessThan(0.02);
  });

  it.each(["webgpu", "2d"] as const)("stands in place of the classes and goes away again, in %s", (kind) => {
    const surface = kind === "webgpu" ? onGpu : in2d;
    const view = makeView({ outlineWidth: 3 });
    const before = painted(surface, view);
    setHeat(HEAT);
    const hot = painted(surface, view);
    const recoloured = painted(surface, { ...view, solo: 2, outlineWidth: 0 });
    expect(difference(hot, recoloured).mean).toBe(0);
    const [warm = 0, , warmBlue = 0] = colourAt(hot, view, 18, 10);
    const [cold = 0, , coldBlue = 0] = colourAt(hot, view, 1, 3);
    expect(warm - warmBlue).toBeGreaterThan(cold - coldBlue);
    const bare = painted(surface, { ...view, bare: true });
    setHeat({ ...HEAT, columns: 1, rows: 1, values: Float32Array.from([0]) });
    expect(difference(painted(surface, view), hot).mean).toBeGreaterThan(5);
    setHeat(null);
    expect(difference(painted(surface, { ...view, bare: true }), bare).mean).toBe(0);
    expect(difference(painted(surface, view), before).mean).toBe(0);
  });
});

describe("the life of a painter", () => {
  it("gives back every GPU object, and does nothing more once destroyed", async () => {
    const before = gpu.counters.read();
    const painter = await WebGpuPainter.create(gpu, new OffscreenCanvas(8, 8));
    for (let round = 0; round < 3; round += 1) {
      painter.setPicture(makePicture());
      painter.setMaps(makeMaps());
      painter.setHeat(round === 2 ? null : { ...HEAT, columns: 6 - round, values: HEAT.values.slice(4 * round) });
      painter.setPalette(PALETTE.slice(round % 2));
      painter.paint(makeView());
    }
    painter.destroy();
    painter.destroy();
    painter.setPicture(makePicture());
    painter.setMaps(makeMaps());
    painter.setPalette(PALETTE);
    painter.paint(makeView());
    expect(gpu.counters.read()).toEqual(before);
  });

  it("throws nothing when its device is gone", async () => {
    const lost = await openGpu();
    const painter = await WebGpuPainter.create(lost, new OffscreenCanvas(8, 8));
    painter.setPicture(makePicture());
    lost.destroy();
    await lost.lost;
    painter.setPicture(makePicture());
    painter.setMaps(makeMaps());
    painter.setPalette(PALETTE);
    painter.paint(makeView());
    painter.destroy();
    expect(lost.counters.read()).toEqual({ buffers: 0, textures: 0, bytes: 0 });
  });

  it("can take a canvas over from a painter whose device was lost", async () => {
    const canvas = new OffscreenCanvas(8, 8);
    const lost = await openGpu();
    const first = await WebGpuPainter.create(lost, canvas);
    lost.destroy();
    await lost.lost;
    first.destroy();
    const painter = await WebGpuPainter.create(gpu, canvas);
    painter.setPicture(makePicture());
    const view = makeView();
    const pixels = painted({ canvas, painter }, view);
    painter.destroy();
    expect(colourAt(pixels, view, 22, 2)).toEqual([40 + 8 * 22, 40 + 4 * 22 + 5 * 2, 120]);
  });

  it("refuses in 2D a canvas that WebGPU painted, with the code gpu-lost", async () => {
    const canvas = new OffscreenCanvas(8, 8);
    const painter = await WebGpuPainter.create(gpu, canvas);
    painter.destroy();
    expect(() => new Canvas2dPainter(canvas)).toThrow(expect.objectContaining({ code: "gpu-lost" }));
  });
});

describe("the flattened picture", () => {
  it("is a PNG of working size with the classes coloured", async () => {
    const blob = await overlayImage(makePicture(), makeMaps(), PALETTE, {
      opacity: 0.6,
      outlineWidth: 1,
      solo: null,
      hidden: [],
    });
    expect(blob.type).toBe("image/png");
    const bitmap = await createImageBitmap(blob);
    expect([bitmap.width, bitmap.height]).toEqual([WIDTH, HEIGHT]);
    const pixels = pixelsOf(bitmap);
    const [red = 0, green = 0, blue = 0] = pixels.subarray((4 * WIDTH + 4) * 4);
    expect(red).toBeGreaterThan(green);
    expect(red).toBeGreaterThan(blue);
  });
});
