import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { PictureId } from "../../workers/contract.ts";
import { bankOf } from "./running/bank-descriptions.ts";
import { describedPicture } from "./running/descriptions.ts";
import { NodeEngine } from "./running/node-engine.ts";
import { modelPath, numberIn, oneOf, runCommand, UsageError } from "./running/options.ts";
import { defaultCache, prepare } from "./running/prepare.ts";
import { print, ProgressLine } from "./running/terminal.ts";

const USAGE = `npm run measure:harvest -- --data DIR [--bank DIR] [--model FILE] [--half even|odd|all] [--limit N] [--cache DIR]

Of the regions that the app offers to be confirmed in pictures whose masks are known: how many truly are what they are
offered as, by how sure the app is. A region counts as right when most of its pixels belong to that class. All classes
of the data take part, with their pictograms and, where a bank is given, its examples.`;

/** Lower ends of the bands of confidence. */
const BANDS = [0.6, 0.65, 0.7, 0.75, 0.8, 0.9];

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      data: { type: "string" },
      bank: { type: "string" },
      model: { type: "string", default: "starter" },
      half: { type: "string", default: "all" },
      limit: { type: "string", default: "1000000" },
      cache: { type: "string", default: defaultCache() },
    },
  });
  if (values.data === undefined) throw new UsageError(USAGE);
  const material = await prepare({
    data: resolve(values.data),
    bank: values.bank === undefined ? null : resolve(values.bank),
    typed: true,
    model: modelPath(values.model),
    device: "wasm",
    half: oneOf("half", values.half, ["even", "odd", "all"]),
    limit: numberIn("limit", values.limit, 1, Number.POSITIVE_INFINITY),
    leastArea: 32 ** 2,
    cache: resolve(values.cache),
    say: (line) => process.stderr.write(`${line}\n`),
  });
  const rows = [...material.typed, ...material.examples];
  const engine = new NodeEngine(bankOf(material.modelName, material.data.classes, rows, material.whitening));
  const settings = { classes: engine.classes, threshold: 0 };
  const harvest = engine.harvest();
  const sizes = new Map<PictureId, { readonly truth: Truth }>();
  const progress = new ProgressLine("matching", material.pictures.length);
  for (const [done, picture] of material.pictures.entries()) {
    progress.show(done, picture.file);
    const id = picture.file as PictureId;
    const described = describedPicture(picture.description(), engine.bank.whitening.photo);
    harvest.take(id, await engine.label(described, settings));
    const { width, height, truth } = picture.annotated();
    sizes.set(id, { truth: { width, height, labels: truth } });
  }
  progress.show(material.pictures.length);
  const candidates = await harvest.harvest([...sizes.keys()], settings);
  const outcomes = candidates.map(({ picture, classId, mask, confidence }) => {
    const known = sizes.get(picture);
    const label = engine.classes.indexOf(classId) + 1;
    return { confidence, right: known !== undefined && isMostly(known.truth, mask, label) };
  });
  print(`${outcomes.length} regions offered in ${sizes.size} pictures, ${material.data.classes.length} classes`);
  for (const [place, from] of BANDS.entries()) {
    const to = BANDS[place + 1] ?? 1;
    const band = outcomes.filter(({ confidence }) => confidence >= from && confidence < to);
    const right = band.filter((one) => one.right).length;
    print(`  ${from.toFixed(2)} to ${to.toFixed(2)} sure: ${right} of ${band.length} right`);
  }
  return 0;
}

interface Truth {
  readonly width: number;
  readonly height: number;
  readonly labels: ArrayLike<number>;
}

/** Whether most of a mask's pixels, of the working picture, have the label in the truth, of the picture itself. */
function isMostly(
  truth: Truth,
  { width, height, runs }: { readonly width: number; readonly height: number; readonly runs: Uint32Array },
  label: number,
): boolean {
  let inside = 0;
  let total = 0;
  for (let at = 0; at < runs.length; at += 2) {
    const start = runs[at] ?? 0;
    const end = start + (runs[at + 1] ?? 0);
    for (let pixel = start; pixel < end; pixel += 1) {
      const x = Math.min(truth.width - 1, Math.floor((((pixel % width) + 0.5) * truth.width) / width));
      const y = Math.min(truth.height - 1, Math.floor(((Math.floor(pixel / width) + 0.5) * truth.height) / height));
      if (truth.labels[y * truth.width + x] === label) inside += 1;
      total += 1;
    }
  }
  return inside > 0.5 * total;
}

await runCommand(main);
