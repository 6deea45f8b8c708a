/** Regions of the person's own pictures that are likely examples of their classes, to be confirmed. */

import type { RegionMask } from "./corrections.ts";
import type { MatchSettings, PictureSource } from "./pictures.ts";
import type { ClassId, PictureId } from "./units.ts";

/** A region that was offered as one of a class and is not to be offered again. */
export interface Dismissal {
  readonly classId: ClassId;
  readonly mask: RegionMask;
}

/** A picture in which to look, with what was turned down in it. */
export interface HarvestPicture {
  readonly source: PictureSource;
  readonly dismissed: readonly Dismissal[];
}

/** A region that is likely of a class. */
export interface HarvestCandidate {
  readonly picture: PictureId;
  readonly classId: ClassId;
  readonly mask: RegionMask;
  /** 0..1, as RegionSummary's. */
  readonly confidence: number;
}

export interface Harvest {
  /** By class in palette order, and in each class the one to look at first. */
  readonly candidates: readonly HarvestCandidate[];
  /** Pictures that were not segmented for these classes yet: they have to be before they can give anything. */
  readonly stale: readonly PictureId[];
}

export interface HarvestCalls {
  /**
   * Sure regions of many pictures, unlike each other and unlike what the classes have already, from different pictures
   * first. Cheap: regions are taken as they were when their pictures were segmented, and only compared anew.
   */
  harvest(pictures: readonly HarvestPicture[], settings: MatchSettings): Promise<Harvest>;
  /** A part of a picture with a little of its surroundings, which are dimmed; long side at most 160 px. */
  maskImage(picture: PictureSource, mask: RegionMask): Promise<Blob>;
}
