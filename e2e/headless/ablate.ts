import { writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { DETAILS } from "../../workers/contract.ts";
import type { MatchParameters } from "../../workers/matching/matcher.ts";
import { BASELINE, type Control, CONTROLS, describe, type Features, WHOLE_PICTURES } from "./ablation/controls.ts";
import {
  type CrossFitted,
  crossFit,
  difference,
  type Figure,
  figureOf,
  type Half,
  mapFigure,
  shareRight,
  type Tried,
} from "./ablation/cross-fit.ts";
import { FeatureSet } from "./ablation/features.ts";
import { type MaskOutcome, type Trial, trialOf, tryMasks, tryPicture } from "./ablation/trials.ts";
import { bankOf } from "./running/bank-descriptions.ts";
import { modelPath, numberIn, oneOf, runCommand, UsageError } from "./running/options.ts";
import { defaultCache, type Material, prepare, type PreparedPicture, type Wanted } from "./running/prepare.ts";
import { print, ProgressLine, table } from "./running/terminal.ts";
import type { MapCounts } from "./scoring/map-scores.ts";

const USAGE = `npm run ablate -- --data DIR [--bank DIR] [options]

The table of controls: each way to name regions with its own settings chosen on the even pictures and reported on the
odd ones, and the other way round. Differences are to "${BASELINE}" (half the prototype, half the nearest reference), with
95 % intervals of a paired bootstrap over pictures.

  --data, --bank, --model, --detail, --limit, --least, --device, --cache: as npm run evaluate has them
  --classes WAY      examples (without it), typed or both
  --masks-only       true masks alone: a minute instead of six, once the pictures are described
  --json FILE        writes all figures`;

interface Options extends Wanted {
  readonly way: "examples" | "typed" | "both";
  readonly masksOnly: boolean;
  readonly json: string | null;
}

function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: "string" },
      bank: { type: "string" },
      classes: { type: "string", default: "examples" },
      model: { type: "string", default: "starter" },
      detail: { type: "string", default: "standard" },
      limit: { type: "string", default: "1000000" },
      least: { type: "string", default: "32" },
      device: { type: "string", default: "wasm" },
      cache: { type: "string", default: defaultCache() },
      "masks-only": { type: "boolean", default: false },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  if (values.data === undefined) throw new UsageError("Say which pictures to try on: --data DIR. See --help.");
  const way = oneOf("classes", values.classes, ["examples", "typed", "both"]);
  if (way !== "typed" && values.bank === undefined) throw new UsageError("Examples come from a bank: --bank DIR.");
  return {
    data: resolve(values.data),
    bank: way === "typed" ? null : resolve(values.bank ?? ""),
    typed: way !== "examples",
    way,
    model: modelPath(values.model),
    detail: oneOf("detail", values.detail, DETAILS),
    half: "all",
    limit: numberIn("limit", values.limit, 2, Number.POSITIVE_INFINITY),
    leastArea: numberIn("least", values.least, 1, 4096) ** 2,
    device: oneOf("device", values.device, ["wasm", "webgpu"]),
    cache: resolve(values.cache),
    masksOnly: values["masks-only"],
    json: values.json === undefined ? null : resolve(values.json),
    say: (line) => process.stderr.write(`${line}\n`),
  };
}

const halfOf = ({ place }: PreparedPicture): Half => (place % 2 === 0 ? 0 : 1);

/** The sets of features, each made when it is first needed. */
class FeatureSets {
  readonly #sets = new Map<Features, FeatureSet>();
  readonly #make: (features: Features) => FeatureSet;

  constructor(material: Material) {
    const { modelName, data, typed, examples, whitening } = material;
    const bank = bankOf(modelName, data.classes, [...typed, ...examples], whitening);
    this.#make = (features) => new FeatureSet(bank, features);
  }

  of(features: Features): FeatureSet {
    const set = this.#sets.get(features) ?? this.#make(features);
    this.#sets.set(features, set);
    return set;
  }
}

/** Calls `work` with every picture under every kind of features that some controls have. */
async function eachTrial(
  title: string,
  controls: readonly Control[],
  material: Material,
  sets: FeatureSets,
  leastArea: number,
  work: (control: Control, trial: Trial, picture: PreparedPicture) => void,
): Promise<void> {
  const kinds = [...new Set(controls.map(({ features }) => features))];
  const progress = new ProgressLine(title, material.pictures.length);
  for (const [done, picture] of material.pictures.entries()) {
    progress.show(done, picture.file);
    for (const kind of kinds) {
      const trial = trialOf(picture, sets.of(kind), leastArea);
      for (const control of controls) if (control.features === kind) work(control, trial, picture);
    }
  }
  progress.show(material.pictures.length);
}

type Fitted<Outcome> = ReadonlyMap<Control, CrossFitted<Outcome>>;

async function fitMasks(material: Material, sets: FeatureSets, leastArea: number): Promise<Fitted<MaskOutcome>> {
  const tried = new Map<Control, Tried<MaskOutcome>[]>(CONTROLS.map((control) => [control, []]));
  await eachTrial("true masks", CONTROLS, material, sets, leastArea, (control, trial, picture) => {
    tried.get(control)?.push({ half: halfOf(picture), outcomes: tryMasks(control, trial) });
  });
  return new Map([...tried].map(([control, outcomes]) => [control, crossFit(outcomes, shareRight)]));
}

