/** What the person knows better: regions named by hand. */

import type { MatchSettings, PictureSource } from "./pictures.ts";
import type { ClassId, ImagePx, ReferenceId, RegionIndex } from "./units.ts";

/** Some pixels of a picture. */
export interface RegionMask {
  /** Size of the working image. */
  readonly width: ImagePx;
  readonly height: ImagePx;
  /** Pairs [start, length] over the row-major pixels, ascending, not touching, at least one. */
  readonly runs: Uint32Array<ArrayBuffer>;
}

/** A part of a picture that the person named: it has this class whatever the match says. */
export interface Correction {
  /** Unique in its picture; corrections are replaced, never changed. */
  readonly id: string;
  /** Null: none of the classes. A class that takes no part leaves the correction without effect. */
  readonly classId: ClassId | null;
  readonly mask: RegionMask;
  /** The reference that was made of it; null: none. */
  readonly reference: ReferenceId | null;
}

export interface CorrectionCalls {
  /** The pixels of a region of the picture as it is segmented under these settings. */
  regionMask(picture: PictureSource, region: RegionIndex, settings: MatchSettings): Promise<RegionMask>;
}
