import type { BankDescription } from "../../../workers/contract.ts";
import { poolOnCpu } from "../../../workers/features/pooling/pooling.cpu.ts";
import { patchCoverage } from "../../../workers/imaging/coverage.ts";
import type { Descriptors } from "../../../workers/imaging/patch-tokens.ts";
import { type RegionSet, regionSetOfMasks } from "../../../workers/imaging/region-set.ts";
import type { Runs } from "../../../workers/imaging/runs.ts";
import { unitsIn } from "../../../workers/match-space.ts";
import type { MatchTable } from "../../../workers/match-table.ts";
import { borderMean, centringShare, subtractMean } from "../../../workers/matching/centring.ts";
import { discriminantScores } from "../../../workers/matching/discriminant.ts";
import type { ReferenceTable } from "../../../workers/matching/reference-table.ts";
import { describedPicture, type KeptDescription } from "../running/descriptions.ts";
import { NodeEngine } from "../running/node-engine.ts";
import type { Features } from "./controls.ts";
import { type ListSource, listsBy, type Similarity } from "./similarities.ts";

/** Descriptors of a picture's regions and of the masks in it. */
export interface PictureFeatures {
  readonly regions: RegionSet;
  readonly regionRows: Descriptors;
  readonly maskRows: Descriptors;
  /** What classes and "other" gain for every row by what was learned; null: nothing. */
  readonly regionGains: Float32Array<ArrayBuffer> | null;
  readonly maskGains: Float32Array<ArrayBuffer> | null;
}

/** Everything that does not depend on the picture, for one kind of features. */
export class FeatureSet {
  readonly table: ReferenceTable;
  readonly #match: MatchTable;
  readonly #bank: BankDescription;
  readonly #features: Features;
  readonly #lists = new Map<string, Float32Array<ArrayBuffer>>();

  constructor(bank: BankDescription, features: Features) {
    this.#features = features;
    const isPlain = features !== "fitted" && features !== "learned";
    this.#bank = {
      ...bank,
      // It is from the pieces of the references that all else is learned.
      classes: isPlain ? bank.classes.map((one) => ({ ...one, parts: [] })) : bank.classes,
      surroundings: features === "no anchors" ? [] : bank.surroundings,
      whitening: features === "no whitening" ? unwhitened(bank.whitening) : bank.whitening,
    };
    this.#match = new NodeEngine(this.#bank).match();
    this.table = this.#match.table;
  }

  /** How far what is learned is trusted, 0..1. */
  get trust(): number {
    return this.#match.trust;
  }

  /** The lists of the classes; made once. */
  listsOf(similarity: Similarity, source: ListSource): Float32Array<ArrayBuffer> {
    const key = `${similarity} ${source}`;
    const lists = this.#lists.get(key) ?? listsBy(similarity, source, this.table);
    this.#lists.set(key, lists);
    return lists;
  }

  /** @param masks over the working image, none of them empty */
  describe(kept: KeptDescription, masks: readonly Runs[]): PictureFeatures {
    const picture = describedPicture(kept, this.#bank.whitening.photo);
    const { regions, tokens, coverage } = picture;
    const set = regionSetOfMasks(regions.width, regions.height, masks, new Float32Array(masks.length));
    const { discriminant, trust, space } = this.#match;
    const regionUnits = unitsIn(space, poolOnCpu(tokens, coverage));
    const maskUnits = unitsIn(space, poolOnCpu(tokens, patchCoverage(set, tokens.rows, tokens.columns)));
    const isLearned = this.#features === "learned" && discriminant !== null;
    const mean = borderMean(regionUnits, regions, centringShare(trust));
    const centred = (units: Descriptors): Descriptors =>
      this.#features === "no centring" ? units : subtractMean(units, mean);
    return {
      regions,
      regionRows: centred(regionUnits),
      maskRows: centred(maskUnits),
      regionGains: isLearned ? discriminantScores(regionUnits, discriminant) : null,
      maskGains: isLearned ? discriminantScores(maskUnits, discriminant) : null,
    };
  }
}

/** Each domain centred on its mean, and nothing more. */
function unwhitened({ photo, pictogram }: BankDescription["whitening"]): BankDescription["whitening"] {
  const size = photo.mean.length;
  const matrix = new Float32Array(size * size);
  for (let at = 0; at < size; at += 1) matrix[at * size + at] = 1;
  return { photo: { mean: photo.mean, matrix }, pictogram: { mean: pictogram.mean, matrix }, isGuess: false };
}
