import { describe, expect, it } from "vitest";
import { freeColour, paletteColour } from "./palette.ts";

type Triple = readonly [number, number, number];

const linear = (hex: string): Triple => {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
};

const times = (matrix: readonly Triple[], [x, y, z]: Triple): Triple => {
  const row = (index: number): number => {
    const [a, b, c] = matrix[index] ?? [0, 0, 0];
    return a * x + b * y + c * z;
  };
  return [row(0), row(1), row(2)];
};

// Full dichromacy, Machado, Oliveira and Fernandes 2009, table of severity 1.0.
const DEUTERANOPIA: readonly Triple[] = [
  [0.367322, 0.860646, -0.227968],
  [0.280085, 0.672501, 0.047413],
  [-0.01182, 0.04294, 0.968881],
];
const PROTANOPIA: readonly Triple[] = [
  [0.152286, 1.052583, -0.204868],
  [0.114503, 0.786281, 0.099216],
  [-0.003882, -0.048116, 1.051998],
];

function oklab(rgb: Triple): Triple {
  const [r, g, b] = rgb.map((value) => Math.min(1, Math.max(0, value)));
  const cone = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    [r ?? 0, g ?? 0, b ?? 0],
  );
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    [Math.cbrt(cone[0]), Math.cbrt(cone[1]), Math.cbrt(cone[2])],
  );
}

const nearestPair = (count: number, seen: (rgb: Triple) => Triple): number => {
  const colours = Array.from({ length: count }, (_, index) => oklab(seen(linear(paletteColour(index)))));
  const distances = colours.flatMap((a, at) =>
    colours.slice(0, at).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])),
  );
  return Math.min(...distances);
};

describe("the palette", () => {
  it("keeps the first twenty colours apart in OKLab, and the first eight under red-green blindness too", () => {
    expect(nearestPair(20, (rgb) => rgb)).toBeGreaterThan(0.07);
    expect(nearestPair(8, (rgb) => rgb)).toBeGreaterThan(0.12);
    expect(nearestPair(8, (rgb) => times(DEUTERANOPIA, rgb))).toBeGreaterThan(0.1);
    expect(nearestPair(8, (rgb) => times(PROTANOPIA, rgb))).toBeGreaterThan(0.1);
  });

  it("gives 200 different colours, each as #rrggbb", () => {
    const colours = Array.from({ length: 200 }, (_, index) => paletteColour(index));
    expect(new Set(colours).size).toBe(200);
    expect(colours.filter((colour) => !/^#[\da-f]{6}$/u.test(colour))).toEqual([]);
  });

  it("gives the first colour that nobody has, whatever its case", () => {
    expect(freeColour([paletteColour(0).toUpperCase(), paletteColour(2)])).toBe(paletteColour(1));
  });
});
