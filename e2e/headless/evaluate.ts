import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { DETAILS } from "../../workers/contract.ts";
import { agreementWithApp } from "./running/agreement.ts";
import { bankOf } from "./running/bank-descriptions.ts";
import { NodeEngine } from "./running/node-engine.ts";
import { REGION_KINDS, type RegionKind } from "./running/other-regions.ts";
import { modelPath, numberIn, oneOf, runCommand, UsageError } from "./running/options.ts";
import { defaultCache, type Material, prepare, type Wanted } from "./running/prepare.ts";
import { print, ProgressLine } from "./running/terminal.ts";
import { evaluatePicture, type EvaluationSettings, type PictureOutcome } from "./scoring/evaluation.ts";
import { jsonReport, printReport, type Report } from "./scoring/report.ts";

const USAGE = `npm run evaluate -- --data DIR [--bank DIR] [options]

Measures how well the app segments pictures whose masks are known. Folders are in COCO's format (annotations.json and
images/) or label PNGs (labels/, images/, classes.json).

  --data DIR         pictures to evaluate on
  --bank DIR         pictures whose things become examples
  --classes WAY      where references come from: typed (names of the data's classes), examples (the bank) or both;
                     several with commas. Without a bank: typed, else examples.
  --present-only     each picture also with only the classes that are in it
  --regions KINDS    what is matched, with commas: app (without it), plain (the tree without the region network), dense (no
                     regions, tokens point by point) or truth (the true masks)
  --model FILE       a feature model; without it the starter
  --detail DETAIL    standard (without it) or fine: how finely the model looks
  --half HALF        even, odd or all of the data's pictures, by place
  --limit N          at most so many pictures
  --threshold T      how sure a region must be to be named, 0 to 1; without it what the page begins with
  --least N          things of fewer than N x N pixels teach nothing and are not asked about one by one (32)
  --device DEVICE    wasm (without it) or webgpu
  --cache DIR        where intermediate results are kept (.cache/measure)
  --check N          takes N pictures through the app itself as well, and says whether it gives the same
  --per-class        prints every class
  --json FILE        writes all figures, picture by picture

Pictures and annotations that cannot be used are named, counted and left out; the exit code is then 1.`;

/** What the page begins with. */
const THRESHOLD = "0.1";

const WAYS = ["typed", "examples", "both"] as const;
type Way = (typeof WAYS)[number];

interface Options extends Wanted {
  readonly ways: readonly Way[];
  readonly regions: readonly RegionKind[];
  readonly presentOnly: boolean;
  readonly threshold: number;
  readonly perClass: boolean;
  readonly json: string | null;
  /** Pictures that are taken through the app itself as well. */
  readonly check: number;
}

/** Share of the pixels that must have the same label in the app; the rest is rounding on other engines of JavaScript. */
const AGREEMENT = 0.995;

function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: "string" },
      bank: { type: "string" },
      classes: { type: "string" },
      regions: { type: "string", default: "app" },
      "present-only": { type: "boolean", default: false },
      model: { type: "string", default: "starter" },
      detail: { type: "string", default: "standard" },
      half: { type: "string", default: "all" },
      limit: { type: "string", default: "1000000" },
      threshold: { type: "string", default: THRESHOLD },
      least: { type: "string", default: "32" },
      device: { type: "string", default: "wasm" },
      cache: { type: "string", default: defaultCache() },
      check: { type: "string", default: "0" },
      "per-class": { type: "boolean", default: false },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  if (values.data === undefined) throw new UsageError("Say which pictures to evaluate on: --data DIR. See --help.");
  const named = values.classes ?? (values.bank === undefined ? "typed" : "examples");
  const ways = named.split(",").map((word) => oneOf("classes", word.trim(), WAYS));
  const needsBank = ways.some((way) => way !== "typed");
  if (needsBank && values.bank === undefined) throw new UsageError("Examples come from a bank: --bank DIR.");
  return {
    data: resolve(values.data),
    bank: needsBank ? resolve(values.bank ?? "") : null,
    typed: ways.some((way) => way !== "examples"),
    ways,
    regions: values.regions.split(",").map((word) => oneOf("regions", word.trim(), REGION_KINDS)),
    presentOnly: values["present-only"],
    model: modelPath(values.model),
    detail: oneOf("detail", values.detail, DETAILS),
    half: oneOf("half", values.half, ["even", "odd", "all"]),
    limit: numberIn("limit", values.limit, 1, Number.POSITIVE_INFINITY),
    threshold: numberIn("threshold", values.threshold, 0, 1),
    leastArea: numberIn("least", values.least, 1, 4096) ** 2,
    device: oneOf("device", values.device, ["wasm", "webgpu"]),
    cache: resolve(values.cache),
    perClass: values["per-class"],
    check: numberIn("check", values.check, 0, Number.POSITIVE_INFINITY),
    json: values.json === undefined ? null : resolve(values.json),
    say: (line) => process.stderr.write(`${line}\n`),
  };
}

/** References by where they come from. */
function engineFor(way: Way, { data, modelName, typed, examples, whitening }: Material): NodeEngine {
  const rows = [...(way === "examples" ? [] : typed), ...(way === "typed" ? [] : examples)];
  return new NodeEngine(bankOf(modelName, data.classes, rows, whitening));
}

async function evaluateWay(way: Way, regions: RegionKind, material: Material, options: Options): Promise<Report> {
  const engine = engineFor(way, material);
  const { classes } = material.data;
  const { threshold, leastArea, presentOnly } = options;
  const settings: EvaluationSettings = { classes, threshold, leastArea, presentOnly, regions };
  const outcomes: PictureOutcome[] = [];
  const title = regions === "app" ? way : `${way}, ${regions}`;
  const progress = new ProgressLine(`matching, ${title},`, material.pictures.length);
  const begun = performance.now();
  for (const [done, picture] of material.pictures.entries()) {
    progress.show(done, picture.file);
    outcomes.push(await evaluatePicture(engine, picture, settings));
  }
  progress.show(material.pictures.length);
  const references = engine.bank.classes.map((one) => one.references.length);
  return {
    way: title,
    classes,
    references,
    outcomes,
    calibration: engine.calibration(),
    seconds: (performance.now() - begun) / 1000,
  };
}

/** Whether the app itself gives the same labels, by the last of the ways. */
async function check(options: Options, material: Material): Promise<boolean> {
  const way = options.ways.at(-1) ?? "examples";
  const { threshold } = options;
  const through = { typed: way !== "examples", examples: way !== "typed", threshold };
  const found = await agreementWithApp(engineFor(way, material), material, options, through, options.check);
  print(`\npixels with the same label in the app itself (${way})`);
  for (const { file, share } of found) print(`  ${file}: ${(100 * share).toFixed(2)} %`);
  return found.every(({ share }) => share >= AGREEMENT);
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    print(USAGE);
    return 0;
  }
  const material = await prepare(options);
  if (material.pictures.length === 0) throw new UsageError("None of the pictures can be evaluated.");
  const reports: Report[] = [];
  for (const way of options.ways) {
    for (const kind of options.regions) reports.push(await evaluateWay(way, kind, material, options));
  }
  printReport(reports, material, options);
  if (options.json !== null) writeFileSync(options.json, jsonReport(reports, material, options));
  const agrees = options.check === 0 || (await check(options, material));
  return material.problems.length > 0 || !agrees ? 1 : 0;
}

await runCommand(main);
