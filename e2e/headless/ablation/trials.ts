import { areaOfRuns, type Runs } from "../../../workers/imaging/runs.ts";
import { compose, labelRegions } from "../../../workers/matching/compose.ts";
import { withGains } from "../../../workers/matching/discriminant.ts";
import { decide, type MatchParameters, type MatchResult, NO_CLASS } from "../../../workers/matching/matcher.ts";
import type { Ranking } from "../../../workers/matching/ranking/layout.ts";
import { enlargedMap } from "../../../workers/results.ts";
import type { Annotated } from "../datasets/annotated-pictures.ts";
import type { PreparedPicture } from "../running/prepare.ts";
import { countMaps, type MapCounts } from "../scoring/map-scores.ts";
import { masksAtWorkingSize } from "../scoring/evaluation.ts";
import type { Control } from "./controls.ts";
import type { FeatureSet, PictureFeatures } from "./features.ts";
import { rankBy } from "./ranking.ts";
import { productsWith, similaritiesBy } from "./similarities.ts";

/** A picture with its truth and features, and what was worked out of them so far. */
export interface Trial {
  readonly annotated: Annotated;
  /** True classes of the masks. */
  readonly truths: readonly number[];
  readonly features: PictureFeatures;
  readonly set: FeatureSet;
  readonly maskProducts: Float32Array;
  /** Made when first asked for. */
  readonly regionProducts: () => Float32Array;
}

/** Prepares a picture. @param leastArea things with fewer pixels are not asked about */
export function trialOf(picture: PreparedPicture, set: FeatureSet, leastArea: number): Trial {
  const annotated = picture.annotated();
  const kept = picture.description();
  const things = annotated.things.filter(({ runs }) => areaOfRuns(runs) >= leastArea);
  const masks: Runs[] = masksAtWorkingSize(
    things.map(({ runs }) => runs),
    annotated,
    kept.seen.facts,
  );
  const features = set.describe(kept, masks);
  let products: Float32Array | null = null;
  return {
    annotated,
    truths: things.map(({ classIndex }) => classIndex),
    features,
    set,
    maskProducts: productsWith(features.maskRows, set.table),
    regionProducts: () => (products ??= productsWith(features.regionRows, set.table)),
  };
}

/** What is named by rows of products with the references. */
interface Rows {
  readonly products: Float32Array;
  readonly count: number;
  readonly gains: Float32Array<ArrayBuffer> | null;
}

function ranked(
  control: Control,
  parameters: MatchParameters,
  { products, count, gains }: Rows,
  set: FeatureSet,
): MatchResult {
  const { classes, anchorsFrom } = set.table;
  const similarity = similaritiesBy(control.similarity, products, count, set.table);
  const lists = control.comparison === "none" ? new Float32Array() : set.listsOf(control.similarity, control.lists);
  const match = decide(rankBy(control.comparison, { count, classes, anchorsFrom, similarity, lists }, parameters));
  return gains ? withGains(match, gains, anchorsFrom) : match;
}

/** How many things are named right under their true masks, of those whose class has references. */
export interface MaskOutcome {
  readonly right: number;
  readonly known: number;
}

/** Names the things under their true masks by each of the parameters. */
export function tryMasks(control: Control, { truths, maskProducts, features, set }: Trial): MaskOutcome[] {
  const { classOffsets, anchorsFrom } = set.table;
  const isKnown = truths.map((index) => (classOffsets[index + 1] ?? 0) > (classOffsets[index] ?? 0));
  const known = isKnown.filter(Boolean).length;
  return control.grid.map((parameters) => {
    const rows = { products: maskProducts, count: truths.length, gains: features.maskGains };
    const ranking = ranked(control, parameters, rows, set);
    const right = truths.filter((truth, at) => isKnown[at] && bestNamed(ranking, at, anchorsFrom) === truth).length;
    return { right, known };
  });
}

/** The class with the highest score, anchors aside; -1 for none. */
function bestNamed({ slots, candidates, score }: Ranking, row: number, anchorsFrom: number): number {
  let best = -1;
  let highest = Number.NEGATIVE_INFINITY;
  for (let slot = row * slots; slot < (row + 1) * slots; slot += 1) {
    const candidate = candidates[slot] ?? NO_CLASS;
    if (candidate >= anchorsFrom || (score[slot] ?? 0) <= highest) continue;
    best = candidate;
    highest = score[slot] ?? 0;
  }
  return best;
}

/** Labels the whole picture by some parameters, once for each floor of the control. */
export function tryPicture(
  control: Control,
  parameters: MatchParameters,
  { annotated, features, regionProducts, set }: Trial,
  classes: number,
): MapCounts[] {
  const { regions, regionRows, regionGains } = features;
  const rows = { products: regionProducts(), count: regionRows.count, gains: regionGains };
  const match = ranked(control, parameters, rows, set);
  return control.floors.map((floor) => {
    const { classMap } = labelRegions(compose(regions, match, set.table.anchorsFrom, set.trust, floor), 0);
    const map = { width: regions.width, height: regions.height, data: classMap };
    return countMaps(annotated.truth, enlargedMap(map, annotated.width, annotated.height).data, classes);
  });
}
