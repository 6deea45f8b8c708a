import {
  type Box,
  type ClassId,
  type Correction,
  type MatchSettings,
  type ModelInfo,
  type PictureId,
  type PictureSource,
  type RegionIndex,
  type RegionSummary,
} from "./contract.ts";
import { type Coverage, patchCoverage } from "./imaging/coverage.ts";
import type { Descriptors, PatchTokens } from "./imaging/patch-tokens.ts";
import type { RegionSet } from "./imaging/region-set.ts";
import { LeastRecentlyUsed } from "./least-recently-used.ts";
import { type MatchSpace, unitsIn } from "./match-space.ts";
import type { MatchTable, MatchTables, UnitVectors } from "./match-table.ts";
import { centreOnPicture, centringShare } from "./matching/centring.ts";
import { compose, type ComposedRegion, type Composition, labelRegions, OTHER } from "./matching/compose.ts";
import { applyCorrections, type CorrectedComposition } from "./matching/corrections.ts";
import { discriminantScores, withGains } from "./matching/discriminant.ts";
import { DEFAULT_PARAMETERS, type Matcher, type MatchResult } from "./matching/matcher.ts";
import type { ModelProfile } from "./model-profile.ts";
import { type DescribedPicture, runStage, type StageContext } from "./pictures.ts";

/** Pictures whose match is kept, about 10 MB each. */
const MATCHES_KEPT = 8;

/** A picture with every pixel in one region and every region named, or "other". */
export interface Labelled {
  readonly width: number;
  readonly height: number;
  readonly classes: readonly ClassId[];
  /** Region index + 1 at every pixel. */
  readonly regionMap: Uint16Array<ArrayBuffer>;
  /** 0 other, n+1 = classes[n]. */
  readonly classMap: Uint16Array<ArrayBuffer>;
  readonly regions: readonly RegionSummary[];
  readonly match: MatchTable;
  readonly result: MatchResult;
  /** Rows of unit length. */
  readonly units: Descriptors;
  /** Centred on the picture. */
  readonly descriptors: Descriptors;
  /** What "other" and every class gain for every region of the set, see discriminant.ts; null: nothing. */
  readonly gains: Float32Array<ArrayBuffer> | null;
  /** Node of the region set that speaks for each region. */
  readonly nodes: readonly number[];
}

/** What of a loaded model the match needs. */
export interface ModelInUse {
  readonly profile: ModelProfile;
  readonly session: { readonly info: Pick<ModelInfo, "id" | "dimensions"> };
}

/** What computes: a machine, or the CPU alone. */
export interface Matching {
  readonly matcher: Matcher;
  readonly pool: (tokens: PatchTokens, coverage: Coverage) => Promise<Descriptors>;
}

interface Matched {
  readonly described: DescribedPicture;
  /** Rows of unit length, in the space of the match. */
  readonly units: Descriptors;
  readonly descriptors: Descriptors;
  readonly gains: Float32Array<ArrayBuffer> | null;
  readonly match: MatchTable;
  readonly result: MatchResult;
  readonly composition: Composition;
  /** With the corrections of that key. */
  corrected: { readonly key: string; readonly result: CorrectedComposition } | null;
  labelled: { readonly threshold: number; readonly key: string; readonly picture: Labelled } | null;
}

/** Equal for the same corrections. */
const keyOf = (corrections: readonly Correction[]): string => corrections.map(({ id }) => id).join(" ");

/** From described regions to names. Moving the threshold composes again; changing classes matches again; no more. */
export class Labelling {
  readonly #tables: MatchTables;
  readonly #matched = new LeastRecentlyUsed<PictureId, Matched>(MATCHES_KEPT);

  constructor(tables: MatchTables) {
    this.#tables = tables;
  }

  /** Descriptors were added or dropped. */
  invalidate(): void {
    this.#tables.invalidate();
  }

  /** See MatchTables.unitsOf. */
  unitsOf({ session, profile }: ModelInUse): UnitVectors {
    const { id, dimensions } = session.info;
    return this.#tables.unitsOf(id, dimensions, profile);
  }

  /** Forgets everything: another model. */
  clear(): void {
    this.#tables.invalidate();
    this.#matched.clear();
  }

  /** What was last made of a picture. */
  last(picture: PictureId): Labelled | null {
    return this.#matched.get(picture)?.labelled?.picture ?? null;
  }

  /** What the regions of every picture are compared with. */
  tableOf({ session, profile }: ModelInUse, classes: readonly ClassId[]): MatchTable {
    const { id, dimensions } = session.info;
    return this.#tables.tableOf(id, dimensions, profile, classes);
  }

  async label(
    { id: picture, corrections = [] }: Pick<PictureSource, "id" | "corrections">,
    described: DescribedPicture,
    model: ModelInUse,
    machine: Matching,
    settings: MatchSettings,
    context: StageContext,
  ): Promise<Labelled> {
    const match = this.tableOf(model, settings.classes);
    const known = this.#matched.get(picture);
    const matched =
      known?.described === described && known.match === match
        ? known
        : await this.#match(described, known, match, machine, context);
    this.#matched.set(picture, matched);
    const key = keyOf(corrections);
    if (matched.labelled?.threshold !== settings.threshold || matched.labelled.key !== key) {
      const labelled = await runStage(context, "compose", () => labelledPicture(matched, settings, corrections));
      matched.labelled = { threshold: settings.threshold, key, picture: labelled };
    }
    return matched.labelled.picture;
  }

