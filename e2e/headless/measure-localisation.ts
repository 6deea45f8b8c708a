import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { poolOnCpu } from "../../workers/features/pooling/pooling.cpu.ts";
import { normalise, type Whitening } from "../../workers/features/whitening.ts";
import { patchCoverage } from "../../workers/imaging/coverage.ts";
import type { Descriptors } from "../../workers/imaging/patch-tokens.ts";
import { regionSetOfMasks, runsOfRegion } from "../../workers/imaging/region-set.ts";
import { areaOfRuns, intersectionOverUnion, type Runs } from "../../workers/imaging/runs.ts";
import { localise, type Sighting, sightingOf } from "../../workers/localising.ts";
import type { DescribedPicture } from "../../workers/pictures.ts";
import { proposalsAt } from "../../workers/proposals/choose.ts";
import { describedPicture } from "./running/descriptions.ts";
import { modelPath, numberIn, runCommand, UsageError } from "./running/options.ts";
import { defaultCache, type Material, prepare, type PreparedPicture } from "./running/prepare.ts";
import { print, ProgressLine } from "./running/terminal.ts";

const USAGE = `npm run localise -- --data DIR [options]

How well the app finds, in pictures that are examples of a class, the thing that they are examples of. The pictures of
each class are given together, without their masks. Prints the mean intersection over union of the chosen region with the
best of the class's true masks, and the share of 0.5 and more, for classes of even and of odd place apart, beside controls.

  --data DIR       pictures whose masks are known, as npm run evaluate takes them
  --model FILE     a feature model; without it the starter
  --least SHARE    a picture shows a class when a thing of it covers so much of the picture (0.01)
  --most N         at most so many pictures of a class (16)
  --limit N        only the first pictures
  --cache DIR      where intermediate results are kept (.cache/measure)`;

/** Classes with fewer pictures have little in common. */
const FEWEST_PICTURES = 3;
/** Numbers of examples that the class has already, for the rows that say so. */
const EXAMPLES = [1, 3];
/** Side of the box in the middle, as a share of the picture's. */
const MIDDLE = 0.7;
/** Decimals of printed figures. */
const DECIMALS = 3;

interface Shown {
  readonly sighting: Sighting;
  /** The class's true masks at working size, the largest first, and what the model sees under the first. */
  readonly masks: readonly Runs[];
  readonly example: Float32Array<ArrayBuffer>;
  readonly middleBox: Runs;
  readonly middleRegion: Runs;
  readonly largestRegion: Runs;
}

/** Figures of one way of choosing, by place of the class. */
class Scores {
  readonly #byClass = new Map<number, number[]>();

  add(place: number, chosen: Runs, { masks }: Shown): void {
    const score = Math.max(...masks.map((mask) => intersectionOverUnion(chosen, mask)));
    this.#byClass.set(place, [...(this.#byClass.get(place) ?? []), score]);
  }

