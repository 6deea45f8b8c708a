import type {
  BankDescription,
  ClassId,
  DescribedPart,
  DescribedReference,
  ReferenceId,
} from "../../../workers/contract.ts";
import { areaOfRuns } from "../../../workers/imaging/runs.ts";
import { seenThings } from "../../../workers/mean-tokens.ts";
import { placeGivenMasks } from "../../../workers/references/sources/given-masks.ts";
import type { Annotated } from "../datasets/annotated-pictures.ts";
import { textHash } from "../datasets/content-hash.ts";
import type { AppRun } from "./app-run.ts";
import { type KeptDescription, rawTokens } from "./descriptions.ts";
import type { Kept } from "./disk-cache.ts";
import { typeClasses } from "./teach.ts";

/** A row of a bank: what the model saw, and of what. */
export interface SeenRow extends DescribedReference {
  /** Name of the class; null: surroundings. */
  readonly className: string | null;
  /** Set: a piece of a thing of that class, or of what is near one. */
  readonly part?: Pick<DescribedPart, "inside" | "patches">;
}

type Whitenings = BankDescription["whitening"];

/** Rows as they are kept: their facts, and D numbers each in the bytes. */
export interface RowFacts {
  readonly dimensions: number;
  readonly rows: readonly Omit<SeenRow, "vector">[];
}

/** Types names, as a person does, and takes what the engine then has: each name's pictograms. */
export async function typeNames(run: AppRun, names: readonly string[]): Promise<Kept<RowFacts>> {
  await typeClasses(run, names);
  const facts = await run.page.evaluate(async () => {
    const { dimensions, classes } = await window.lookalike.engine.describeBank();
    const all = classes.flatMap(({ name, references }) => references.map((one) => ({ one, className: name })));
    await fetch("/measured/rows", { method: "PUT", body: new Blob(all.map(({ one }) => one.vector)) });
    const rows = all.map(({ one: { id, source, provenance, domain }, className }) => ({
      id,
      source,
      provenance,
      domain,
      className,
    }));
    return { dimensions, rows };
  });
  return { facts, bytes: Uint8Array.from(run.take("rows")) };
}

/** Rows with their numbers. */
export function seenRows({ facts: { dimensions, rows }, bytes }: Kept<RowFacts>): SeenRow[] {
  const numbers = new Float32Array(bytes.buffer);
  return rows.map((row, index) => ({ ...row, vector: numbers.slice(index * dimensions, (index + 1) * dimensions) }));
}

/** Rows as they are kept. */
export function keptRows(rows: readonly SeenRow[]): Kept<RowFacts> {
  const dimensions = rows[0]?.vector.length ?? 0;
  const numbers = new Float32Array(rows.length * dimensions);
  for (const [index, { vector }] of rows.entries()) numbers.set(vector, index * dimensions);
  const facts = rows.map(({ id, source, provenance, domain, className, part }) => {
    const fact = { id, source, provenance, domain, className };
    return part ? { ...fact, part } : fact;
  });
  return { facts: { dimensions, rows: facts }, bytes: new Uint8Array(numbers.buffer) };
}

/** What is kept of a profile besides its numbers. */
export interface WhiteningFacts {
  readonly dimensions: number;
  readonly isGuess: boolean;
}

/** How the model's numbers are made comparable, by the engine itself. */
export async function takeWhitening(run: AppRun): Promise<Kept<WhiteningFacts>> {
  const facts = await run.page.evaluate(async () => {
    const { dimensions: size, whitening } = await window.lookalike.engine.describeBank();
    const { photo, pictogram } = whitening;
    const body = new Blob([photo.mean, photo.matrix, pictogram.mean, pictogram.matrix]);
    await fetch("/measured/whitening", { method: "PUT", body });
    return { dimensions: size, isGuess: whitening.isGuess };
  });
  return { facts, bytes: Uint8Array.from(run.take("whitening")) };
}

export function whiteningOf({ facts: { dimensions, isGuess }, bytes }: Kept<WhiteningFacts>): Whitenings {
  const numbers = new Float32Array(bytes.buffer);
  let from = 0;
  const next = (count: number): Float32Array<ArrayBuffer> => numbers.slice(from, (from += count));
  const one = (): Whitenings["photo"] => ({ mean: next(dimensions), matrix: next(dimensions * dimensions) });
  return { photo: one(), pictogram: one(), isGuess };
}

/**
 * The rows that the engine gets when a picture's things are imported (importReferences): the same code on the same
 * tokens, without the copies and crops that the bank keeps.
 * @param leastArea things with fewer pixels are left out
 * @throws EngineError masks-invalid
 */
export function importedRows(
  file: string,
  description: Pick<KeptDescription, "seen">,
  { width, height, things }: Annotated,
  classes: readonly string[],
  leastArea: number,
): SeenRow[] {
  const taught = things.filter(({ runs }) => areaOfRuns(runs) >= leastArea);
  if (taught.length === 0) return [];
  const masks = taught.map(({ classIndex, runs }) => ({ className: classes[classIndex] ?? "", runs }));
  const placed = placeGivenMasks(description.seen.facts, { width, height, masks }, file);
  const seen = seenThings(rawTokens(description), placed.width, placed.height, placed.masks);
  const rowOf = (index: number, className: string | null, vector: SeenRow["vector"]): SeenRow => {
    // Like the ids of the bank: nothing can be read off their order.
    const id = textHash(`${file} ${index}`) as ReferenceId;
    return { id, source: "import", provenance: file, domain: "photo", className, vector };
  };
  return seen.flatMap(({ thing, surroundings, parts }, index) => {
    const className = masks[index]?.className ?? "";
    const rows = [rowOf(index, className, thing)];
    if (surroundings) rows.push(rowOf(index, null, surroundings));
    for (const [at, patches] of (parts?.patches ?? []).entries()) {
      const vector = parts?.vectors.slice(at * thing.length, (at + 1) * thing.length) ?? thing;
      rows.push({ ...rowOf(index, className, vector), part: { inside: at < (parts?.inside ?? 0), patches } });
    }
    return rows;
  });
}

/** A bank with a class for each of the names; references of other classes take no part. */
export function bankOf(
  model: string,
  names: readonly string[],
  rows: readonly SeenRow[],
  whitening: Whitenings,
): BankDescription {
  const byClass = new Map<string | null, SeenRow[]>();
  for (const name of [null, ...names]) byClass.set(name, []);
  for (const row of rows) byClass.get(row.className)?.push(row);
  const rowsOf = (name: string): readonly SeenRow[] => byClass.get(name) ?? [];
  return {
    model: model as BankDescription["model"],
    dimensions: whitening.photo.mean.length,
    classes: names.map((name, index) => ({
      id: `class ${index}` as ClassId,
      name,
      references: rowsOf(name).filter(({ part }) => !part),
      parts: rowsOf(name).flatMap(({ part, ...row }) => (part ? [{ ...row, ...part }] : [])),
    })),
    surroundings: rows.filter(({ className }) => className === null),
    whitening,
  };
}