  /** Ranks masks of a picture one by one, as they are: no neighbours are asked and no threshold is kept to. */
  async rankMasks(
    described: DescribedPicture,
    masks: RegionSet,
    model: ModelInUse,
    machine: Matching,
    classes: readonly ClassId[],
  ): Promise<MatchResult> {
    const { dimensions } = model.session.info;
    const match = this.tableOf(model, classes);
    const all = await unitsOf(described, machine, match.space, masks);
    const centred = centreOnPicture(all, described.regions, centringShare(match.trust));
    const ofMasks = ({ data }: Descriptors): Descriptors => ({
      count: masks.count,
      dimensions,
      data: data.slice(described.regions.count * dimensions),
    });
    return (await ranked(ofMasks(all), ofMasks(centred), match, machine.matcher)).result;
  }

  async #match(
    described: DescribedPicture,
    known: Matched | undefined,
    match: MatchTable,
    machine: Matching,
    context: StageContext,
  ): Promise<Matched> {
    const { regions } = described;
    const matched = await runStage(context, "match", async () => {
      const before = known?.described === described ? known : null;
      const kept = before?.match.space === match.space ? before : null;
      const units = kept?.units ?? (await unitsOf(described, machine, match.space));
      const isCentred = kept !== null && kept.match.trust === match.trust;
      const share = centringShare(match.trust);
      const descriptors = isCentred ? kept.descriptors : centreOnPicture(units, regions, share);
      return { units, descriptors, ...(await ranked(units, descriptors, match, machine.matcher)) };
    });
    const { anchorsFrom } = match.table;
    const composition = await runStage(context, "compose", () =>
      compose(regions, matched.result, anchorsFrom, match.trust),
    );
    return { described, ...matched, match, composition, corrected: null, labelled: null };
  }
}

/** Ranks regions, with what telling them apart adds. @param centred the same rows, centred on their picture */
async function ranked(
  units: Descriptors,
  centred: Descriptors,
  { table, discriminant }: MatchTable,
  matcher: Matcher,
): Promise<Pick<Matched, "result" | "gains">> {
  const result = await matcher.match(centred, table, DEFAULT_PARAMETERS);
  if (!discriminant) return { result, gains: null };
  const gains = discriminantScores(units, discriminant);
  return { result: withGains(result, gains, table.anchorsFrom), gains };
}

/** Descriptors of unit length: of a picture's regions and, after them, of other masks in it. */
async function unitsOf(
  { tokens, coverage }: DescribedPicture,
  machine: Matching,
  space: MatchSpace,
  masks?: RegionSet,
): Promise<Descriptors> {
  const pooled = unitsIn(space, await machine.pool(tokens, coverage));
  if (!masks) return pooled;
  const more = unitsIn(space, await machine.pool(tokens, patchCoverage(masks, tokens.rows, tokens.columns)));
  const data = new Float32Array(pooled.data.length + more.data.length);
  data.set(pooled.data);
  data.set(more.data, pooled.data.length);
  return { count: pooled.count + more.count, dimensions: pooled.dimensions, data };
}

function labelledPicture(
  matched: Matched,
  { classes, threshold }: MatchSettings,
  corrections: readonly Correction[],
): Labelled {
  const { match, result, units, descriptors, gains } = matched;
  const used = usableCorrections(corrections, classes, matched.composition);
  const key = keyOf(used);
  if (matched.corrected?.key !== key) {
    const named = used.map(({ classId, mask }) => ({
      classIndex: classId === null ? OTHER : classes.indexOf(classId),
      runs: mask.runs,
    }));
    matched.corrected = { key, result: applyCorrections(matched.composition, matched.described.regions, named) };
  }
  const { composition, masks } = matched.corrected.result;
  const firstCorrected = composition.regions.length - masks.length;
  const labels = labelRegions(composition, threshold);
  return {
    width: composition.width,
    height: composition.height,
    classes,
    regionMap: composition.regionMap,
    classMap: labels.classMap,
    regions: composition.regions.map((region, index) =>
      summaryOfRegion(
        region,
        index,
        labels.classes[index] ?? OTHER,
        match,
        used[masks[index - firstCorrected] ?? -1]?.id ?? null,
      ),
    ),
    match,
    result,
    units,
    descriptors,
    gains,
    nodes: composition.regions.map((region) => region.node),
  };
}

/** Those whose class takes part, of the picture as it is now. */
function usableCorrections(
  corrections: readonly Correction[],
  classes: readonly ClassId[],
  { width, height }: Composition,
): readonly Correction[] {
  return corrections.filter(
    ({ classId, mask }) =>
      mask.width === width && mask.height === height && (classId === null || classes.includes(classId)),
  );
}

/** Class of a number of the table; null for anchors and for none. */
export const classAt = (match: MatchTable, index: number): ClassId | null =>
  index >= 0 && index < match.table.anchorsFrom ? (match.classes[index] ?? null) : null;

function summaryOfRegion(
  region: ComposedRegion,
  index: number,
  label: number,
  match: MatchTable,
  correction: string | null,
): RegionSummary {
  const { score, margin, confidence, area } = region;
  const [x, y, width, height] = region.box;
  return {
    index: index as RegionIndex,
    classId: classAt(match, label),
    score,
    margin,
    confidence,
    // Below the threshold, what the region would have been is the best that can be said of it.
    runnerUp: classAt(match, label === region.classIndex ? region.runnerUp : region.classIndex),
    correction,
    nearest: [...new Set(region.nearest.flatMap((row) => match.references[row] ?? []))],
    area,
    box: { x, y, width, height } as Box,
  };
}
