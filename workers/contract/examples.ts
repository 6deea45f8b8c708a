import type { Failure } from "./failures.ts";
import type { JobOptions } from "./jobs.ts";
import type { PictureSource, RegionChoice, RegionOutline } from "./pictures.ts";
import type { Box, ClassId, Point } from "./units.ts";

/** How a person says which part of a picture is meant. Coordinates are working pixels. */
export interface Refinement {
  /** The proposal to begin with; null: what the box holds, else what the first plus point points at, else the salient. */
  readonly start: number | null;
  readonly box: Box | null;
  /** These belong to it. */
  readonly positive: readonly Point[];
  /** These do not. */
  readonly negative: readonly Point[];
}

/** What a picture most likely is an example of, or why nothing can be said. One of the two is null. */
export interface Localised {
  readonly choice: RegionChoice | null;
  readonly failure: Failure | null;
}

export interface ExampleCalls {
  /**
   * Where in each picture the thing is that they are examples of: what all of them, and the class's examples so far, have
   * in common; of one picture alone its most salient region. One result a picture, in their order; a picture that cannot
   * be opened has its failure and does not keep the others from theirs. Progress counts pictures.
   */
  localise(
    pictures: readonly PictureSource[],
    classId: ClassId | null,
    job?: JobOptions,
  ): Promise<readonly Localised[]>;
  /** The mask that a refinement means; the same refinement of the same picture always means the same. Never empty. */
  refine(picture: PictureSource, refinement: Refinement, job?: JobOptions): Promise<RegionOutline>;
}
