import { assert, double, integer, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import type { LabelMap } from "../../workers/contract.ts";
import {
  clamp,
  fit,
  imagePx,
  pan,
  pinch,
  regionAt,
  resized,
  screenPoint,
  screenPx,
  toImage,
  toScreen,
  wheelFactor,
  zoomAbout,
} from "./viewport.ts";

const picture = { width: imagePx(640), height: imagePx(480) };
const canvas = { width: screenPx(1000), height: screenPx(600) };

const sides = integer({ min: 1, max: 5000 });
const sizes = record({ pictureWidth: sides, pictureHeight: sides, canvasWidth: sides, canvasHeight: sides });
const viewports = record({
  scale: double({ min: 0.01, max: 50, noNaN: true }),
  x: double({ min: -5000, max: 5000, noNaN: true }),
  y: double({ min: -5000, max: 5000, noNaN: true }),
});

describe("fitting", () => {
  it("shows the whole picture, centred, and touches the margin along one side", () => {
    assert(
      property(sizes, ({ pictureWidth, pictureHeight, canvasWidth, canvasHeight }) => {
        const { scale, offset } = fit(
          { width: imagePx(pictureWidth), height: imagePx(pictureHeight) },
          { width: screenPx(canvasWidth), height: screenPx(canvasHeight) },
        );
        expect(offset.x).toBeCloseTo((canvasWidth - pictureWidth * scale) / 2, 6);
        expect(offset.y).toBeCloseTo((canvasHeight - pictureHeight * scale) / 2, 6);
        const fill = Math.max((pictureWidth * scale) / canvasWidth, (pictureHeight * scale) / canvasHeight);
        expect(fill).toBeCloseTo(0.94, 6);
      }),
    );
  });

  it("survives a canvas without area", () => {
    const { scale } = fit(picture, { width: screenPx(0), height: screenPx(0) });
    expect(scale).toBeGreaterThan(0);
    expect(Number.isFinite(scale)).toBe(true);
  });
});

describe("conversion between screen and image", () => {
  it("comes back to where it began", () => {
    assert(
      property(viewports, ({ scale, x, y }) => {
        const viewport = { scale, offset: screenPoint(x, y) };
        const there = toImage(viewport, toScreen(viewport, { x: imagePx(12.5), y: imagePx(-3) }));
        expect(there.x).toBeCloseTo(12.5, 5);
        expect(there.y).toBeCloseTo(-3, 5);
      }),
    );
  });
});

describe("zooming about a point", () => {
  it("keeps the working pixel under that point there", () => {
    const before = { scale: 1.5, offset: screenPoint(40, -20) };
    const at = screenPoint(333, 222);
    const after = zoomAbout(before, at, 1.3, picture, canvas);
    expect(after.scale).toBeCloseTo(1.95, 9);
    expect(toImage(after, at).x).toBeCloseTo(toImage(before, at).x, 9);
    expect(toImage(after, at).y).toBeCloseTo(toImage(before, at).y, 9);
  });

  it("ends at half the fitted scale and at 32 device pixels per working pixel", () => {
    const start = fit(picture, canvas);
    expect(zoomAbout(start, screenPoint(0, 0), 1e-9, picture, canvas).scale).toBeCloseTo(start.scale / 2, 9);
    expect(zoomAbout(start, screenPoint(0, 0), 1e9, picture, canvas).scale).toBe(32);
  });
});

describe("pinching", () => {
  it("keeps what is under both fingers under them", () => {
    const before = { scale: 1, offset: screenPoint(10, 20) };
    const from = [screenPoint(100, 100), screenPoint(200, 100)] as const;
    const to = [screenPoint(120, 150), screenPoint(320, 150)] as const;
    const after = pinch(before, from, to, picture, canvas);
    expect(after.scale).toBeCloseTo(2, 9);
    expect(toImage(after, to[0])).toEqual(toImage(before, from[0]));
    expect(toImage(after, to[1])).toEqual(toImage(before, from[1]));
  });

  it("only pans while the fingers keep their distance", () => {
    const before = { scale: 1, offset: screenPoint(10, 20) };
    const from = [screenPoint(100, 100), screenPoint(200, 100)] as const;
    const to = [screenPoint(105, 93), screenPoint(205, 93)] as const;
    expect(pinch(before, from, to, picture, canvas)).toEqual(pan(before, 5, -7));
  });
});

describe("clamping", () => {
  it("centres what is smaller than the canvas", () => {
    const { offset } = clamp({ scale: 1, offset: screenPoint(-300, 900) }, picture, canvas);
    expect(offset).toEqual(screenPoint(180, 60));
  });

  it("lets a large picture go a quarter of the canvas beyond the edge, no farther", () => {
    const far = clamp({ scale: 4, offset: screenPoint(5000, -5000) }, picture, canvas);
    expect(far.offset).toEqual(screenPoint(250, 600 - 1920 - 150));
  });

  it("always leaves some of the picture on the canvas and changes nothing the second time", () => {
    assert(
      property(viewports, ({ scale, x, y }) => {
        const once = clamp({ scale, offset: screenPoint(x, y) }, picture, canvas);
        expect(once.offset.x).toBeLessThan(canvas.width);
        expect(once.offset.y).toBeLessThan(canvas.height);
        expect(once.offset.x + picture.width * once.scale).toBeGreaterThan(0);
        expect(once.offset.y + picture.height * once.scale).toBeGreaterThan(0);
        expect(clamp(once, picture, canvas)).toEqual(once);
      }),
    );
  });
});

describe("a canvas that changes its size", () => {
  it("keeps the middle of the view in the middle", () => {
    const before = { scale: 8, offset: screenPoint(-2000, -1500) };
    const larger = { width: screenPx(1400), height: screenPx(800) };
    const after = resized(before, picture, canvas, larger);
    expect(toImage(after, screenPoint(700, 400))).toEqual(toImage(before, screenPoint(500, 300)));
  });
});

describe("the wheel", () => {
  it("magnifies forwards, and backwards undoes it", () => {
    const forward = wheelFactor(-100, 0, false);
    expect(forward).toBeGreaterThan(1.1);
    expect(forward * wheelFactor(100, 0, false)).toBeCloseTo(1, 9);
  });

  it("counts lines as sixteen pixels, pinches stronger, and no event for more than 1.6", () => {
    expect(wheelFactor(3, 1, false)).toBe(wheelFactor(48, 0, false));
    expect(wheelFactor(-4, 0, true)).toBeGreaterThan(wheelFactor(-4, 0, false));
    expect(wheelFactor(-1e6, 2, false)).toBe(1.6);
    expect(wheelFactor(1e6, 2, false)).toBe(1 / 1.6);
  });
});

describe("the region at a point", () => {
  const map: LabelMap = { width: imagePx(3), height: imagePx(2), data: Uint16Array.from([0, 1, 2, 3, 3, 4]) };

  it("is the map's value less one, null for none", () => {
    expect(regionAt(map, { x: imagePx(1.9), y: imagePx(0.2) })).toBe(0);
    expect(regionAt(map, { x: imagePx(2), y: imagePx(1.99) })).toBe(3);
    expect(regionAt(map, { x: imagePx(0.5), y: imagePx(0.5) })).toBeNull();
  });

  it("is null outside the picture and without a map", () => {
    for (const [x, y] of [
      [-0.01, 0],
      [3, 0],
      [0, 2],
      [Number.NaN, 0],
    ] as const) {
      expect(regionAt(map, { x: imagePx(x), y: imagePx(y) })).toBeNull();
    }
    expect(regionAt(null, { x: imagePx(0), y: imagePx(0) })).toBeNull();
  });
});
