import type { BankDescription, ClassId, DescribedReference } from "../../../workers/contract.ts";
import { areaOfRuns } from "../../../workers/imaging/runs.ts";
import type { Dataset, Problem } from "../datasets/annotated-pictures.ts";
import type { AppRun } from "./app-run.ts";
import { DESCRIBING } from "./descriptions.ts";
import type { DiskCache, Kept } from "./disk-cache.ts";
import { ProgressLine } from "./terminal.ts";

/** What decides how references are seen. */
export const LEARNING = [
  ...DESCRIBING,
  "workers/calls/bank.ts",
  "workers/features",
  "workers/references",
  "workers/contract/classes.ts",
];

/** A row of a bank as it is kept: where its numbers are, and what they stand for. */
interface KeptRow extends Omit<DescribedReference, "vector"> {
  /** Name of the class; null: surroundings. */
  readonly className: string | null;
}

/** A bank's facts; its numbers are rows of D numbers, then mean and matrix for photographs and for pictograms. */
export interface BankFacts {
  readonly model: string;
  readonly dimensions: number;
  readonly rows: readonly KeptRow[];
  readonly problems: readonly Problem[];
}

export type BankCache = DiskCache<BankFacts>;

/** What the engine knows of some references, by the names of their classes. */
export interface DescribedRows {
  readonly rows: readonly (KeptRow & { readonly vector: Float32Array<ArrayBuffer> })[];
  readonly dimensions: number;
  readonly whitening: BankDescription["whitening"];
  readonly problems: readonly Problem[];
}

/** Types names, as a person does: each gets its pictograms. */
export async function typeNames(run: AppRun, names: readonly string[]): Promise<Kept<BankFacts>> {
  await emptyBank(run);
  const progress = new ProgressLine("typing names", names.length);
  for (const [done, name] of names.entries()) {
    progress.show(done, name);
    await run.page.evaluate((typed) => window.lookalike.engine.addClass(typed), name);
  }
  progress.show(names.length);
  return takeBank(run, []);
}

/**
 * Gives the engine every thing of a dataset as an example, picture by picture.
 * @param leastArea things with fewer pixels are left out
 */
export async function importDataset(run: AppRun, dataset: Dataset, leastArea: number): Promise<Kept<BankFacts>> {
  await emptyBank(run);
  const { classes, pictures } = dataset;
  const problems: Problem[] = [];
  const progress = new ProgressLine("learning from", pictures.length);
  await run.hand(pictures.map(({ path }) => path));
  for (const [at, { file, annotated }] of pictures.entries()) {
    progress.show(at, file);
    try {
      const { width, height, things } = annotated();
      const masks = things
        .filter(({ runs }) => areaOfRuns(runs) >= leastArea)
        .map(({ classIndex, runs }) => ({ className: classes[classIndex] ?? "", runs: [...runs] }));
      const failure = masks.length === 0 ? null : await importOne(run, at, { width, height, masks });
      if (failure !== null) problems.push({ where: file, reason: failure });
    } catch (cause) {
      problems.push({ where: file, reason: cause instanceof Error ? cause.message : String(cause) });
    }
  }
  progress.show(pictures.length);
  return takeBank(run, problems);
}

interface PlainMasks {
  readonly width: number;
  readonly height: number;
  readonly masks: readonly { readonly className: string; readonly runs: readonly number[] }[];
}

/** What went wrong; null when nothing did. */
function importOne(run: AppRun, at: number, given: PlainMasks): Promise<string | null> {
  return run.page.evaluate(
    async ([index, { width, height, masks }]) => {
      const { engine } = window.lookalike;
      const blob = window.handed[index];
      if (!blob) return "The file was not handed over.";
      type Source = Parameters<typeof engine.importReferences>[0];
      const source: Source = { id: `import ${index}` as Source["id"], name: blob.name, blob };
      const typed = masks.map(({ className, runs }) => ({ className, runs: new Uint32Array(runs) }));
      try {
        await engine.importReferences(source, { width, height, masks: typed });
        return null;
      } catch (cause) {
        return cause instanceof Error ? cause.message : String(cause);
      }
    },
    [at, given] as const,
  );
}

async function emptyBank(run: AppRun): Promise<void> {
  await run.page.evaluate(async () => {
    const { engine } = window.lookalike;
    for (const { id } of (await engine.bank()).classes) await engine.removeClass(id);
  });
}

async function takeBank(run: AppRun, problems: readonly Problem[]): Promise<Kept<BankFacts>> {
  const facts = await run.page.evaluate(async () => {
    const { model, dimensions, classes, surroundings, whitening } = await window.lookalike.engine.describeBank();
    const all = [
      ...classes.flatMap(({ name, references }) => references.map((one) => ({ one, className: name }))),
      ...surroundings.map((one) => ({ one, className: null })),
    ];
    const { photo, pictogram } = whitening;
    const numbers = [photo.mean, photo.matrix, pictogram.mean, pictogram.matrix];
    const body = new Blob([...all.map(({ one }) => one.vector), ...numbers]);
    await fetch("/measured/bank", { method: "PUT", body });
    const rows = all.map(({ one: { id, source, provenance, domain }, className }) => ({
      id,
      source,
      provenance,
      domain,
      className,
    }));
    return { model, dimensions, rows };
  });
  return { facts: { ...facts, problems }, bytes: Uint8Array.from(run.take("bank")) };
}

/** Takes a kept bank apart. */
export function describedRows({ facts, bytes }: Kept<BankFacts>): DescribedRows {
  const { dimensions, rows, problems } = facts;
  const numbers = new Float32Array(bytes.buffer);
  let from = 0;
  const next = (count: number): Float32Array<ArrayBuffer> => numbers.slice(from, (from += count));
  const described = rows.map(({ id, source, provenance, domain, className }) => ({
    id,
    source,
    provenance,
    domain,
    className,
    vector: next(dimensions),
  }));
  const whitening = (): BankDescription["whitening"]["photo"] => ({
    mean: next(dimensions),
    matrix: next(dimensions * dimensions),
  });
  return { rows: described, dimensions, whitening: { photo: whitening(), pictogram: whitening() }, problems };
}

/** One bank of several parts, with a class for each of the names; references of other classes take no part. */
export function joinedBank(model: string, names: readonly string[], parts: readonly DescribedRows[]): BankDescription {
  const [first] = parts;
  if (!first) throw new Error("A bank needs references.");
  const rows = parts.flatMap((part) => part.rows);
  return {
    model: model as BankDescription["model"],
    dimensions: first.dimensions,
    classes: names.map((name, index) => ({
      id: `class ${index}` as ClassId,
      name,
      references: rows.filter(({ className }) => className === name),
    })),
    surroundings: rows.filter(({ className }) => className === null),
    whitening: first.whitening,
  };
}

/** The bank without what came from a picture, by its file name: a picture is never its own reference. */
export function bankWithout(bank: BankDescription, file: string): BankDescription {
  const isOther = ({ provenance, domain }: DescribedReference): boolean => domain !== "photo" || provenance !== file;
  return {
    ...bank,
    classes: bank.classes.map((one) => ({ ...one, references: one.references.filter(isOther) })),
    surroundings: bank.surroundings.filter(isOther),
  };
}
