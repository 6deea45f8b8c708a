import { basename } from "node:path";
import { cpus, totalmem } from "node:os";
import type { Calibration, Stage } from "../../../workers/contract.ts";
import { thingsAt, wrongAt } from "../../../workers/matching/calibration.ts";
import type { Material } from "../running/prepare.ts";
import { median, print, table } from "../running/terminal.ts";
import type { PictureOutcome, RegionOutcome } from "./evaluation.ts";
import { type MapCounts, meanOverlap, overlap, pixelAccuracy, sumCounts } from "./map-scores.ts";
import { averageRecall, RECALL_AT, recallAt } from "./proposal-scores.ts";

/** Figures of one way to come by references. */
export interface Report {
  readonly way: string;
  readonly classes: readonly string[];
  /** Rows of the bank for each class. */
  readonly references: readonly number[];
  readonly outcomes: readonly PictureOutcome[];
  /** What the bank itself expects. */
  readonly calibration: Calibration;
  /** What matching and scoring took. */
  readonly seconds: number;
}

/** What of the command belongs into a report. */
interface Circumstances {
  readonly data: string;
  readonly bank: string | null;
  readonly half: string;
  readonly threshold: number;
  readonly device: string;
  readonly leastArea: number;
  readonly perClass: boolean;
}

interface Summary {
  readonly meanOverlap: number;
  readonly pixelAccuracy: number;
  readonly presentOnly: number | null;
  /** Share of the things of known classes that are named right under their true masks. */
  readonly topOne: number;
  readonly things: number;
  readonly knownThings: number;
}

const digits = (value: number | null): string => (value === null ? "–" : value.toFixed(3));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function summaryOf({ outcomes }: Report): Summary {
  const all = sumCounts(outcomes.map((one) => one.all));
  const present = outcomes.flatMap((one) => one.presentOnly ?? []);
  const things = outcomes.flatMap((one) => one.things);
  const known = things.filter(({ isKnown }) => isKnown);
  return {
    meanOverlap: meanOverlap(all),
    pixelAccuracy: pixelAccuracy(all),
    presentOnly: present.length > 0 ? meanOverlap(sumCounts(present)) : null,
    topOne: known.filter(({ classIndex, named }) => classIndex === named).length / known.length,
    things: things.length,
    knownThings: known.length,
  };
}

/** Prints all figures. */
export function printReport(reports: readonly Report[], material: Material, circumstances: Circumstances): void {
  const [first] = reports;
  if (!first) return;
  const { data, bank, half, threshold, device, leastArea } = circumstances;
  const [cpu] = cpus();
  const model = material.modelName === "starter" ? "starter" : material.modelName.split("/").slice(-2).join("/");
  print(`machine    ${cpus().length} x ${cpu?.model ?? "?"}, ${(totalmem() / 1e9).toFixed(0)} GB`);
  print(`model      ${model}, ${device}`);
  print(`data       ${basename(data)}, ${half} pictures: ${first.outcomes.length}, ${first.classes.length} classes`);
  print(`bank       ${bank === null ? "none" : basename(bank)}, threshold ${threshold}`);
  const present = material.data.classes.filter((_, at) =>
    first.outcomes.some(({ all }) => (all.truth[at + 1] ?? 0) > 0),
  );
  print(`mIoU over the background and ${present.length} classes that the pictures show\n`);
  print(
    table([
      [
        "",
        "mIoU",
        "pixels right",
        "present only",
        "top-1 on true masks",
        "things",
        "classes with references",
        "s/picture",
      ],
      ...reports.map((report) => rowOf(report)),
    ]),
  );
  printProposals(first, Math.round(Math.sqrt(leastArea)));
  for (const report of reports) printCalibrations(report, circumstances.threshold);
  printTimes(first, material);
  if (circumstances.perClass) for (const report of reports) printClasses(report);
  printProblems(material);
}

function rowOf(report: Report): string[] {
  const { way, references, seconds, outcomes } = report;
  const { meanOverlap: all, pixelAccuracy: pixels, presentOnly, topOne, things, knownThings } = summaryOf(report);
  return [
    way,
    digits(all),
    digits(pixels),
    digits(presentOnly),
    digits(topOne),
    things === knownThings ? `${things}` : `${knownThings} of ${things}`,
    `${references.filter((count) => count > 0).length} of ${references.length}`,
    (seconds / outcomes.length).toFixed(2),
  ];
}

function printProposals({ outcomes }: Report, least: number): void {
  const scores = outcomes.flatMap((one) => one.proposals);
  const best = scores.map((score) => score.best);
  const among = RECALL_AT.map(
    (count, at) => `AR@${count} ${digits(averageRecall(scores.map((one) => one.among[at] ?? 0)))}`,
  );
  print(`\nregions, on ${scores.length} things of at least ${least} x ${least} pixels`);
  const recalls = [0.5, 0.75].map((level) => `recall at IoU ${level}: ${digits(recallAt(best, level))}`);
  print(`  ${recalls.join(", ")}, mean best IoU ${digits(mean(best))}, ${among.join(", ")}`);
}