/** Settings that were chosen on the even pictures' true masks, and on the odd ones'. */
function chosenSettings(control: Control, fitted: CrossFitted<unknown> | undefined): readonly MatchParameters[] {
  return (fitted?.choices ?? [0, 0]).flatMap((choice) => control.grid[choice] ?? []);
}

async function fitPictures(
  material: Material,
  sets: FeatureSets,
  leastArea: number,
  masks: Fitted<MaskOutcome>,
): Promise<Fitted<MapCounts>> {
  const controls = CONTROLS.filter(({ name }) => WHOLE_PICTURES.has(name));
  const tried = new Map<Control, { readonly half: Half; readonly byHalf: readonly MapCounts[][] }[]>();
  for (const control of controls) tried.set(control, []);
  const classes = material.data.classes.length;
  await eachTrial("whole pictures", controls, material, sets, leastArea, (control, trial, picture) => {
    const [even, odd] = chosenSettings(control, masks.get(control));
    if (!even || !odd) return;
    const first = tryPicture(control, even, trial, classes);
    const second = describe(even) === describe(odd) ? first : tryPicture(control, odd, trial, classes);
    tried.get(control)?.push({ half: halfOf(picture), byHalf: [first, second] });
  });
  return new Map([...tried].map(([control, outcomes]) => [control, fitFloors(control, outcomes)]));
}

/** Settings come with the half that they were chosen on, and so does the floor. */
function fitFloors(
  { floors }: Control,
  tried: readonly { readonly half: Half; readonly byHalf: readonly MapCounts[][] }[],
): CrossFitted<MapCounts> {
  const [even, odd] = ([0, 1] as const).map((half) =>
    crossFit(
      tried.map((one) => ({ half: one.half, outcomes: one.byHalf[half] ?? [] })),
      mapFigure,
    ),
  );
  const fallback = { choices: [0, 0], figures: [Number.NaN, Number.NaN], outcomes: [] } as const;
  const [first, second] = [even ?? fallback, odd ?? fallback];
  const choices = [first.choices[0], second.choices[1]] as const;
  const outcomes = tried.flatMap(({ half, byHalf }) => {
    const tuned = half === 0 ? 1 : 0;
    return byHalf[tuned]?.[choices[tuned] ?? 0] ?? [];
  });
  if (choices.some((choice) => choice >= floors.length)) throw new RangeError("There is no such floor.");
  return { choices, figures: [first.figures[0], second.figures[1]], outcomes };
}

const digits = (value: number): string => value.toFixed(3);
const signed = (value: number): string => `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(3)}`;

interface Row {
  readonly control: string;
  readonly odd: number;
  readonly even: number;
  readonly all: number;
  readonly difference: number;
  readonly interval: readonly [number, number];
  readonly chosen: string;
}

function rowsOf<Outcome>(
  fitted: Fitted<Outcome>,
  figure: Figure<Outcome>,
  chosen: (control: Control, one: CrossFitted<Outcome>) => string,
): Row[] {
  const baseline = [...fitted].find(([{ name }]) => name === BASELINE)?.[1].outcomes ?? [];
  return [...fitted].map(([control, one]) => {
    const { value, low, high } = difference(one.outcomes, baseline, figure);
    return {
      control: control.name,
      odd: one.figures[0],
      even: one.figures[1],
      all: figureOf(figure, one.outcomes),
      difference: value,
      interval: [low, high],
      chosen: chosen(control, one),
    };
  });
}

function printRows(title: string, rows: readonly Row[]): void {
  print(`\n${title}`);
  print(
    table([
      ["", "even -> odd", "odd -> even", "both", `to "${BASELINE}"`, "95 % interval", "  chosen on even; odd"],
      ...rows.map(({ control, odd, even, all, difference: gain, interval: [low, high], chosen }) => [
        control,
        digits(odd),
        digits(even),
        digits(all),
        control === BASELINE ? "" : signed(gain),
        control === BASELINE ? "" : `${signed(low)} .. ${signed(high)}`,
        `  ${chosen}`,
      ]),
    ]),
  );
}

function bothChoices(control: Control, fitted: CrossFitted<unknown> | undefined): string {
  const [even, odd] = chosenSettings(control, fitted).map(describe);
  return even === odd ? (even ?? "") : `${even}; ${odd}`;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    print(USAGE);
    return 0;
  }
  const material = await prepare(options);
  if (material.pictures.length < 2) throw new UsageError("There are fewer than two pictures to try on.");
  const sets = new FeatureSets(material);
  const masks = await fitMasks(material, sets, options.leastArea);
  const maskRows = rowsOf(masks, shareRight, bothChoices);
  const model = options.model === "starter" ? "starter" : basename(resolve(options.model, ".."));
  print(`model ${model}, ${options.way}, ${material.pictures.length} pictures of ${basename(options.data)}`);
  printRows("top-1 on true masks", maskRows);
  let pictureRows: Row[] = [];
  if (!options.masksOnly) {
    const pictures = await fitPictures(material, sets, options.leastArea, masks);
    pictureRows = rowsOf(pictures, mapFigure, (control, one) => {
      const [even, odd] = one.choices.map((choice) => control.floors[choice] ?? 0);
      return `${bothChoices(control, masks.get(control))} floor ${even}; ${odd}`.trim();
    });
    printRows("mIoU of whole pictures", pictureRows);
  }
  if (options.json !== null) {
    writeFileSync(
      options.json,
      `${JSON.stringify({ model, way: options.way, masks: maskRows, pictures: pictureRows })}\n`,
    );
  }
  return material.problems.length > 0 ? 1 : 0;
}

await runCommand(main);
