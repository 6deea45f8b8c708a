import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { WgslReflect } from "wgsl_reflect";
import type { RegionIndex, ScreenPx } from "../contract.ts";
import { packPalette, packScene, SCENE_BYTES } from "./layout.ts";
import { LOOK } from "./look.ts";
import type { PaintView } from "./painter.ts";

const reflected = new WgslReflect(readFileSync(new URL("painting.wgsl", import.meta.url), "utf8"));

const VIEW: PaintView = {
  width: 100 as ScreenPx,
  height: 50 as ScreenPx,
  scale: 2.5,
  offset: { x: -7 as ScreenPx, y: 11 as ScreenPx },
  opacity: 0.25,
  outlineWidth: 1.5,
  hovered: 4 as RegionIndex,
  selected: null,
  solo: null,
  hidden: [],
  bare: true,
  background: "#ff8000",
};

describe("the layout that the shader and the painter share", () => {
  it("places every member of the scene where the shader reads it", () => {
    const scene = new DataView(packScene(VIEW, { width: 640, height: 480 }, true, true));
    const struct = reflected.structs.find(({ name }) => name === "Scene");
    expect(struct?.size).toBe(SCENE_BYTES);
    const offsets = Object.fromEntries((struct?.members ?? []).map(({ name, offset }) => [name, offset]));
    const float = (name: string, place = 0) => scene.getFloat32((offsets[name] ?? -1) + 4 * place, true);
    const integer = (name: string) => scene.getUint32(offsets[name] ?? -1, true);
    expect([float("background"), float("background", 2)]).toEqual([1, 0]);
    expect(float("background", 1)).toBeCloseTo(128 / 255, 6);
    expect([float("opacity"), float("scale"), float("outline_width")]).toEqual([0.25, 2.5, 1.5]);
    expect([float("offset"), float("offset", 1), float("size"), float("size", 1)]).toEqual([-7, 11, 640, 480]);
    expect([integer("hovered"), integer("selected"), integer("bare"), integer("any_shown")]).toEqual([5, 0, 1, 1]);
  });

  it("places the heat map's size and range where the shader reads them, and zeros without one", () => {
    const struct = reflected.structs.find(({ name }) => name === "Scene");
    const offsets = Object.fromEntries((struct?.members ?? []).map(({ name, offset }) => [name, offset]));
    const heat = { columns: 3, rows: 2, values: new Float32Array(6), low: -0.5, high: 0.75 };
    const scene = new DataView(packScene(VIEW, { width: 6, height: 4 }, true, true, heat));
    expect(scene.getUint32(offsets["heat_columns"] ?? -1, true)).toBe(3);
    expect(scene.getUint32(offsets["heat_rows"] ?? -1, true)).toBe(2);
    expect(scene.getFloat32(offsets["heat_low"] ?? -1, true)).toBe(-0.5);
    expect(scene.getFloat32(offsets["heat_high"] ?? -1, true)).toBe(0.75);
    const without = new DataView(packScene(VIEW, { width: 6, height: 4 }, true, true));
    expect(without.getUint32(offsets["heat_columns"] ?? -1, true)).toBe(0);
  });

  it("paints bare when there are no maps", () => {
    const scene = new Uint32Array(packScene({ ...VIEW, bare: false }, { width: 1, height: 1 }, false, true));
    expect(scene[12]).toBe(1);
    expect(new Uint32Array(packScene({ ...VIEW, bare: false }, { width: 1, height: 1 }, true, true))[12]).toBe(0);
  });

  it("names exactly the constants that the shader declares", () => {
    expect(reflected.overrides.map(({ name }) => name).toSorted()).toEqual(Object.keys(LOOK).toSorted());
  });

  it("packs the palette with other first and alpha only for what is shown", () => {
    expect([...packPalette(["#123456", "#ff0000"], (label) => label === 1)]).toEqual([0, 0xff563412, 0x000000ff]);
  });
});
