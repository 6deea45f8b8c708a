import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { classesJson } from "../../src/export/classes-json.ts";
import { cocoAnnotations } from "../../src/export/coco.ts";
import { encodeIndexedPng } from "../../src/export/indexed-png.ts";
import { safeFileName } from "../../src/export/safe-file-name.ts";
import { DETAILS, type Detail, type LabelMap } from "../../workers/contract.ts";
import { enlargedMap } from "../../workers/results.ts";
import type { Problem } from "./datasets/annotated-pictures.ts";
import { readDataset } from "./datasets/dataset.ts";
import { AppRun } from "./running/app-run.ts";
import { modelPath, numberIn, oneOf, runCommand, UsageError } from "./running/options.ts";
import { classesOf, segmentHanded, type SegmentedPicture, type TakingPart } from "./running/segment-pictures.ts";
import { bankFile, openBankFile, teach, typeClasses } from "./running/teach.ts";
import { print, ProgressLine, table } from "./running/terminal.ts";

const USAGE = `npm run segment -- PHOTO|FOLDER... --out DIR (--classes "dog, frisbee" | --bank FOLDER|FILE)

Segments pictures with the app itself, in a headless browser, and writes for each picture NAME-overlay.png (the picture
with its class colours), NAME-classes.png (a pixel's value is its class), NAME-classes.json (what the values stand for)
and NAME-coco.json (COCO's format, run lengths).

  --classes NAMES    what to look for, with commas
  --bank FOLDER      pictures with masks whose things become examples: COCO's format, or labels/ with classes.json
  --bank FILE        a bank that was saved as a file; of either with --classes only the named classes
  --save-bank FILE   saves all that was learned as a file, for another run or for the app
  --model FILE       a feature model; without it, or with "starter", the starter
  --detail DETAIL    standard (without it) or fine: how finely the model looks
  --device DEVICE    wasm (without it) or webgpu
  --threshold T      how sure a region must be to be named, 0 to 1; without it what the page begins with
  --out DIR          where to write; made when it is not there

Pictures that fail are named with the reason, the others are done; the exit code is then 1.`;

/** What the page begins with. */
const THRESHOLD = "0.1";

interface Options {
  readonly pictures: readonly string[];
  readonly names: readonly string[] | null;
  readonly bank: string | null;
  readonly saveBank: string | null;
  readonly model: string;
  readonly detail: Detail;
  readonly device: "wasm" | "webgpu";
  readonly threshold: number;
  readonly out: string;
}

const isPicture = (name: string): boolean => /\.(?:jpe?g|png|webp|avif|gif|bmp)$/i.test(name);

/** Names of one class: case does not matter, as in the app. */
const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Files as they are, folders with the pictures in them. @throws UsageError */
function picturesIn(path: string): string[] {
  if (!existsSync(path)) throw new UsageError(`There is no file or folder ${path}.`);
  if (!statSync(path).isDirectory()) return [resolve(path)];
  const found = readdirSync(path).filter(isPicture).sort();
  if (found.length === 0) throw new UsageError(`There are no pictures in ${path}.`);
  return found.map((name) => resolve(path, name));
}

function readOptions(args: readonly string[]): Options | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      classes: { type: "string" },
      bank: { type: "string" },
      "save-bank": { type: "string" },
      model: { type: "string", default: "starter" },
      detail: { type: "string", default: "standard" },
      device: { type: "string", default: "wasm" },
      threshold: { type: "string", default: THRESHOLD },
      out: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  if (positionals.length === 0)
    throw new UsageError("Say which pictures: npm run segment -- PHOTO|FOLDER... See --help.");
  if (values.out === undefined) throw new UsageError("Say where to write: --out DIR.");
  const names = values.classes?.split(",").map((name) => name.trim());
  const wanted = names?.filter((name) => name !== "") ?? [];
  if (wanted.length === 0 && values.bank === undefined) {
    throw new UsageError('Say what to look for: --classes "dog, frisbee", or --bank FOLDER|FILE.');
  }
  return {
    pictures: positionals.flatMap(picturesIn),
    names: wanted.length > 0 ? wanted : null,
    bank: values.bank === undefined ? null : resolve(values.bank),
    saveBank: values["save-bank"] === undefined ? null : resolve(values["save-bank"]),
    model: modelPath(values.model),
    detail: oneOf("detail", values.detail, DETAILS),
    device: oneOf("device", values.device, ["wasm", "webgpu"]),
    threshold: numberIn("threshold", values.threshold, 0, 1),
    out: resolve(values.out),
  };
}

/** Names of files without their endings, no two alike. */
function stemsOf(pictures: readonly string[]): string[] {
  const taken = new Set<string>();
  return pictures.map((path) => {
    const stem = safeFileName(basename(path), "");
    let free = stem;
    for (let number = 2; taken.has(free.toLowerCase()); number += 1) free = `${stem} ${number}`;
    taken.add(free.toLowerCase());
    return free;
  });
}

