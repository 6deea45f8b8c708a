import type { PaintView } from "./painter.ts";

/**
 * What the painting looks like: the numbers that both painters share. Lengths are device pixels, strengths 0..1.
 * painting.wgsl receives them as pipeline constants, so that they exist once.
 */
export const LOOK = {
  /** From this scale on, working pixels are drawn as crisp squares; below, they are interpolated. */
  CRISP_SCALE: 3,
  /** How dark a class colour gets over black, and how near to white over white: keeps the picture's structure. */
  TINT_DARK: 0.55,
  TINT_LIGHT: 0.45,
  /** What is not coloured steps back while classes are: this far towards its own, slightly darkened grey. */
  REST_GREY: 0.8,
  REST_DARK: 0.88,
  /** Outlines are the class colour moved this far towards white. */
  LINE_LIGHT: 0.18,
  LINE_STRENGTH: 0.95,
  /** Between two regions of one class: half as wide a line on either side, and this strong. */
  SEAM_STRENGTH: 0.35,
  HOVER_FILL: 0.13,
  HOVER_LINE_EXTRA: 0.5,
  HOVER_LINE_STRENGTH: 0.95,
  HOVER_GLOW_WIDTH: 5,
  HOVER_GLOW_STRENGTH: 0.22,
  /** How much of a heat map's colour covers the grey picture. */
  HEAT_STRENGTH: 0.72,
  SELECTED_LINE_EXTRA: 1.25,
  SELECTED_HALO_WIDTH: 1.5,
  SELECTED_HALO_STRENGTH: 0.6,
} as const;

/** Rec. 709 weights, applied to the encoded values: the tint only needs to know bright from dark. */
export const LUMA = [0.2126, 0.7152, 0.0722] as const;

/** Red, green and blue, 0..255, of #rrggbb. Anything else gives black. */
export function parseColour(colour: string): readonly [number, number, number] {
  const value = /^#[0-9a-f]{6}$/i.test(colour) ? Number.parseInt(colour.slice(1), 16) : 0;
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** The colour of a class's outline, 0..255. */
export function lineColour(colour: readonly [number, number, number]): readonly [number, number, number] {
  const lighten = (value: number) => value + (255 - value) * LOOK.LINE_LIGHT;
  return [lighten(colour[0]), lighten(colour[1]), lighten(colour[2])];
}

/**
 * Whether a label is coloured under a view.
 * @param colours length of the palette; labels are 1..colours
 */
export function isShown(label: number, colours: number, view: Pick<PaintView, "solo" | "hidden">): boolean {
  if (label < 1 || label > colours || view.hidden.includes(label)) return false;
  return view.solo === null || view.solo === label;
}

/** Whether any label is coloured under a view; when none is, the picture stays as it is. */
export function isAnyShown(colours: number, view: Pick<PaintView, "solo" | "hidden">): boolean {
  for (let label = 1; label <= colours; label += 1) if (isShown(label, colours, view)) return true;
  return false;
}

/**
 * What lies over the picture, at full strength: a class colour that grows darker and lighter with the picture's own
 * brightness; a veil of grey over unlabelled and hidden pixels. Transparent everywhere when no label is shown.
 * @param pixels RGBA of the picture, 4 numbers a pixel
 * @param classMap a label a pixel
 * @param colours packed palette by label: 3 numbers each, 0..255; label 0 included
 * @param shown by label, 1 where the label is coloured
 * @param out RGBA, written whole, not premultiplied
 */
export function tintPicture(
  pixels: Uint8ClampedArray,
  classMap: Uint16Array,
  colours: Uint8Array,
  shown: Uint8Array,
  out: Uint8ClampedArray,
): void {
  const { TINT_DARK, TINT_LIGHT, REST_DARK, REST_GREY } = LOOK;
  const restAlpha = shown.includes(1) ? Math.round(255 * REST_GREY) : 0;
  for (let pixel = 0, at = 0; pixel < classMap.length; pixel += 1, at += 4) {
    const label = classMap[pixel] ?? 0;
    const luma =
      (LUMA[0] * (pixels[at] ?? 0) + LUMA[1] * (pixels[at + 1] ?? 0) + LUMA[2] * (pixels[at + 2] ?? 0)) / 255;
    if (shown[label] !== 1) {
      const grey = 255 * luma * REST_DARK;
      out[at] = grey;
      out[at + 1] = grey;
      out[at + 2] = grey;
      out[at + 3] = restAlpha;
      continue;
    }
    const shade = TINT_DARK + (1 - TINT_DARK) * Math.min(1, 2 * luma);
    const light = TINT_LIGHT * Math.max(0, 2 * luma - 1);
    const from = label * 3;
    for (let channel = 0; channel < 3; channel += 1) {
      const dark = (colours[from + channel] ?? 0) * shade;
      out[at + channel] = dark + (255 - dark) * light;
    }
    out[at + 3] = 255;
  }
}
