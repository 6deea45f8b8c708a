import type {
  Harvest,
  HarvestCandidate,
  HarvestPicture,
  ImagePx,
  MatchSettings,
  ModelId,
  PictureId,
  ReferenceId,
  ReferenceInfo,
  RegionMask,
} from "./contract.ts";
import type { Descriptors } from "./imaging/patch-tokens.ts";
import { intersectionArea, intersectionOverUnion, type Runs } from "./imaging/runs.ts";
import type { Labelled, Matching } from "./labelling.ts";
import type { MatchSpace } from "./match-space.ts";
import type { MatchTable } from "./match-table.ts";
import { OTHER_FLOOR } from "./matching/compose.ts";
import { confidenceOf } from "./matching/confidence.ts";
import { chooseHarvest, type HarvestRow } from "./matching/harvest.ts";
import { discriminantScores, withGains } from "./matching/discriminant.ts";
import { DEFAULT_PARAMETERS, type MatchResult } from "./matching/matcher.ts";

/** Regions kept of a picture: the largest, between these shares of it. */
const MOST_KEPT = 24;
const SMALLEST = 0.004;
const LARGEST = 0.7;
/**
 * What is offered is this sure, and leads by this much. Where much was learned from the references, sureness comes easier:
 * of 391 regions offered at 0.6 in 127 photographs under 823 examples 0.56 were right, of the 269 at 0.9 and above 0.70.
 */
const LEAST_CONFIDENCE = 0.6;
const MORE_WHERE_LEARNED = 0.3;
const LEAST_MARGIN = 0.05;
/** Masks that overlap this much (shared over joint area) are one region to a person. */
const SAME = 0.5;
/** A region this like (cosine) an example that was cut from a picture of the same name is that example. */
const OWN_EXAMPLE = 0.55;

/** What of the bank matters here. */
interface KnownClass {
  readonly references: readonly KnownReference[];
}
type KnownReference = Pick<ReferenceInfo, "id" | "source" | "provenance">;

interface PooledRegion {
  readonly mask: RegionMask;
  /** D numbers, as the match compares them. */
  readonly descriptor: Float32Array<ArrayBuffer>;
  /** D numbers, of unit length: as what was learned from the references asks for them. */
  readonly unit: Float32Array<ArrayBuffer>;
}

interface PooledPicture {
  readonly model: ModelId;
  /** What its descriptors are numbers of. */
  readonly space: MatchSpace;
  readonly classes: string;
  readonly regionMap: Uint16Array;
  readonly regions: readonly PooledRegion[];
}

const keyOf = (classes: readonly string[]): string => classes.join(" ");

/** What is remembered of every segmented picture, small enough for all of them: masks and descriptors of its regions. */
export class HarvestPool {
  readonly #pictures = new Map<PictureId, PooledPicture>();

  /** Remembers the regions of a picture that was just segmented. */
  take(picture: PictureId, model: ModelId, labelled: Labelled): void {
    const classes = keyOf(labelled.classes);
    const known = this.#pictures.get(picture);
    const { space } = labelled.match;
    const isKnown = known?.regionMap === labelled.regionMap && known.classes === classes && known.model === model;
    if (isKnown && known.space === space) return;
    const { regionMap } = labelled;
    this.#pictures.set(picture, { model, space, classes, regionMap, regions: pooledRegions(labelled) });
  }

  /** Sure regions of the pictures, chosen to be confirmed; see HarvestCalls. */
  async harvest(
    pictures: readonly HarvestPicture[],
    { classes }: MatchSettings,
    model: ModelId,
    match: MatchTable,
    bank: readonly KnownClass[],
    { matcher }: Pick<Matching, "matcher">,
  ): Promise<Harvest> {
    const key = keyOf(classes);
    const fresh = pictures.flatMap((picture) => {
      const pooled = this.#pictures.get(picture.source.id);
      const isFresh = pooled?.classes === key && pooled.model === model && pooled.space === match.space;
      return isFresh ? [{ picture, regions: pooled.regions }] : [];
    });
    const seen = new Set(fresh.map(({ picture }) => picture.source.id));
    const stale = pictures.map(({ source }) => source.id).filter((id) => !seen.has(id));
    const all = fresh.flatMap(({ picture, regions }, at) => regions.map((region) => ({ picture, region, at })));
    const { dimensions, anchorsFrom } = match.table;
    const stacked = (rows: readonly Float32Array[]): Descriptors => {
      const data = new Float32Array(rows.length * dimensions);
      for (const [row, numbers] of rows.entries()) data.set(numbers, row * dimensions);
      return { count: rows.length, dimensions, data };
    };
    const descriptors = stacked(all.map(({ region }) => region.descriptor));
    const ranked = await matcher.match(descriptors, match.table, DEFAULT_PARAMETERS);
    const units = stacked(all.map(({ region }) => region.unit));
    const result = match.discriminant
      ? withGains(ranked, discriminantScores(units, match.discriminant), anchorsFrom)
      : ranked;
    const known = new Map(bank.flatMap(({ references }) => references.map((one) => [one.id, one])));
    const rows = all.flatMap(({ picture, region, at }, row): HarvestRow[] => {
      const classIndex = result.best[row] ?? 0;
      const confidence = sureness(result, row, anchorsFrom);
      const classId = classes[classIndex];
      const least = LEAST_CONFIDENCE + MORE_WHERE_LEARNED * match.trust;
      if (classId === undefined || confidence < least) return [];
      if (isSettled(picture, classId, region.mask.runs)) return [];
      if (!isLikeAnExample(result, row, region.descriptor, match, known, picture)) return [];
      return [{ row, picture: at, classIndex, confidence }];
    });
    const candidates = chooseHarvest(rows, descriptors, match.table).flatMap((chosen): HarvestCandidate[] => {
      const one = all[chosen.row];
      const classId = classes[chosen.classIndex];
      if (!one || classId === undefined) return [];
      const { confidence } = chosen;
      return [{ picture: one.picture.source.id, classId, mask: one.region.mask, confidence }];
    });
    return { candidates, stale };
  }
}