/** A region map of the working image at the size of the picture. */
function regionMapOf({ segmentation, regionMap, width, height }: SegmentedPicture): LabelMap<number> {
  return enlargedMap({ width: segmentation.width, height: segmentation.height, data: regionMap }, width, height);
}

async function write(
  folder: string,
  stem: string,
  file: string,
  picture: SegmentedPicture,
  classes: readonly TakingPart[],
): Promise<void> {
  const { segmentation, width, height, classMap, overlay } = picture;
  const shareOf = (id: TakingPart["id"] | null): number =>
    segmentation.areas.find(({ classId }) => classId === id)?.share ?? 0;
  const colours = classes.map(({ colour }) => colour);
  const mask = await encodeIndexedPng({ width, height, data: classMap }, colours);
  const listed = classes.map(({ id, name, colour }) => ({ name, colour, share: shareOf(id) }));
  const regions = segmentation.regions.map(({ classId, confidence }) => {
    const at = classes.findIndex(({ id }) => id === classId);
    return { classIndex: at < 0 ? null : at, confidence };
  });
  const coco = {
    images: [{ id: 1, file_name: file, width, height }],
    categories: classes.map(({ name }, at) => ({ id: at + 1, name })),
    annotations: cocoAnnotations(regionMapOf(picture), regions, 1),
  };
  writeFileSync(join(folder, `${stem}-overlay.png`), overlay);
  writeFileSync(join(folder, `${stem}-classes.png`), Buffer.from(await mask.arrayBuffer()));
  writeFileSync(
    join(folder, `${stem}-classes.json`),
    classesJson({ name: file, width, height }, shareOf(null), listed),
  );
  writeFileSync(join(folder, `${stem}-coco.json`), `${JSON.stringify(coco)}\n`);
}

/** One row of the summary. */
function rowOf(
  file: string,
  { segmentation, width, height, milliseconds }: SegmentedPicture,
  classes: readonly TakingPart[],
): string[] {
  const found = segmentation.areas
    .filter(({ classId, share }) => classId !== null && share > 0)
    .toSorted((a, b) => b.share - a.share)
    .map(
      ({ classId, share }) => `${classes.find(({ id }) => id === classId)?.name ?? "?"} ${(100 * share).toFixed(1)} %`,
    );
  const named = segmentation.regions.filter(({ classId }) => classId !== null).length;
  return [
    file,
    `${width} x ${height}`,
    `${named}`,
    `${Math.round(milliseconds)} ms`,
    `  ${found.join(", ") || "nothing named"}`,
  ];
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    print(USAGE);
    return 0;
  }
  const { pictures, names, bank, saveBank, threshold, out } = options;
  const isFile = bank !== null && existsSync(bank) && statSync(bank).isFile();
  const dataset = bank === null || isFile ? null : readDataset(bank);
  const problems: Problem[] = [...(dataset?.problems ?? [])];
  mkdirSync(out, { recursive: true });
  const run = await AppRun.open({ ...options, say: (line) => void process.stderr.write(`${line}\n`) });
  try {
    if (dataset) problems.push(...(await teach(run, dataset, names)));
    if (isFile) problems.push(...(await openBankFile(run, bank)));
    // A class that examples were found for keeps to them.
    if (names) await typeClasses(run, names);
    if (saveBank !== null) writeFileSync(saveBank, await bankFile(run));
    const classes = (await classesOf(run)).filter(
      ({ name }) => names === null || names.some((one) => isSame(one, name)),
    );
    for (const { name } of classes.filter(({ references }) => references === 0)) {
      print(`“${name}” has no pictogram and no example: it cannot be found.`);
    }
    await run.hand(pictures);
    const rows: string[][] = [];
    const progress = new ProgressLine("segmenting", pictures.length);
    const stems = stemsOf(pictures);
    for (const [at, path] of pictures.entries()) {
      const file = basename(path);
      progress.show(at, file);
      try {
        const ids = classes.map(({ id }) => id);
        const picture = await segmentHanded(run, at, ids, threshold);
        await write(out, stems[at] ?? "picture", file, picture, classes);
        rows.push(rowOf(file, picture, classes));
      } catch (cause) {
        problems.push({ where: file, reason: cause instanceof Error ? cause.message : String(cause) });
      }
    }
    progress.show(pictures.length);
    print(table([["picture", "size", "regions", "time", "  found"], ...rows]));
    if (problems.length > 0) print(`\nfailed: ${problems.length}`);
    for (const { where, reason } of problems) print(`  ${where}: ${reason}`);
    return problems.length > 0 ? 1 : 0;
  } finally {
    await run.close();
  }
}

await runCommand(main);
