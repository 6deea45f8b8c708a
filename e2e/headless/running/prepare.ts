import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Annotated, Dataset, DatasetPicture, Problem } from "../datasets/annotated-pictures.ts";
import { readDataset } from "../datasets/dataset.ts";
import { AppRun } from "./app-run.ts";
import {
  type BankFacts,
  describedRows,
  type DescribedRows,
  importDataset,
  LEARNING,
  typeNames,
} from "./bank-descriptions.ts";
import { ROOT } from "./build.ts";
import { codeVersion } from "./code-version.ts";
import { describeHanded, DESCRIBING, type DescriptionFacts, fileHash, type KeptDescription } from "./descriptions.ts";
import { DiskCache, type Kept } from "./disk-cache.ts";
import { ProgressLine } from "./terminal.ts";

export interface Wanted {
  /** Folder of the pictures to evaluate on. */
  readonly data: string;
  /** Folder of the pictures to learn from; null for none. */
  readonly bank: string | null;
  /** Whether the data's class names are typed as well. */
  readonly typed: boolean;
  /** "starter", or the path of a model file. */
  readonly model: string;
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
  readonly truth: () => Annotated;
  readonly description: () => KeptDescription;
}

export interface Material {
  readonly modelName: string;
  readonly data: Dataset;
  readonly pictures: readonly PreparedPicture[];
  readonly typed: DescribedRows | null;
  readonly examples: DescribedRows | null;
  readonly problems: readonly Problem[];
  /** See peakPageMemory; of the run that filled the cache. */
  readonly peakMemory: number | null;
}

const STARTER = join(ROOT, "public/models/starter");

function modelHash(model: string): string {
  if (model !== "starter") return fileHash(model);
  return createHash("sha256")
    .update(fileHash(join(STARTER, "model.onnx")))
    .update(fileHash(join(STARTER, "model.json")))
    .digest("hex");
}

/** Hash of everything in a folder. */
function folderHash(folder: string): string {
  const hash = createHash("sha256");
  const visit = (path: string): void => {
    for (const name of readdirSync(path).sort()) {
      const inner = join(path, name);
      if (statSync(inner).isDirectory()) visit(inner);
      else hash.update(inner.slice(folder.length)).update(readFileSync(inner));
    }
  };
  visit(folder);
  return hash.digest("hex");
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
 * @throws Error when a folder as a whole cannot be used, or the model is refused
 */
export async function prepare(wanted: Wanted): Promise<Material> {
  const data = readDataset(wanted.data);
  const bank = wanted.bank === null ? null : readDataset(wanted.bank);
  const app = new LazyApp(wanted);
  const model = `${modelHash(wanted.model)} ${wanted.device}`;
  const problems = [...data.problems, ...(bank?.problems ?? [])];
  try {
    const pictures = await describeAll(wanted, model, data, app, problems);
    const banks = new DiskCache<BankFacts>(wanted.cache, "banks", codeVersion(LEARNING));
    const kept = async (key: string, learn: (run: AppRun) => Promise<Kept<BankFacts>>): Promise<DescribedRows> => {
      const name = createHash("sha256").update(`${model} ${key}`).digest("hex");
      const known = banks.read(name) ?? (await learn(await app.get()));
      banks.write(name, known);
      return describedRows(known);
    };
    const { classes } = data;
    const examples =
      bank &&
      (await kept(`${folderHash(bank.folder)} ${wanted.leastArea}`, (run) =>
        importDataset(run, bank, wanted.leastArea),
      ));
    const typed = wanted.typed ? await kept(JSON.stringify(classes), (run) => typeNames(run, classes)) : null;
    problems.push(...(examples?.problems ?? []));
    const peaks = new DiskCache<{ readonly peak: number | null }>(wanted.cache, "memory", codeVersion(DESCRIBING));
    const key = createHash("sha256").update(model).digest("hex");
    const peak = Math.max(app.peakMemory ?? 0, peaks.read(key)?.facts.peak ?? 0) || null;
    peaks.write(key, { facts: { peak }, bytes: new Uint8Array() });
    return { modelName: wanted.model, data, pictures, typed, examples, problems, peakMemory: peak };
  } finally {
    await app.close();
  }
}

function chosen({ pictures }: Dataset, { half, limit }: Wanted): (DatasetPicture & { readonly place: number })[] {
  return pictures
    .map((picture, place) => ({ ...picture, place }))
    .filter(({ place }) => half === "all" || place % 2 === (half === "even" ? 0 : 1))
    .slice(0, limit);
}

async function describeAll(
  wanted: Wanted,
  model: string,
  data: Dataset,
  app: LazyApp,
  problems: Problem[],
): Promise<PreparedPicture[]> {
  const cache = new DiskCache<DescriptionFacts>(wanted.cache, "descriptions", codeVersion(DESCRIBING));
  const keyOf = (path: string): string =>
    createHash("sha256")
      .update(`${model} ${fileHash(path)}`)
      .digest("hex");
  const pictures = chosen(data, wanted).map((picture) => ({ picture, key: keyOf(picture.path) }));
  const missing = pictures.filter(({ key }) => !cache.has(key));
  if (missing.length > 0) {
    const run = await app.get();
    await run.hand(missing.map(({ picture }) => picture.path));
    const progress = new ProgressLine("describing", missing.length);
    for (const [at, { picture, key }] of missing.entries()) {
      const { file } = picture;
      progress.show(at, file);
      try {
        cache.write(key, await describeHanded(run, at));
      } catch (cause) {
        problems.push({ where: file, reason: cause instanceof Error ? cause.message : String(cause) });
      }
    }
    progress.show(missing.length);
  }
  const described = pictures.flatMap(({ key, picture }): PreparedPicture[] => {
    const description = (): KeptDescription => {
      const found = cache.read(key);
      if (!found) throw new Error(`The description of ${picture.file} is gone from the cache.`);
      return found;
    };
    return cache.has(key) ? [{ ...picture, truth: picture.annotated, description }] : [];
  });
  return described.filter((picture) => isUsable(picture, problems));
}

/** Whether the truth can be read and is of the picture's size. */
function isUsable({ file, truth, description }: PreparedPicture, problems: Problem[]): boolean {
  try {
    const { width, height } = truth();
    const { originalWidth, originalHeight } = description().facts;
    if (width === originalWidth && height === originalHeight) return true;
    const reason = `the masks are ${width} x ${height}, the picture is ${originalWidth} x ${originalHeight}`;
    problems.push({ where: file, reason });
  } catch (cause) {
    problems.push({ where: file, reason: cause instanceof Error ? cause.message : String(cause) });
  }
  return false;
}

/** Where intermediate results are kept unless said otherwise. */
export const defaultCache = (): string => resolve(ROOT, ".cache/measure");
