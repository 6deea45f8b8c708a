import { describe, expect, test } from "vitest";
import { greyPicture, heatLayer, heatRamp, RAMP_SIZE } from "./heat-layer.ts";

/** Red, green and blue, 0..1, of a packed colour. */
const channels = (packed: number): number[] => [0, 8, 16].map((shift) => ((packed >>> shift) & 255) / 255);

/** Relative luminance after a change of the linear channels. */
function luminance(packed: number, seen: readonly (readonly number[])[]): number {
  const linear = channels(packed).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  const changed = seen.map((row) => row.reduce((sum, weight, at) => sum + weight * (linear[at] ?? 0), 0));
  return [0.2126, 0.7152, 0.0722].reduce((sum, weight, at) => sum + weight * (changed[at] ?? 0), 0);
}

/** What is seen of linear red, green and blue; the matrices for missing cones are Viénot's (1999) and Brettel-like. */
const EYES = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  "without red cones": [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  "without green cones": [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
} as const;

describe("the colours of the heat map", () => {
  test.each(Object.entries(EYES))("grow lighter all the way, for eyes %s", (_name, seen) => {
    const lights = Array.from(heatRamp(), (packed) => luminance(packed, seen));
    expect(lights).toHaveLength(RAMP_SIZE);
    lights.slice(1).forEach((light, at) => expect(light).toBeGreaterThan((lights[at] ?? 1) - 1e-9));
    expect((lights.at(-1) ?? 0) / (lights[0] ?? 1)).toBeGreaterThan(20);
  });

  test("are those of the values at the patches' centres, and between the two colours in between", () => {
    const ramp = heatRamp();
    const { width, height, pixels } = heatLayer({
      columns: 2,
      rows: 1,
      values: Float32Array.from([-1, 3]),
      low: 0,
      high: 2,
    });
    expect([width, height]).toEqual([16, 8]);
    const colours = new Uint32Array(pixels.buffer);
    expect(colours[0]).toBe(ramp[0]);
    expect(colours[15]).toBe(ramp[RAMP_SIZE - 1]);
    const places = Array.from(colours.subarray(0, 16), (colour) => ramp.indexOf(colour));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    // Halfway between -1 and 3 lies 1, the middle of the range.
    expect(((places[7] ?? 0) + (places[8] ?? 0)) / 2).toBeCloseTo((RAMP_SIZE - 1) / 2, 0);
  });

  test("lie over a picture that has lost its own", () => {
    const out = new Uint8ClampedArray(8);
    greyPicture(Uint8ClampedArray.from([255, 0, 0, 255, 90, 90, 90, 255]), out);
    expect([...out]).toEqual([54, 54, 54, 255, 90, 90, 90, 255]);
  });
});
