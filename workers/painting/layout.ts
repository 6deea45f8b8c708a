import { parseColour } from "./look.ts";
import type { PaintHeat } from "./heat-layer.ts";
import type { PaintView } from "./painter.ts";

/** Bytes of the uniform struct `Scene` in painting.wgsl. */
export const SCENE_BYTES = 80;

/**
 * Packs a view as the uniform struct `Scene`.
 * @param size of the picture in working pixels; zeros when there is none
 * @param hasMaps false paints the picture alone
 * @param anyShown whether any class is coloured
 * @param heat painted in place of the classes
 */
export function packScene(
  view: PaintView,
  size: { readonly width: number; readonly height: number },
  hasMaps: boolean,
  anyShown: boolean,
  heat: PaintHeat | null = null,
): ArrayBuffer {
  const scene = new ArrayBuffer(SCENE_BYTES);
  const floats = new Float32Array(scene);
  const integers = new Uint32Array(scene);
  const [red, green, blue] = parseColour(view.background);
  floats.set([red / 255, green / 255, blue / 255, view.opacity, view.offset.x, view.offset.y], 0);
  floats.set([size.width, size.height, view.scale, view.outlineWidth], 6);
  integers[10] = view.hovered === null ? 0 : view.hovered + 1;
  integers[11] = view.selected === null ? 0 : view.selected + 1;
  integers[12] = view.bare || !hasMaps ? 1 : 0;
  integers[13] = anyShown ? 1 : 0;
  if (heat) {
    integers.set([heat.columns, heat.rows], 14);
    floats.set([heat.low, heat.high], 16);
  }
  return scene;
}

/**
 * Packs the palette for the shader: a number a label, 0xAABBGGRR, alpha 255 where the label is coloured and 0 where it
 * is not. Label 0, "other", stands first.
 */
export function packPalette(colours: readonly string[], shown: (label: number) => boolean): Uint32Array<ArrayBuffer> {
  const packed = new Uint32Array(colours.length + 1);
  colours.forEach((colour, place) => {
    const [red, green, blue] = parseColour(colour);
    const alpha = shown(place + 1) ? 255 : 0;
    packed[place + 1] = ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
  return packed;
}
