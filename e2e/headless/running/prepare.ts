import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import type { BankDescription, Detail } from "../../../workers/contract.ts";
import type { Dataset, DatasetPicture, Problem } from "../datasets/annotated-pictures.ts";
import { fileHash, textHash } from "../datasets/content-hash.ts";
import { readDataset } from "../datasets/dataset.ts";
import { AppRun } from "./app-run.ts";
import {
  importedRows,
  keptRows,
  type RowFacts,
  type SeenRow,
  seenRows,
  takeWhitening,
  typeNames,
  type WhiteningFacts,
  whiteningOf,
} from "./bank-descriptions.ts";
import { ROOT } from "./build.ts";
import { codeVersion } from "./code-version.ts";
import { DescriptionCache, type KeptDescription } from "./descriptions.ts";
import { DiskCache, type Kept } from "./disk-cache.ts";
import { ProgressLine } from "./terminal.ts";

/** What decides how a model's numbers are made comparable. */
const PROFILE = [
  "workers/learning.ts",
  "workers/model-profile.ts",
  "workers/features/statistics.ts",
  "workers/models/starter.ts",
];

/** What decides the pictograms of a name and how they are seen. */
const NAMING = ["workers/naming.ts", "workers/references/embedding.ts", "workers/references/sources/pictogram"];

/** What decides the rows of a bank's pictures, besides their tokens. */
const TEACHING = [
  "e2e/headless/datasets",
  "e2e/headless/running/bank-descriptions.ts",
  "workers/features/pooling",
  "workers/imaging",
  "workers/mean-tokens.ts",
  "workers/references",
];

export interface Wanted {
  /** Folder of the pictures to evaluate on. */
  readonly data: string;
  /** Folder of the pictures to learn from; null for none. */
  readonly bank: string | null;
  /** Whether the data's class names are typed as well. */
  readonly typed: boolean;
  /** "starter", or the path of a model file. */
  readonly model: string;
  /** How finely the model looks; without it as standard. */
  readonly detail?: Detail;
  readonly device: "webgpu" | "wasm";
  /** Which of the data's pictures, by place. */
  readonly half: "even" | "odd" | "all";
  /** Most pictures. */
  readonly limit: number;
  /** Things with fewer pixels teach nothing and are not asked about one by one. */
  readonly leastArea: number;
  /** Folder where intermediate results are kept. */
  readonly cache: string;
  readonly say: (line: string) => void;
}

/** A picture with its truth, and what the engine knows of it. */
export interface PreparedPicture extends DatasetPicture {
  /** Place in the dataset. */
  readonly place: number;
  readonly description: () => KeptDescription;
  /** Spares an engine under the same model the work of seeing it again. */
  readonly hand: (run: AppRun) => Promise<void>;
}

export interface Material {
  readonly modelName: string;
  readonly data: Dataset;
  readonly pictures: readonly PreparedPicture[];
  readonly bank: Dataset | null;
  /** The bank's pictures; none without a bank. */
  readonly bankPictures: readonly PreparedPicture[];
  /** The names' pictograms; none when nothing is typed. */
  readonly typed: readonly SeenRow[];
  /** The bank's things and what is around them. */
  readonly examples: readonly SeenRow[];
  readonly whitening: BankDescription["whitening"];
  readonly problems: readonly Problem[];
  /** See peakPageMemory; of the runs that filled the cache. */
  readonly peakMemory: number | null;
}

const STARTER = join(ROOT, "public/models/starter");

function modelHash(model: string): string {
  if (model !== "starter") return fileHash(model);
  return textHash(fileHash(join(STARTER, "model.onnx")) + fileHash(join(STARTER, "model.json")));
}

/** Opens the app when it is first needed, and once. */
class LazyApp {
  readonly #open: () => Promise<AppRun>;
  #run: AppRun | null = null;

  constructor(wanted: Wanted) {
    this.#open = () => AppRun.open(wanted);
  }

  async get(): Promise<AppRun> {
    this.#run ??= await this.#open();
    return this.#run;
  }

  /** Null when it was never opened. */
  get peakMemory(): number | null {
    return this.#run?.peakMemory() ?? null;
  }

  async close(): Promise<void> {
    await this.#run?.close();
  }
}

/**
 * Everything an evaluation needs, from the cache where it is there and from the app itself where not. Pictures that
 * cannot be used are left out and named.
 * @param data the pictures to evaluate on, when they are not simply those of a folder
 * @throws Error when a folder as a whole cannot be used, or the model is refused
 */
