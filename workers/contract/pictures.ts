import type { Correction } from "./corrections.ts";
import type { JobOptions, Stage } from "./jobs.ts";
import type {
  Box,
  ClassId,
  ImagePx,
  ModelId,
  OriginalPx,
  PictureId,
  Point,
  ReferenceId,
  RegionIndex,
} from "./units.ts";

/** A picture as the page holds it. The blob is a handle: passing it copies nothing. */
export interface PictureSource {
  readonly id: PictureId;
  /** File name, shown as text only. */
  readonly name: string;
  readonly blob: Blob;
  /** What the person named by hand; later ones lie over earlier ones. */
  readonly corrections?: readonly Correction[];
}

export interface PictureInfo {
  readonly id: PictureId;
  readonly width: ImagePx;
  readonly height: ImagePx;
  readonly originalWidth: OriginalPx;
  readonly originalHeight: OriginalPx;
  /** SHA-256 of the file's bytes, hexadecimal. */
  readonly hash: string;
  /** WebP or PNG, long side at most 256 px. */
  readonly thumbnail: Blob;
}

export interface MatchSettings {
  /** Classes that take part, in palette order; label n+1 in a class map is classes[n], 0 is "other". */
  readonly classes: readonly ClassId[];
  /** 0..1: how sure the match must be before a region is named; 0 names everything that beats "other". */
  readonly threshold: number;
}

/** One labelled piece of the picture, as the person sees it. */
export interface RegionSummary {
  readonly index: RegionIndex;
  /** Null: "other". */
  readonly classId: ClassId | null;
  /** z of the label, see docs/method.md; about -1..1. */
  readonly score: number;
  /** Lead of the label over the runner-up, 0..2. */
  readonly margin: number;
  /** 0..1, monotone in score and margin; compared with the threshold. */
  readonly confidence: number;
  readonly runnerUp: ClassId | null;
  /** The correction that named it; score, margin and runner-up then say what the match made of it. Null: the match. */
  readonly correction: string | null;
  /** The references it resembles most, best first, at most four. */
  readonly nearest: readonly ReferenceId[];
  /** Working pixels covered. */
  readonly area: number;
  readonly box: Box;
}

export interface ClassArea {
  readonly classId: ClassId | null;
  /** Share of the picture, 0..1. */
  readonly share: number;
  readonly regions: number;
}

export interface Segmentation {
  readonly picture: PictureId;
  readonly model: ModelId;
  readonly classes: readonly ClassId[];
  readonly width: ImagePx;
  readonly height: ImagePx;
  readonly regions: readonly RegionSummary[];
  readonly areas: readonly ClassArea[];
  /** Milliseconds per stage that ran for this call; a stage that came from a cache is absent. */
  readonly timings: Readonly<Partial<Record<Stage, number>>>;
}

/** One candidate of a region, for "why this class". */
export interface Candidate {
  /** Null: an anchor (a hidden common thing), that is "other". */
  readonly classId: ClassId | null;
  readonly name: string;
  /** s_c: half prototype, half nearest reference, cosine units. */
  readonly similarity: number;
  /** D_c: divergence of the region's ranking from the class's own; null when outside the top k. */
  readonly divergence: number | null;
  /** z_c = s_c - lambda tau D_c. */
  readonly score: number;
  /**
   * What the class's own references score under each of the candidates, in the order of the candidates: what its ranking
   * is expected to be. Empty for surroundings.
   */
  readonly expected: readonly number[];
  /** Of surroundings: the reference whose they are. */
  readonly surroundingsOf: ReferenceId | null;
}

export interface Explanation {
  readonly region: RegionIndex;
  /** The best first. */
  readonly candidates: readonly Candidate[];
  /** What a class must score to be named at all. */
  readonly floor: number;
  readonly nearest: readonly {
    readonly reference: ReferenceId;
    readonly classId: ClassId;
    readonly similarity: number;
  }[];
}

/** What would become of a region if something took no part. */
export interface Counterfactual {
  readonly without:
    | { readonly kind: "reference"; readonly reference: ReferenceId }
    | { readonly kind: "class"; readonly classId: ClassId }
    /** What surrounds the things in all references. */
    | { readonly kind: "surroundings" };
  /** What most of the region would be; null: other. */
  readonly classId: ClassId | null;
  /** How much of the region that would be, 0..1. */
  readonly share: number;
}

/** Transferred, row-major, top row first. */
export interface LabelMap<Unit extends number = ImagePx> {
  readonly width: Unit;
  readonly height: Unit;
  /** Class map: 0 other, n+1 = classes[n]. Region map: 0 none, index+1. */
  readonly data: Uint16Array<ArrayBuffer>;
}

/** A part of a picture with its outline for display. */
export interface RegionOutline {
  readonly box: Box;
  readonly area: number;
  /** SVG path data in working pixels (M, L and Z only). */
  readonly outline: string;
}

/** A region proposed at a place. */
export interface RegionChoice extends RegionOutline {
  readonly proposal: number;
  /** Objectness, 0..1. */
  readonly score: number;
}

export interface PictureCalls {
  /** Decodes only: size, hash and thumbnail. */
  inspect(picture: PictureSource, job?: JobOptions): Promise<PictureInfo>;
  /** The whole way; stages whose result is cached are not run again. A newer call for the same picture cancels an older. */
  segment(picture: PictureSource, settings: MatchSettings, job?: JobOptions): Promise<Segmentation>;
  explain(picture: PictureSource, region: RegionIndex, settings: MatchSettings): Promise<Explanation>;
  /**
   * What would change the class of a region: the picture is matched and put together again without each of its nearest
   * references, without its class, or, where surroundings made it "other", without those. Corrections rest.
   */
  whatIf(
    picture: PictureSource,
    region: RegionIndex,
    settings: MatchSettings,
    job?: JobOptions,
  ): Promise<readonly Counterfactual[]>;
  /** For hover: which region is where. */
  regionMap(picture: PictureSource): Promise<LabelMap>;
  /** For export, at the picture's original size. */
  classMap(picture: PictureSource, settings: MatchSettings, job?: JobOptions): Promise<LabelMap<OriginalPx>>;
  /** Proposals at a place, the likeliest first, then from small to large. Never empty inside the picture. */
  proposalsAt(picture: PictureSource, point: Point, job?: JobOptions): Promise<readonly RegionChoice[]>;
}
