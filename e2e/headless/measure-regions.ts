import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { areaOfRuns, type Runs } from "../../workers/imaging/runs.ts";
import type { RegionSet } from "../../workers/imaging/region-set.ts";
import { RegionTreeProposer } from "../../workers/proposals/region-tree/region-tree.ts";
import { proposalsAt } from "../../workers/proposals/choose.ts";
import type { Point } from "../../workers/contract.ts";
import { readDataset } from "./datasets/dataset.ts";
import { heldOutPictures, type RegionPicture } from "./datasets/region-folders.ts";
import { describedPicture } from "./running/descriptions.ts";
import { modelPath, numberIn, runCommand, UsageError } from "./running/options.ts";
import { defaultCache, prepare, type Wanted } from "./running/prepare.ts";
import { print, table } from "./running/terminal.ts";
import { bestBoundaryF, type BoundaryCounts, scoreBoundaries } from "./scoring/boundary-scores.ts";
import { averageRecall, type ProposalScore, RECALL_AT, recallAt, scoreProposals } from "./scoring/proposal-scores.ts";

const USAGE = `npm run regions -- [--data DIR] [options]

How well the regions that the app finds meet things and regions drawn by people, beside the plain tree without the region
network: recall, mean best overlap, average recall, boundary F, and the overlap of a click's first choice.

  --data DIR     a folder with coco-dev, clothing-dev, photos/KIND and regions/KIND (../shared/data); of the last two only
                 pictures that no training saw
  --model FILE   a feature model; without it the starter
  --least N      things of fewer than N x N pixels are not asked about (32)
  --limit N      at most so many pictures of a set
  --sets NAMES   with commas; without it all of coco-dev, clothing-dev, nature, people, facades, streets
  --cache DIR    where intermediate results are kept (.cache/measure)`;

const DATASETS = ["coco-dev", "clothing-dev"];
const REGION_SETS = ["nature", "people", "facades", "streets"];

interface Outcome {
  readonly proposals: ProposalScore[];
  readonly clicks: number[];
  readonly boundaries: BoundaryCounts[][];
}

const empty = (): Outcome => ({ proposals: [], clicks: [], boundaries: [] });

/** A pixel deep inside a mask: of its longest run of pixels, the middle. */
function innerPoint(runs: Runs, width: number): Point {
  let [start, length] = [0, 0];
  for (let at = 0; at < runs.length; at += 2) {
    if ((runs[at + 1] ?? 0) > length) [start, length] = [runs[at] ?? 0, runs[at + 1] ?? 0];
  }
  const middle = start + (length >> 1);
  return { x: middle % width, y: Math.floor(middle / width) } as Point;
}

/** Overlap of a click's first choice with the thing that was clicked. */
function clickOverlap(regions: RegionSet, runs: Runs): number {
  const [first] = proposalsAt(regions, innerPoint(runs, regions.width));
  if (first === undefined) return 0;
  return overlapOf(regions, first, runs);
}

function overlapOf({ tree, areas, count }: RegionSet, node: number, runs: Runs): number {
  const inside = new Uint8Array(count);
  inside[node] = 1;
  for (let at = count - 1; at >= 0; at--) {
    const parent = tree?.parent[at] ?? -1;
    if (parent >= 0 && inside[parent] === 1) inside[at] = 1;
  }
  let both = 0;
  for (let at = 0; at < runs.length; at += 2) {
    const end = (runs[at] ?? 0) + (runs[at + 1] ?? 0);
    for (let pixel = runs[at] ?? 0; pixel < end; pixel++) both += inside[tree?.leafMap[pixel] ?? 0] ?? 0;
  }
  return both / ((areas[node] ?? 0) + areaOfRuns(runs) - both);
}

function score(into: Outcome, regions: RegionSet, things: readonly Runs[], truths: readonly Uint8Array[]) {
  into.proposals.push(...scoreProposals(regions, things));
  for (const runs of things) into.clicks.push(clickOverlap(regions, runs));
  if (truths.length > 0 && regions.tree) {
    into.boundaries.push(scoreBoundaries(regions.tree, truths, regions.width, regions.height));
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function rowOf(name: string, { proposals, clicks, boundaries }: Outcome): string[] {
  const best = proposals.map((one) => one.best);
  const among = RECALL_AT.map((_, at) => proposals.map((one) => one.among[at] ?? 0));
  const most = among[among.length - 1] ?? [];
  const figures = [
    recallAt(best, 0.5),
    mean(best),
    recallAt(most, 0.5),
    recallAt(most, 0.75),
    mean(most),
    ...among.map(averageRecall),
    mean(clicks),
  ];
  const boundary = boundaries.length > 0 ? bestBoundaryF(boundaries).f.toFixed(3) : "";
  return [name, String(proposals.length), ...figures.map((value) => value.toFixed(3)), boundary];
}

/** Measures one set, with the app's regions and with the plain tree's. */
async function measureSet(name: string, folder: string, wanted: Wanted): Promise<string[][]> {
  const isRegions = REGION_SETS.includes(name);
  const pictures: readonly RegionPicture[] = isRegions
    ? heldOutPictures(join(folder, "photos", name), join(folder, "regions", name), wanted.leastArea)
    : [];
  const data = isRegions ? { folder, classes: [], pictures, problems: [] } : readDataset(join(folder, name));
  const material = await prepare({ ...wanted, data: join(folder, name) }, data);
  const [app, plain] = [empty(), empty()];
  const signal = new AbortController().signal;
  for (const picture of material.pictures) {
    const { image, tokens, regions } = describedPicture(picture.description(), material.whitening.photo);
    const annotations = pictures.find(({ file }) => file === picture.file)?.annotations() ?? [];
    const things = isRegions
      ? annotations.flatMap((one) => one.regions)
      : picture.annotated().things.map(({ runs }) => runs);
    const large = things.filter((runs) => areaOfRuns(runs) >= wanted.leastArea);
    const truths = annotations.map(({ labels }) => labels);
    score(app, regions, large, truths);
    score(plain, await new RegionTreeProposer().propose(image, tokens, signal), large, truths);
  }
  return [rowOf(name, app), rowOf(`${name}, plain tree`, plain)];
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      data: { type: "string", default: "../shared/data" },
      model: { type: "string", default: "starter" },
      least: { type: "string", default: "32" },
      limit: { type: "string", default: "1000000" },
      sets: { type: "string", default: [...DATASETS, ...REGION_SETS].join(",") },
      cache: { type: "string", default: defaultCache() },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const folder = resolve(values.data);
  if (!existsSync(folder)) throw new UsageError(`There is no folder ${values.data}.`);
  const wanted: Wanted = {
    data: folder,
    bank: null,
    typed: false,
    model: modelPath(values.model),
    device: "wasm",
    half: "all",
    limit: numberIn("limit", values.limit, 1, Number.POSITIVE_INFINITY),
    leastArea: numberIn("least", values.least, 1, 4096) ** 2,
    cache: resolve(values.cache),
    say: (line) => process.stderr.write(`${line}\n`),
  };
  const ranks = RECALL_AT.map((count) => `AR@${count}`);
  const head = ["", "things", "all: R.5", "mean", "300: R.5", "R.75", "mean", ...ranks, "click", "boundary F"];
  const rows: string[][] = [head];
  for (const name of values.sets.split(",")) rows.push(...(await measureSet(name.trim(), folder, wanted)));
  print(table(rows));
  return 0;
}

await runCommand(main);