export async function prepare(wanted: Wanted, data: Dataset = readDataset(wanted.data)): Promise<Material> {
  const bank = wanted.bank === null ? null : readDataset(wanted.bank);
  const app = new LazyApp(wanted);
  const model = `${modelHash(wanted.model)} ${wanted.device}${wanted.detail === "fine" ? " fine" : ""}`;
  const problems = [...data.problems, ...(bank?.problems ?? [])];
  try {
    const profiles = new DiskCache<WhiteningFacts>(wanted.cache, "whitening", codeVersion(PROFILE));
    const profile = await profiles.readOr(textHash(model), async () => takeWhitening(await app.get()));
    const whitening = createHash("sha256").update(profile.bytes).digest("hex");
    const cache = new DescriptionCache(wanted.cache, model, whitening);
    const all = bank ? await describeAll(placed(bank), cache, app, problems) : [];
    const examples = await taughtRows(all, bank?.classes ?? [], model, wanted, problems);
    const pictures = await describeAll(chosen(data, wanted), cache, app, problems);
    const names = new DiskCache<RowFacts>(wanted.cache, "pictograms", codeVersion(NAMING));
    const type = async (): Promise<Kept<RowFacts>> => typeNames(await app.get(), data.classes);
    const key = textHash(`${model} ${JSON.stringify(data.classes)}`);
    return {
      modelName: wanted.model,
      data,
      bank,
      pictures: pictures.filter((picture) => isUsable(picture, problems)),
      bankPictures: all,
      typed: wanted.typed ? seenRows(await names.readOr(key, type)) : [],
      examples,
      whitening: whiteningOf(profile),
      problems,
      peakMemory: keptPeak(wanted.cache, model, app.peakMemory),
    };
  } finally {
    await app.close();
  }
}

/** What the engine learns from the pictures of a bank; a problem for each whose masks cannot be used. */
async function taughtRows(
  pictures: readonly PreparedPicture[],
  classes: readonly string[],
  model: string,
  { cache, leastArea }: Wanted,
  problems: Problem[],
): Promise<SeenRow[]> {
  const kept = new DiskCache<RowFacts>(cache, "examples", codeVersion(TEACHING));
  const rows: SeenRow[] = [];
  for (const { file, path, annotated, truthVersion, description } of pictures) {
    const make = async (): Promise<Kept<RowFacts>> =>
      keptRows(importedRows(file, description(), annotated(), classes, leastArea));
    try {
      const key = textHash(`${model} ${leastArea} ${file} ${fileHash(path)} ${truthVersion()}`);
      rows.push(...seenRows(await kept.readOr(key, make)));
    } catch (cause) {
      problems.push({ where: file, reason: reasonOf(cause) });
    }
  }
  return rows;
}

/** The most memory that was seen so far under a model; it is by seeing pictures that the page grows. */
function keptPeak(root: string, model: string, now: number | null): number | null {
  const version = codeVersion(["workers/imaging", "workers/models", "workers/pictures.ts"]);
  const peaks = new DiskCache<{ readonly peak: number | null }>(root, "memory", version);
  const peak = Math.max(now ?? 0, peaks.read(textHash(model))?.facts.peak ?? 0) || null;
  peaks.write(textHash(model), { facts: { peak }, bytes: new Uint8Array() });
  return peak;
}

type Placed = DatasetPicture & { readonly place: number };

function placed({ pictures }: Dataset): Placed[] {
  return pictures.map((picture, place) => ({ ...picture, place }));
}

function chosen(data: Dataset, { half, limit }: Wanted): Placed[] {
  return placed(data)
    .filter(({ place }) => half === "all" || place % 2 === (half === "even" ? 0 : 1))
    .slice(0, limit);
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** Those of the pictures that the engine can describe. */
async function describeAll(
  pictures: readonly Placed[],
  cache: DescriptionCache,
  app: LazyApp,
  problems: Problem[],
): Promise<PreparedPicture[]> {
  const hashed = pictures.map((picture) => ({ picture, hash: fileHash(picture.path) }));
  const missing = hashed.filter(({ hash }) => !cache.has(hash));
  if (missing.length > 0) {
    const run = await app.get();
    await run.hand(missing.map(({ picture }) => picture.path));
    const progress = new ProgressLine("describing", missing.length);
    for (const [at, { picture, hash }] of missing.entries()) {
      progress.show(at, picture.file);
      try {
        await cache.describe(run, at, hash);
      } catch (cause) {
        problems.push({ where: picture.file, reason: reasonOf(cause) });
      }
    }
    progress.show(missing.length);
  }
  return hashed
    .filter(({ hash }) => cache.has(hash))
    .map(({ picture, hash }) =>
      Object.assign(picture, {
        description: () => cache.read(hash),
        hand: (run: AppRun) => cache.hand(run, hash),
      }),
    );
}

/** Whether the truth can be read and is of the picture's size. */
function isUsable({ file, annotated, description }: PreparedPicture, problems: Problem[]): boolean {
  try {
    const { width, height } = annotated();
    const { originalWidth, originalHeight } = description().seen.facts;
    if (width === originalWidth && height === originalHeight) return true;
    const reason = `the masks are ${width} x ${height}, the picture is ${originalWidth} x ${originalHeight}`;
    problems.push({ where: file, reason });
  } catch (cause) {
    problems.push({ where: file, reason: reasonOf(cause) });
  }
  return false;
}

/** Where intermediate results are kept unless said otherwise. */
export const defaultCache = (): string => resolve(ROOT, ".cache/measure");
