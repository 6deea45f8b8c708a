import type { Calibration, ClassId } from "../../../workers/contract.ts";
import { areaOfRuns, type Runs } from "../../../workers/imaging/runs.ts";
import { regionSetOfMasks } from "../../../workers/imaging/region-set.ts";
import { NO_CLASS } from "../../../workers/matching/matcher.ts";
import type { DescribedPicture, Timings } from "../../../workers/pictures.ts";
import { cropMask } from "../../../workers/references/sources/example.ts";
import { enlarged, enlargedMap } from "../../../workers/results.ts";
import { type Annotated, type Thing, UNKNOWN } from "../datasets/annotated-pictures.ts";
import { describedPicture } from "../running/descriptions.ts";
import type { NodeEngine } from "../running/node-engine.ts";
import { type RegionKind, withRegions } from "../running/other-regions.ts";
import type { PreparedPicture } from "../running/prepare.ts";
import { countMaps, type MapCounts } from "./map-scores.ts";
import { type ProposalScore, scoreProposals } from "./proposal-scores.ts";

export interface EvaluationSettings {
  /** Names of the data's classes. */
  readonly classes: readonly string[];
  /** See MatchSettings.threshold. */
  readonly threshold: number;
  /** Things with fewer pixels are not asked about one by one. */
  readonly leastArea: number;
  /** Whether each picture is also labelled with only the classes that are in it. */
  readonly presentOnly: boolean;
  /** What is matched; things under their true masks are asked about among the app's regions always. */
  readonly regions: RegionKind;
}

/** Outcome of one thing under its true mask. */
interface ThingOutcome {
  readonly classIndex: number;
  /** Best class; -1 when none has references. */
  readonly named: number;
  /** Whether the true class has references. */
  readonly isKnown: boolean;
}

export interface PictureOutcome {
  readonly file: string;
  readonly place: number;
  /** With all classes at once. */
  readonly all: MapCounts;
  /** With the classes of the picture; null when that was not asked for. */
  readonly presentOnly: MapCounts | null;
  readonly things: readonly ThingOutcome[];
  /** All regions that are named when everything is. */
  readonly regions: readonly RegionOutcome[];
  /** The same with the classes of the picture, and what the bank expects of them; null when that was not asked for. */
  readonly presentRegions: PresentRegions | null;
  readonly proposals: readonly ProposalScore[];
  /** Milliseconds per stage: in the app up to the regions, here from the match on. */
  readonly timings: Timings;
}

interface PresentRegions {
  readonly regions: readonly RegionOutcome[];
  /** How many classes took part. */
  readonly classes: number;
  readonly calibration: Calibration;
}

/** A named region of the labelled picture. */
export interface RegionOutcome {
  readonly confidence: number;
  /** Share of its known pixels that have its class in the truth. */
  readonly right: number;
  /** Share of the picture. */
  readonly share: number;
}

/** A picture's truth, and the picture as the match wants it. */
interface Case {
  readonly annotated: Annotated;
  readonly described: DescribedPicture;
}

/** Evaluates one picture. */
export async function evaluatePicture(
  engine: NodeEngine,
  picture: PreparedPicture,
  settings: EvaluationSettings,
): Promise<PictureOutcome> {
  const annotated = picture.annotated();
  const kept = picture.description();
  const app = describedPicture(kept, engine.bank.whitening.photo);
  const things = annotated.things.filter(({ runs }) => areaOfRuns(runs) >= settings.leastArea);
  const masksOf = (some: readonly Thing[]): Runs[] =>
    masksAtWorkingSize(
      some.map(({ runs }) => runs),
      annotated,
      app.image,
    );
  const masks = masksOf(things);
  const truth = settings.regions === "truth" ? masksOf(annotated.things) : [];
  const described = await withRegions(settings.regions, app, truth);
  const one = { annotated, described };
  const timings: Timings = { ...kept.seen.facts.timings, ...kept.regions.facts.timings };
  // All that is asked of one set of classes comes together: another set is matched anew.
  const all = await countLabels(engine, one, settings, engine.classes, timings);
  const regions = await namedRegions(engine, one, engine.classes);
  const named = await nameThings(engine, app, things, masks);
  const present = [...new Set(annotated.things.map(({ classIndex }) => classIndex))].sort((a, b) => a - b);
  const ids = present.flatMap((index) => engine.classes[index] ?? []);
  const isAlone = settings.presentOnly && ids.length > 0;
  return {
    file: picture.file,
    place: picture.place,
    all,
    regions,
    things: named,
    proposals: scoreProposals(described.regions, masks),
    timings,
    presentOnly: settings.presentOnly ? await countLabels(engine, one, settings, ids, {}) : null,
    presentRegions: isAlone
      ? { regions: await namedRegions(engine, one, ids), classes: ids.length, calibration: engine.calibration(ids) }
      : null,
  };
}