/** Confidence of a row's class; 0 where other would win or the lead is small. */
function sureness({ best, bestScore, margin, other }: MatchResult, row: number, anchorsFrom: number): number {
  const floor = OTHER_FLOOR + (other?.[row] ?? 0);
  const [score, lead] = [bestScore[row] ?? -1, margin[row] ?? 0];
  if ((best[row] ?? anchorsFrom) >= anchorsFrom || score < floor || lead < LEAST_MARGIN) return 0;
  return confidenceOf(score, Math.min(lead, score - floor));
}

/** Whether a person has spoken about a region already: named it or a part of it, or turned it down for this class. */
function isSettled({ source, dismissed }: HarvestPicture, classId: string, runs: Runs): boolean {
  const isNamed = (source.corrections ?? []).some(
    ({ mask }) =>
      intersectionOverUnion(mask.runs, runs) > SAME || intersectionArea(mask.runs, runs) > SAME * area(runs),
  );
  return (
    isNamed ||
    dismissed.some((entry) => entry.classId === classId && intersectionOverUnion(entry.mask.runs, runs) > SAME)
  );
}

function area(runs: Runs): number {
  let sum = 0;
  for (let at = 1; at < runs.length; at += 2) sum += runs[at] ?? 0;
  return sum;
}

/**
 * Whether what speaks for a region is a picture of the thing, not a pictogram, which gives a first guess and no more; and
 * not one that was cut from this very region: pointed at in a picture of that name, and as like as it must then be.
 */
function isLikeAnExample(
  { nearest, slots, bestSlot }: MatchResult,
  row: number,
  descriptor: Float32Array,
  { table, references }: MatchTable,
  known: ReadonlyMap<ReferenceId, KnownReference>,
  { source }: HarvestPicture,
): boolean {
  const reference = nearest[row * slots + (bestSlot[row] ?? 0)] ?? 0;
  const found = known.get(references[reference] ?? ("" as ReferenceId));
  if (!found || found.source === "pictogram") return false;
  // Those named here by hand are known by their masks.
  const isNamedHere = (source.corrections ?? []).some((correction) => correction.reference === found.id);
  if (isNamedHere || found.provenance !== source.name) return true;
  let product = 0;
  let squares = 0;
  for (let d = 0; d < table.dimensions; d += 1) {
    product += (descriptor[d] ?? 0) * (table.references[reference * table.dimensions + d] ?? 0);
    squares += (descriptor[d] ?? 0) ** 2;
  }
  return product <= OWN_EXAMPLE * Math.sqrt(squares);
}

/** The largest regions of a picture that the match named or left to other, with their masks. */
function pooledRegions(labelled: Labelled): readonly PooledRegion[] {
  const { regions, regionMap, width, height, nodes, descriptors, units } = labelled;
  const total = width * height;
  const kept = regions
    .filter((region) => region.correction === null)
    .filter((region) => region.area >= SMALLEST * total && region.area <= LARGEST * total)
    .toSorted((a, b) => b.area - a.area)
    .slice(0, MOST_KEPT);
  const places = new Int16Array(regions.length + 1).fill(-1);
  for (const [place, { index }] of kept.entries()) places[index + 1] = place;
  const runs: number[][] = kept.map(() => []);
  for (let start = 0, pixel = 1; pixel <= regionMap.length; pixel += 1) {
    if (pixel < regionMap.length && regionMap[pixel] === regionMap[start]) continue;
    runs[places[regionMap[start] ?? 0] ?? -1]?.push(start, pixel - start);
    start = pixel;
  }
  const { data, dimensions } = descriptors;
  return kept.map(({ index }, place) => {
    const node = nodes[index] ?? 0;
    return {
      mask: { width: width as ImagePx, height: height as ImagePx, runs: Uint32Array.from(runs[place] ?? []) },
      descriptor: data.slice(node * dimensions, (node + 1) * dimensions),
      unit: units.data.slice(node * dimensions, (node + 1) * dimensions),
    };
  });
}
