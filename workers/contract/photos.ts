import type { Attribution, ExampleTarget, ReferenceInfo } from "./classes.ts";
import type { Failure } from "./failures.ts";
import type { JobOptions } from "./jobs.ts";
import type { PictureSource } from "./pictures.ts";
import type { ClassId } from "./units.ts";

/** Services that find openly licensed photographs. */
export type PhotoProvider = "openverse" | "commons";

/** A photograph that a service found, fetched and looked at: its blob is a picture of this size. */
export interface FoundPhoto {
  readonly source: PictureSource;
  readonly provider: PhotoProvider;
  readonly attribution: Attribution;
  /** Pixels of the blob, upright. */
  readonly width: number;
  readonly height: number;
}

export interface PhotoSearch {
  /** At most twelve, each once. */
  readonly photos: readonly FoundPhoto[];
  /** When the services were asked, milliseconds since 1970: results are kept, and no name is searched twice. */
  readonly asked: number;
  /** What went wrong with one service while another answered. */
  readonly failures: readonly Failure[];
}

/** A photograph that was chosen, and what of it is the example. */
export interface ChosenPhoto {
  readonly source: PictureSource;
  readonly attribution: Attribution;
  readonly target: ExampleTarget;
}

export interface PhotoCalls {
  /**
   * Sends the name to the services, and nothing else; only those that the person has agreed to may be given. Rejects
   * when none of them answered.
   */
  searchPhotos(name: string, providers: readonly PhotoProvider[], job?: JobOptions): Promise<PhotoSearch>;
  /** Makes references of source "photo-search" of them, with their attribution; all of them or none. */
  addPhotos(
    id: ClassId,
    photos: readonly ChosenPhoto[],
    subcategory: string | null,
    job?: JobOptions,
  ): Promise<readonly ReferenceInfo[]>;
  /** Forgets all results that were kept. */
  forgetPhotos(): Promise<void>;
}
