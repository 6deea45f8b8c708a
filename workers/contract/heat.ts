/** Where in a picture something like a class, a reference, a region or a place is. */

import type { JobOptions } from "./jobs.ts";
import type { MatchSettings, PictureSource } from "./pictures.ts";
import type { ClassId, Point, ReferenceId, RegionIndex } from "./units.ts";

/** What the patches of a picture are compared with. */
export type HeatQuery =
  /** s of the match: half the prototype, half the nearest reference. */
  | { readonly kind: "class"; readonly classId: ClassId }
  /** One reference, the likest of its views. */
  | { readonly kind: "reference"; readonly reference: ReferenceId }
  /** A region of the picture itself. */
  | { readonly kind: "region"; readonly region: RegionIndex }
  /** The patch at a place of the picture. */
  | { readonly kind: "patch"; readonly point: Point };

/** Similarities of all patches, in the space and with the centring of the match. */
export interface HeatMap {
  readonly columns: number;
  readonly rows: number;
  /** rows * columns, row-major, about -1..1. Patch (r, c) covers the rectangle [c, c+1) x [r, r+1) of that grid. */
  readonly values: Float32Array<ArrayBuffer>;
  /** Mean over each region of the latest segmentation, by its index. */
  readonly regions: Float32Array<ArrayBuffer>;
  /** What the first and the last colour of the ramp stand for. */
  readonly low: number;
  readonly high: number;
  /** Evenly spaced colours of the ramp, #rrggbb, from low to high. */
  readonly stops: readonly string[];
}

export interface HeatCalls {
  /**
   * Compares, and shows the result in place of the classes if the picture is on show. A newer call cancels an older.
   * @throws EngineError reference-missing, region-missing, class-missing when what is asked about takes no part
   */
  showHeat(picture: PictureSource, query: HeatQuery, settings: MatchSettings, job?: JobOptions): Promise<HeatMap>;
  /** Shows the classes again. */
  hideHeat(): Promise<void>;
}
