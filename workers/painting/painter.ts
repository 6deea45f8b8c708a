import type { View } from "../contract.ts";
import type { WorkingImage } from "../imaging/working-image.ts";
import type { PaintHeat } from "./heat-layer.ts";

/**
 * Which region and which class every working pixel belongs to. Row-major, width * height numbers each; all pixels of a
 * region are of one class.
 */
export interface PaintMaps {
  readonly width: number;
  readonly height: number;
  /** 0 for none, else region index + 1. */
  readonly regionMap: Uint16Array<ArrayBuffer>;
  /** 0 for other, else the label: n + 1 stands for the n-th colour of the palette. */
  readonly classMap: Uint16Array<ArrayBuffer>;
}

/**
 * A `View` of the contract whose class ids were resolved to labels, the numbers that stand in the class map. A label
 * that the palette does not know colours nothing.
 */
export interface PaintView extends Omit<View, "solo" | "hidden"> {
  /** Only this label is coloured; null colours all but the hidden. */
  readonly solo: number | null;
  readonly hidden: readonly number[];
}

/** Draws a picture, its classes and its regions on the OffscreenCanvas it was made for. */
export interface Painter {
  readonly kind: "webgpu" | "2d";
  /** Null empties the canvas at the next paint. Maps are set on their own; while their size differs they rest. */
  setPicture(image: WorkingImage | null): void;
  /**
   * Maps of the picture's size; null paints the picture without classes. The arrays are kept and must not be
   * changed; the region map of the maps before, given again, is not worked through again.
   */
  setMaps(maps: PaintMaps | null): void;
  /** Painted in place of the classes while it is set; seams and outlines of classes rest, those of hands do not. */
  setHeat(heat: PaintHeat | null): void;
  /** #rrggbb of label n + 1 at place n. */
  setPalette(colours: readonly string[]): void;
  /** Draws at once. The canvas takes the size of the view. */
  paint(view: PaintView): void;
  /** Frees what the painter owns; may be called twice. All other calls do nothing from then on. */
  destroy(): void;
}