/** Thresholds at which expectation and observation are compared. */
const THRESHOLDS = [0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** Regions smaller than this share of a picture are dust. */
const LEAST_SHARE = 0.001;

/** Named regions, each with what is expected at every threshold where so many classes take part. */
type Expected = readonly {
  readonly region: RegionOutcome;
  readonly calibration: Calibration;
  readonly classes: number;
}[];

function printCalibrations({ way, classes, calibration, outcomes }: Report, used: number): void {
  const all = outcomes.flatMap(({ regions }) =>
    regions.map((region) => ({ region, calibration, classes: classes.length })),
  );
  const basis =
    calibration.basis === "bank" ? `the bank itself, ${calibration.samples} samples` : "experience in general";
  printCalibration(`${way}: expected (by ${basis})`, all, used);
  const present = outcomes.flatMap(({ presentRegions: one }) =>
    (one?.regions ?? []).map((region) => ({
      region,
      calibration: one?.calibration ?? calibration,
      classes: one?.classes ?? 0,
    })),
  );
  if (present.length > 0) printCalibration(`${way}, present only: expected`, present, used);
}

/**
 * How many of the named regions are wrong, as the bank expects it and as it is; and how many of them would have to show a
 * thing of the classes at all for the expectation to be true: thingsAt as these pictures would have it.
 */
function printCalibration(title: string, all: Expected, used: number): void {
  const regions = all.filter(({ region }) => region.share >= LEAST_SHARE);
  const thresholds = [...new Set([...THRESHOLDS, used])].sort((a, b) => a - b);
  const rows = thresholds.flatMap((threshold) => {
    const named = regions.filter(({ region }) => region.confidence >= threshold);
    if (named.length === 0) return [];
    const observed = named.filter(({ region }) => region.right < 0.5).length / named.length;
    const expected = mean(named.map((one) => wrongAt(one.calibration, threshold)));
    const assumed = mean(named.map((one) => thingsAt(threshold, one.classes)));
    const things = (assumed * (1 - observed)) / (1 - expected);
    return [[`${threshold}`, digits(expected), digits(observed), `${named.length}`, digits(things)]];
  });
  print(`\nwrong regions, ${title} and observed (less than half of it right)`);
  print(table([["threshold", "expected", "observed", "regions", "things"], ...rows]));
}

function printTimes({ outcomes }: Report, { peakMemory }: Material): void {
  const stages = new Set(outcomes.flatMap(({ timings }) => Object.keys(timings) as Stage[]));
  print("\nmedian milliseconds a picture (to the regions in the app, from the match on in Node)");
  print(`  ${[...stages].map((stage) => `${stage} ${stageMedian(outcomes, stage).toFixed(0)}`).join(", ")}`);
  const memory = peakMemory === null ? "not known" : `${(peakMemory / 1e6).toFixed(0)} MB`;
  print(`peak memory of the page with its worker: ${memory}`);
}

const stageMedian = (outcomes: readonly PictureOutcome[], stage: Stage): number =>
  median(outcomes.flatMap(({ timings }) => timings[stage] ?? []));

function printClasses({ way, classes, references, outcomes }: Report): void {
  const all = sumCounts(outcomes.map((one) => one.all));
  const rows = ["background", ...classes].flatMap((name, label) => {
    const value = overlap(all, label);
    return Number.isNaN(value) ? [] : [[name, digits(value), label === 0 ? "" : `${references[label - 1] ?? 0}`]];
  });
  print(`\n${table([[way, "IoU", "references"], ...rows])}`);
}

function printProblems({ problems }: Material): void {
  if (problems.length === 0) return;
  print(`\nleft out: ${problems.length}`);
  for (const { where, reason } of problems) print(`  ${where}: ${reason}`);
}

/** All figures as JSON, counts of pixels picture by picture. */
export function jsonReport(reports: readonly Report[], material: Material, circumstances: Circumstances): string {
  const found = {
    version: 1,
    ...circumstances,
    model: material.modelName,
    problems: material.problems,
    peakMemory: material.peakMemory,
    ways: reports.map((report) => ({
      way: report.way,
      ...summaryOf(report),
      classes: report.classes.map((name, at) => ({
        name,
        references: report.references[at] ?? 0,
        overlap: finite(overlap(sumCounts(report.outcomes.map((one) => one.all)), at + 1)),
      })),
      calibration: { ...report.calibration, wrong: [...report.calibration.wrong] },
      pictures: report.outcomes.map(
        ({ file, place, all, presentOnly, things, regions, proposals, timings, presentRegions }) => ({
          file,
          place,
          things,
          regions,
          presentRegions: presentRegions?.regions ?? null,
          timings,
          best: proposals.map(({ best }) => best),
          all: sparse(all),
          presentOnly: presentOnly && sparse(presentOnly),
        }),
      ),
    })),
  };
  return `${JSON.stringify(found)}\n`;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** [label, pixels in the truth, in the prediction, in both] of the labels that occur. */
function sparse({ truth, predicted, both }: MapCounts): number[][] {
  return [...truth.keys()].flatMap((label) => {
    const [is, seen, shared] = [truth[label] ?? 0, predicted[label] ?? 0, both[label] ?? 0];
    return is > 0 || seen > 0 ? [[label, is, seen, shared]] : [];
  });
}
