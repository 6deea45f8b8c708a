import { basename } from "node:path";
import type { Annotated, Dataset, Problem } from "../datasets/annotated-pictures.ts";
import { areaOfRuns } from "../../../workers/imaging/runs.ts";
import type { AppRun } from "./app-run.ts";
import { ProgressLine } from "./terminal.ts";

/** Types names, as a person does. @throws Error when a name cannot be taken */
export async function typeClasses(run: AppRun, names: readonly string[]): Promise<void> {
  const progress = new ProgressLine("typing names", names.length);
  for (const [done, name] of names.entries()) {
    progress.show(done, name);
    await run.page.evaluate((typed) => window.lookalike.engine.addClass(typed), name);
  }
  progress.show(names.length);
}

/**
 * Gives the engine the things of a dataset as examples, picture by picture.
 * @param names the classes whose things are given; null for all
 * @param leastArea things with fewer pixels are left out
 * @returns what could not be used, and why
 */
export async function teach(
  run: AppRun,
  dataset: Dataset,
  names: readonly string[] | null,
  leastArea = 1,
): Promise<Problem[]> {
  const { classes, pictures } = dataset;
  const problems: Problem[] = [];
  const progress = new ProgressLine("learning from", pictures.length);
  await run.hand(pictures.map(({ path }) => path));
  for (const [at, { file, annotated }] of pictures.entries()) {
    progress.show(at, file);
    try {
      const failure = await importHanded(run, at, wantedOf(annotated(), classes, names, leastArea));
      if (failure !== null) problems.push({ where: file, reason: failure });
    } catch (cause) {
      problems.push({ where: file, reason: cause instanceof Error ? cause.message : String(cause) });
    }
  }
  progress.show(pictures.length);
  return problems;
}

/**
 * Opens a bank that was saved as a file, as a person does.
 * @returns what of it could not be used, and why
 * @throws Error when it is no bank
 */
export async function openBankFile(run: AppRun, path: string): Promise<Problem[]> {
  await run.hand([path]);
  const { leftOut, failure } = await run.page.evaluate(async () => {
    const [file] = window.handed;
    if (!file) return { leftOut: [], failure: "The file was not handed over." };
    try {
      const report = await window.lookalike.engine.importBank(file, "new");
      return { leftOut: report.leftOut, failure: null };
    } catch (cause) {
      return { leftOut: [], failure: cause instanceof Error ? cause.message : String(cause) };
    }
  });
  if (failure !== null) throw new Error(`${basename(path)}: ${failure}`);
  return leftOut.map(({ what, why }) => ({ where: `${basename(path)}, ${what}`, reason: why }));
}

/** The bank as a file, as a person saves it. */
export async function bankFile(run: AppRun): Promise<Buffer> {
  await run.page.evaluate(async () => {
    const { archive } = await window.lookalike.engine.exportBank();
    await fetch("/measured/bank", { method: "PUT", body: archive });
  });
  return run.take("bank");
}

interface PlainMasks {
  readonly width: number;
  readonly height: number;
  readonly masks: readonly { readonly className: string; readonly runs: readonly number[] }[];
}

function wantedOf(
  { width, height, things }: Annotated,
  classes: readonly string[],
  names: readonly string[] | null,
  leastArea: number,
): PlainMasks {
  const masks = things
    .filter(({ runs }) => areaOfRuns(runs) >= leastArea)
    .map(({ classIndex, runs }) => ({ className: classes[classIndex] ?? "", runs: [...runs] }))
    .filter(({ className }) => names === null || names.includes(className));
  return { width, height, masks };
}

/** What went wrong; null when nothing did. */
async function importHanded(run: AppRun, at: number, given: PlainMasks): Promise<string | null> {
  if (given.masks.length === 0) return null;
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
