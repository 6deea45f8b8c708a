import type { PatchTokens } from "../imaging/patch-tokens.ts";
import type { RegionSet } from "../imaging/region-set.ts";
import type { WorkingImage } from "../imaging/working-image.ts";

/** Finds class-agnostic regions. The region tree needs no weights of its own; a SAM-family model is another one. */
export interface Proposer {
  /** Part of cache keys: changes when the same picture could give other regions. */
  readonly id: string;
  /** Does what needs no tokens: `propose` for the same picture is quicker afterwards. For the time that a model runs. */
  prepare(image: WorkingImage): void;
  /**
   * Regions of a picture, never none. `tokens` are the picture's patch tokens when a feature model is loaded, already
   * whitened (see docs/method.md), so that affinities between patches mean something; null without a model.
   */
  propose(image: WorkingImage, tokens: PatchTokens | null, signal: AbortSignal): Promise<RegionSet>;
}
