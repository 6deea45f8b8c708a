import type { BankDescription } from "../../../workers/contract.ts";
import { poolOnCpu } from "../../../workers/features/pooling/pooling.cpu.ts";
import { normalise } from "../../../workers/features/whitening.ts";
import { patchCoverage } from "../../../workers/imaging/coverage.ts";
import type { Descriptors } from "../../../workers/imaging/patch-tokens.ts";
import { type RegionSet, regionSetOfMasks } from "../../../workers/imaging/region-set.ts";
import type { Runs } from "../../../workers/imaging/runs.ts";
import { describeRegions } from "../../../workers/labelling.ts";
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
}

const POOLING = {
  matcher: { match: () => Promise.reject(new Error("Nothing is matched here.")), dispose: () => undefined },
};

/** Everything that does not depend on the picture, for one kind of features. */
export class FeatureSet {
  readonly table: ReferenceTable;
  readonly #bank: BankDescription;
  readonly #isCentred: boolean;
  readonly #lists = new Map<string, Float32Array<ArrayBuffer>>();

  constructor(bank: BankDescription, features: Features) {
    this.#isCentred = features !== "no centring";
    this.#bank = {
      ...bank,
      surroundings: features === "no anchors" ? [] : bank.surroundings,
      whitening: features === "no whitening" ? unwhitened(bank.whitening) : bank.whitening,
    };
    this.table = new NodeEngine(this.#bank).table();
  }

  /** The lists of the classes; made once. */
  listsOf(similarity: Similarity, source: ListSource): Float32Array<ArrayBuffer> {
    const key = `${similarity} ${source}`;
    const lists = this.#lists.get(key) ?? listsBy(similarity, source, this.table);
    this.#lists.set(key, lists);
    return lists;
  }

  /** @param masks over the working image, none of them empty */
  async describe(kept: KeptDescription, masks: readonly Runs[]): Promise<PictureFeatures> {
    const picture = describedPicture(kept, this.#bank.whitening.photo);
    const { regions, tokens, coverage } = picture;
    const set = regionSetOfMasks(regions.width, regions.height, masks, new Float32Array(masks.length));
    const pool = async (...given: Parameters<typeof poolOnCpu>): Promise<Descriptors> => poolOnCpu(...given);
    if (this.#isCentred) {
      const all = await describeRegions(picture, { ...POOLING, pool }, set);
      return { regions, regionRows: part(all, 0, regions.count), maskRows: part(all, regions.count, set.count) };
    }
    return {
      regions,
      regionRows: normalise(poolOnCpu(tokens, coverage)),
      maskRows: normalise(poolOnCpu(tokens, patchCoverage(set, tokens.rows, tokens.columns))),
    };
  }
}

function part({ data, dimensions }: Descriptors, first: number, count: number): Descriptors {
  return { count, dimensions, data: data.slice(first * dimensions, (first + count) * dimensions) };
}

/** Each domain centred on its mean, and nothing more. */
function unwhitened({ photo, pictogram }: BankDescription["whitening"]): BankDescription["whitening"] {
  const size = photo.mean.length;
  const matrix = new Float32Array(size * size);
  for (let at = 0; at < size; at += 1) matrix[at * size + at] = 1;
  return { photo: { mean: photo.mean, matrix }, pictogram: { mean: pictogram.mean, matrix } };
}