async function countLabels(
  engine: NodeEngine,
  { annotated, described }: Case,
  { classes, threshold }: EvaluationSettings,
  wanted: readonly ClassId[],
  timings: Timings,
): Promise<MapCounts> {
  const labelled = await engine.label(described, { classes: wanted, threshold }, timings);
  const { data } = enlarged(labelled, annotated.width, annotated.height);
  const labels = Uint16Array.from([0, ...wanted.map((id) => engine.classes.indexOf(id) + 1)]);
  for (let pixel = 0; pixel < data.length; pixel += 1) data[pixel] = labels[data[pixel] ?? 0] ?? 0;
  return countMaps(annotated.truth, data, classes.length);
}

/** How right the regions are that are named when everything is. */
async function namedRegions(
  engine: NodeEngine,
  { annotated, described }: Case,
  classes: readonly ClassId[],
): Promise<RegionOutcome[]> {
  const { regions, regionMap, width, height } = await engine.label(described, { classes, threshold: 0 });
  const { data } = enlargedMap({ width, height, data: regionMap }, annotated.width, annotated.height);
  const labels = regions.map(({ classId }) => (classId === null ? 0 : engine.classes.indexOf(classId) + 1));
  const known = new Float64Array(regions.length);
  const right = new Float64Array(regions.length);
  for (let pixel = 0; pixel < data.length; pixel += 1) {
    const region = (data[pixel] ?? 0) - 1;
    const is = annotated.truth[pixel] ?? 0;
    if (region < 0 || is === UNKNOWN) continue;
    known[region] = (known[region] ?? 0) + 1;
    if (is === labels[region]) right[region] = (right[region] ?? 0) + 1;
  }
  return regions.flatMap(({ classId, confidence, area }, index) => {
    const pixels = known[index] ?? 0;
    if (classId === null || pixels === 0) return [];
    return [{ confidence, right: (right[index] ?? 0) / pixels, share: area / (width * height) }];
  });
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Masks of a picture as masks of its working image, none of them empty. */
export function masksAtWorkingSize(masks: readonly Runs[], { width, height }: Size, working: Size): Runs[] {
  if (width === working.width && height === working.height) return [...masks];
  return masks.map((runs) => cropMask(runs, width, { x: 0, y: 0, width, height }, working.width, working.height));
}

/** The best class of every thing under its true mask, anchors aside. */
async function nameThings(
  engine: NodeEngine,
  described: DescribedPicture,
  things: readonly Thing[],
  masks: readonly Runs[],
): Promise<ThingOutcome[]> {
  if (things.length === 0) return [];
  const { width, height } = described.regions;
  const set = regionSetOfMasks(width, height, masks, new Float32Array(masks.length));
  const { slots, candidates, score } = await engine.rankMasks(described, set, engine.classes);
  return things.map(({ classIndex }, index) => {
    let named = -1;
    let best = Number.NEGATIVE_INFINITY;
    for (let slot = index * slots; slot < (index + 1) * slots; slot += 1) {
      const candidate = candidates[slot] ?? NO_CLASS;
      if (candidate >= engine.classes.length || (score[slot] ?? 0) <= best) continue;
      named = candidate;
      best = score[slot] ?? 0;
    }
    return { classIndex, named, isKnown: (engine.bank.classes[classIndex]?.references.length ?? 0) > 0 };
  });
}
