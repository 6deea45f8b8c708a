import type { JobOptions } from "./jobs.ts";
import type { MatchSettings, PictureSource } from "./pictures.ts";
import type { ClassId, Point, RegionIndex, ScreenPx } from "./units.ts";

/** How the canvas shows the picture. Lengths are device pixels; all numbers finite. */
export interface View {
  readonly width: ScreenPx;
  readonly height: ScreenPx;
  /** Device pixels per working pixel. */
  readonly scale: number;
  /** Where the picture's top left corner is on the canvas. */
  readonly offset: Point<ScreenPx>;
  /** 0..1: strength of the class colours. */
  readonly opacity: number;
  /** Device pixels; 0 for none. */
  readonly outlineWidth: number;
  readonly hovered: RegionIndex | null;
  readonly selected: RegionIndex | null;
  /** Only these are coloured; null colours all but the hidden. */
  readonly solo: ClassId | null;
  readonly hidden: readonly ClassId[];
  /** True while the overlay is held away to compare with the bare picture. */
  readonly bare: boolean;
  /** Behind the picture, #rrggbb. */
  readonly background: string;
}

/** How a picture with its class colours is flattened; as on the canvas at scale 1. */
export type OverlayStyle = Pick<View, "opacity" | "outlineWidth" | "solo" | "hidden">;

export interface PaintingCalls {
  attachCanvas(canvas: OffscreenCanvas): Promise<void>;
  /** Shows a picture that was segmented or at least inspected; null empties the canvas. */
  show(picture: PictureSource | null): Promise<void>;
  /** The working image with its class colours and outlines, flattened, as PNG. */
  overlayImage(picture: PictureSource, settings: MatchSettings, style: OverlayStyle, job?: JobOptions): Promise<Blob>;
  /** Applied at the next frame; only the newest view counts. */
  setView(view: View): Promise<void>;
}
