import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ImagePx, OriginalPx, ScreenPx } from "../contract.ts";
import { openGpu } from "../gpu/device.ts";
import type { Gpu } from "../gpu/device.ts";
import type { WorkingImage } from "../imaging/working-image.ts";
import { Easel } from "./easel.ts";
import type { PaintView } from "./painter.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu();
});
afterAll(() => gpu.destroy());

/** Four by two pixels of one red. */
const picture: WorkingImage = {
  width: 4 as ImagePx,
  height: 2 as ImagePx,
  originalWidth: 4 as OriginalPx,
  originalHeight: 2 as OriginalPx,
  pixels: Uint8ClampedArray.from({ length: 32 }, (_, place) => [200, 10, 20, 255][place % 4] ?? 0),
  hash: "",
};

const view = (width: number): PaintView => ({
  width: width as ScreenPx,
  height: 20 as ScreenPx,
  scale: 10,
  offset: { x: 0 as ScreenPx, y: 0 as ScreenPx },
  opacity: 0.5,
  outlineWidth: 1,
  hovered: null,
  selected: null,
  solo: null,
  hidden: [],
  bare: false,
  background: "#000000",
});

function firstPixel(canvas: OffscreenCanvas): number[] {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  if (!context) throw new Error("No 2D context.");
  context.drawImage(canvas.transferToImageBitmap(), 0, 0);
  return [...context.getImageData(0, 0, 1, 1).data];
}

const nextFrame = () =>
  new Promise<void>((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });

describe("the easel", () => {
  it("paints in 2D without a device, with WebGPU with one, and not at all before there is a canvas", async () => {
    const easel = new Easel();
    expect(easel.kind).toBe("none");
    await easel.attach(new OffscreenCanvas(1, 1));
    expect(easel.kind).toBe("2d");
    await easel.useDevice(gpu);
    // A canvas that began in 2D stays in 2D.
    expect(easel.kind).toBe("2d");
    await easel.attach(new OffscreenCanvas(1, 1));
    expect(easel.kind).toBe("webgpu");
    easel.destroy();
    expect(easel.kind).toBe("none");
  });

  it("shows what it was given earlier on a later canvas and by a later device", async () => {
    const easel = new Easel();
    easel.setPicture(picture);
    easel.setView(view(40));
    const inTwoD = new OffscreenCanvas(1, 1);
    await easel.attach(inTwoD);
    easel.paintNow();
    expect(firstPixel(inTwoD)).toEqual([200, 10, 20, 255]);

    const lost = await openGpu();
    const canvas = new OffscreenCanvas(1, 1);
    await easel.useDevice(lost);
    await easel.attach(canvas);
    lost.destroy();
    await lost.lost;
    easel.setPicture(picture);
    easel.paintNow();
    await easel.useDevice(gpu);
    easel.paintNow();
    expect(easel.kind).toBe("webgpu");
    expect(firstPixel(canvas)).toEqual([200, 10, 20, 255]);
    easel.destroy();
  });

  it("has no painter when WebGPU goes for good, until another canvas is attached", async () => {
    const easel = new Easel();
    await easel.useDevice(gpu);
    await easel.attach(new OffscreenCanvas(1, 1));
    await easel.useDevice(null);
    expect(easel.kind).toBe("none");
    easel.setPicture(picture);
    easel.setView(view(40));
    easel.paintNow();
    const canvas = new OffscreenCanvas(1, 1);
    await easel.attach(canvas);
    expect(easel.kind).toBe("2d");
    easel.paintNow();
    expect(firstPixel(canvas)).toEqual([200, 10, 20, 255]);
    easel.destroy();
  });

  it("paints the newest view at the next frame, and only after it", async () => {
    const easel = new Easel();
    const canvas = new OffscreenCanvas(7, 7);
    await easel.attach(canvas);
    easel.setPicture(picture);
    for (const width of [50, 60, 70]) easel.setView(view(width));
    expect(canvas.width).toBe(7);
    await nextFrame();
    expect(canvas.width).toBe(70);
    easel.setView(view(80));
    easel.destroy();
    await nextFrame();
    expect(canvas.width).toBe(70);
  });

  it("keeps one painter and leaks none when devices and canvases change faster than painters are made", async () => {
    const before = gpu.counters.read();
    const easel = new Easel();
    await Promise.all([
      easel.useDevice(gpu),
      easel.attach(new OffscreenCanvas(1, 1)),
      easel.useDevice(gpu),
      easel.attach(new OffscreenCanvas(1, 1)),
    ]);
    expect(easel.kind).toBe("webgpu");
    easel.destroy();
    expect(gpu.counters.read()).toEqual(before);
  });
});
