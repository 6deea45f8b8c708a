import type { Failure } from "./failures.ts";
import type { JobOptions } from "./jobs.ts";
import type { PictureSource, RegionChoice } from "./pictures.ts";
import type { ClassId } from "./units.ts";

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
}