  /** Mean and share of 0.5 and more, over the pictures of some classes. */
  over(wanted: (place: number) => boolean): string {
    const all = [...this.#byClass].flatMap(([place, scores]) => (wanted(place) ? scores : []));
    if (all.length === 0) return "-";
    const mean = all.reduce((sum, score) => sum + score, 0) / all.length;
    const hits = all.filter((score) => score >= 0.5).length / all.length;
    return `${mean.toFixed(DECIMALS)}  ${hits.toFixed(DECIMALS)}  (${all.length})`;
  }
}

/** Runs of a box. */
function runsOfBox(width: number, height: number, share: number): Runs {
  const [wide, tall] = [Math.round(share * width), Math.round(share * height)];
  const [left, top] = [(width - wide) >> 1, (height - tall) >> 1];
  return Uint32Array.from({ length: 2 * tall }, (_, at) => (at % 2 === 0 ? (top + at / 2) * width + left : wide));
}

function meansUnder({ tokens, regions }: DescribedPicture, masks: readonly Runs[]): Descriptors {
  const set = regionSetOfMasks(regions.width, regions.height, masks, new Float32Array(masks.length));
  return normalise(poolOnCpu(tokens, patchCoverage(set, tokens.rows, tokens.columns)));
}

/** What is needed of a picture for every class that it shows. */
function lookAt(picture: PreparedPicture, whitening: Whitening, least: number): ReadonlyMap<number, Shown> {
  const { things, width, height } = picture.annotated();
  const described = describedPicture(picture.description(), whitening);
  const { regions } = described;
  if (regions.width !== width || regions.height !== height) return new Map();
  const shown = new Map<number, Shown>();
  const sighting = sightingOf(described);
  const [middle = 0] = proposalsAt(regions, { x: width / 2, y: height / 2 } as Parameters<typeof proposalsAt>[1]);
  const largest = sighting.proposals.reduce((best, one) =>
    (regions.areas[one] ?? 0) > (regions.areas[best] ?? 0) ? one : best,
  );
  for (const classIndex of new Set(things.map((thing) => thing.classIndex))) {
    const masks = things.flatMap((thing) => (thing.classIndex === classIndex ? [thing.runs] : []));
    masks.sort((a, b) => areaOfRuns(b) - areaOfRuns(a));
    const [first] = masks;
    if (!first || areaOfRuns(first) < least * width * height) continue;
    shown.set(classIndex, {
      sighting,
      masks,
      example: meansUnder(described, [first]).data,
      middleBox: runsOfBox(width, height, MIDDLE),
      middleRegion: runsOfRegion(regions, middle).slice(),
      largestRegion: runsOfRegion(regions, largest).slice(),
    });
  }
  return shown;
}

function chosenMasks(shown: readonly Shown[], references: Descriptors | null): readonly Runs[] {
  const sightings = shown.map(({ sighting }) => sighting);
  return localise(sightings, references).map(({ proposal }, at) => {
    const sighting = sightings[at];
    return sighting ? runsOfRegion(sighting.regions, sighting.proposals.indexOf(proposal)) : new Uint32Array();
  });
}

/** The largest things of the other pictures, as examples. */
function examplesBut(shown: readonly Shown[], at: number, count: number): Descriptors {
  const rows = shown.filter((_, other) => other !== at).slice(0, count);
  const dimensions = rows[0]?.example.length ?? 0;
  const data = new Float32Array(rows.length * dimensions);
  rows.forEach(({ example }, row) => data.set(example, row * dimensions));
  return { count: rows.length, dimensions, data };
}

function measure(byClass: ReadonlyMap<number, readonly Shown[]>): ReadonlyMap<string, Scores> {
  const scores = new Map<string, Scores>();
  const add = (label: string, place: number, chosen: Runs | undefined, shown: Shown): void => {
    const own = scores.get(label) ?? new Scores();
    scores.set(label, own);
    own.add(place, chosen ?? new Uint32Array(), shown);
  };
  for (const [place, shown] of [...byClass.values()].entries()) {
    const common = chosenMasks(shown, null);
    for (const [at, one] of shown.entries()) {
      add("largest region", place, one.largestRegion, one);
      add("box in the middle", place, one.middleBox, one);
      add("region in the middle", place, one.middleRegion, one);
      add("most salient region", place, chosenMasks([one], null)[0], one);
      add("what they have in common", place, common[at], one);
      for (const count of EXAMPLES) {
        const label = count === 1 ? "alone, like one example" : `alone, like ${count} examples`;
        if (shown.length > count) add(label, place, chosenMasks([one], examplesBut(shown, at, count))[0], one);
      }
      const { regions } = one.sighting;
      const candidates = Array.from({ length: regions.count }, (_, index) => runsOfRegion(regions, index));
      const overlap = (runs: Runs): number => Math.max(...one.masks.map((mask) => intersectionOverUnion(runs, mask)));
      add(
        "best there is to choose",
        place,
        candidates.reduce((best, runs) => (overlap(runs) > overlap(best) ? runs : best)),
        one,
      );
    }
  }
  return scores;
}

function gather({ data, pictures, whitening }: Material, least: number, most: number): Map<number, Shown[]> {
  const byClass = new Map<number, Shown[]>();
  const progress = new ProgressLine("looking at", pictures.length);
  for (const [done, picture] of pictures.entries()) {
    progress.show(done, picture.file);
    for (const [classIndex, shown] of lookAt(picture, whitening.photo, least)) {
      byClass.set(classIndex, [...(byClass.get(classIndex) ?? []), shown]);
    }
  }
  progress.show(pictures.length);
  const enough = data.classes.flatMap((_, index): [number, Shown[]][] => {
    const shown = byClass.get(index) ?? [];
    return shown.length >= FEWEST_PICTURES ? [[index, shown.slice(0, most)]] : [];
  });
  return new Map(enough);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      data: { type: "string" },
      model: { type: "string", default: "starter" },
      least: { type: "string", default: "0.01" },
      most: { type: "string", default: "16" },
      limit: { type: "string", default: "1000000" },
      cache: { type: "string", default: defaultCache() },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  if (values.data === undefined) throw new UsageError("Say which pictures: --data DIR. See --help.");
  const material = await prepare({
    data: resolve(values.data),
    bank: null,
    typed: false,
    model: modelPath(values.model),
    device: "wasm",
    half: "all",
    limit: numberIn("limit", values.limit, 1, Number.POSITIVE_INFINITY),
    leastArea: 0,
    cache: resolve(values.cache),
    say: (line) => process.stderr.write(`${line}\n`),
  });
  const byClass = gather(material, numberIn("least", values.least, 0, 1), numberIn("most", values.most, 2, 1000));
  print(`model      ${values.model}`);
  print(
    `pictures   ${material.pictures.length} of ${values.data}, ${byClass.size} classes with ${FEWEST_PICTURES} or more`,
  );
  print(`${"".padEnd(26)}  ${"even classes".padEnd(20)}  ${"odd classes".padEnd(20)}  all`);
  for (const [label, scores] of measure(byClass)) {
    const [even, odd] = [scores.over((place) => place % 2 === 0), scores.over((place) => place % 2 === 1)];
    print(`${label.padEnd(26)}  ${even.padEnd(20)}  ${odd.padEnd(20)}  ${scores.over(() => true)}`);
  }
  return material.problems.length > 0 ? 1 : 0;
}

await runCommand(main);
