import { firmerPartner } from "./features/cross-domain.ts";
import { ADAPTED_REGULARISER, adaptWhitening, type SeenPiece } from "./features/adapted-whitening.ts";
import { normalise, whiten, type Whitening } from "./features/whitening.ts";
import type { Descriptors } from "./imaging/patch-tokens.ts";
import { trustIn } from "./matching/discriminant.ts";
import { type ModelProfile, PICTOGRAM_REGULARISER } from "./model-profile.ts";
import type { ClassParts } from "./references/bank/bank.ts";

/**
 * The numbers in which pictures and references are compared: those of the model's profile, fitted to the bank's photographs
 * where that is a guess. Statistics of thousands of photographs, as the starter brings, are not made better by a bank's.
 */
export interface MatchSpace extends Pick<ModelProfile, "photo" | "pictogram"> {
  /** From what the profile makes of a photograph's tokens to what this makes of them; null: the same. */
  readonly again: Whitening | null;
}

/** Pieces that a space is fitted to, at most: more of them change nothing. */
const MOST_PIECES = 4000;

/**
 * Spaces fitted to what is in a bank. A space that follows every reference would have all pictures and all references
 * be compared anew with each of them; so of every class the first 1, 2, 4, 8, ... references count, and the last space is
 * kept until one more of these is full, or one of them is gone.
 */
export class MatchSpaces {
  #last: { readonly profile: ModelProfile; readonly pieces: readonly SeenPiece[]; readonly space: MatchSpace } | null =
    null;

  of(taught: readonly ClassParts[], profile: ModelProfile): MatchSpace {
    const { pieces, references } = piecesOf(profile.isGuess ? taught : []);
    const last = this.#last;
    const isSame =
      last?.profile === profile &&
      last.pieces.length === pieces.length &&
      pieces.every((piece, at) => piece === last.pieces[at]);
    if (isSame) return last.space;
    const space = pieces.length === 0 ? asGiven(profile) : fitted(profile, pieces, trustIn(references));
    this.#last = { profile, pieces, space };
    return space;
  }
}

const asGiven = ({ photo, pictogram }: ModelProfile): MatchSpace => ({ photo, pictogram, again: null });

function fitted(profile: ModelProfile, pieces: readonly SeenPiece[], trust: number): MatchSpace {
  const { whitening, again } = adaptWhitening(profile.photo, pieces, trust);
  const matrix = firmerPartner(whitening.matrix, ADAPTED_REGULARISER, PICTOGRAM_REGULARISER);
  return { photo: whitening, pictogram: { mean: profile.pictogram.mean, matrix }, again };
}

function piecesOf(taught: readonly ClassParts[]): {
  readonly pieces: readonly SeenPiece[];
  readonly references: number;
} {
  let references = 0;
  const all = taught.flatMap(({ parts }) => {
    const ids = new Set(parts.map(({ referenceId }) => referenceId));
    const counted = ids.size === 0 ? 0 : 2 ** Math.floor(Math.log2(ids.size));
    references += counted;
    const first = new Set([...ids].slice(0, counted));
    return parts.filter(({ referenceId }) => first.has(referenceId));
  });
  const step = Math.max(1, all.length / MOST_PIECES);
  const pieces = Array.from({ length: Math.floor(all.length / step) }, (_, at) => all[Math.floor(at * step)]);
  return { pieces: pieces.flatMap((piece) => piece ?? []), references };
}

/** What was made of tokens under the model's profile, as unit rows of a space; zero rows stay zero. */
export function unitsIn({ again }: Pick<MatchSpace, "again">, whitened: Descriptors): Descriptors {
  return again ? whiten(whitened, again) : normalise(whitened);
}
