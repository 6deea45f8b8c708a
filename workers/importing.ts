import {
  type DatasetFile,
  EngineError,
  type ImportChoice,
  type DatasetReport,
  type PictureId,
  type Step,
} from "./contract.ts";
import { runsOfTarget } from "./examples.ts";
import type { WorkingImage } from "./imaging/working-image.ts";
import { localise, type Sighting, sightingOf } from "./localising.ts";
import type { Prepared } from "./learning.ts";
import type { DescribedPicture } from "./pictures.ts";
import type { Bank } from "./references/bank/bank.ts";
import { importClass, type ImportedClass, takeBackImport } from "./references/bank/import-class.ts";
import { type KnownReferences, knownReferences, noteReference } from "./references/bank/known-references.ts";
import type { StepGroup } from "./references/bank/journal.ts";
import { isName, nameKey } from "./references/bank/names.ts";
import { hashed, type HashedDraft } from "./references/bank/operations.ts";
import type { ReferenceDraft } from "./references/bank/records.ts";
import { chooseEvenly } from "./references/datasets/choose.ts";
import { type Breathe, type Dataset, type FindMask, nameOf, type Thing } from "./references/datasets/dataset.ts";
import { SkippedList } from "./references/datasets/skipped.ts";
import { makeExample } from "./references/sources/example.ts";
import { draftPlacedMasks, placeGivenMasks } from "./references/sources/given-masks.ts";

/** What an import needs of the engine. */
export interface ImportTools {
  readonly bank: Bank;
  readonly prepared: Prepared;
  readonly breathe: Breathe;
  readonly decode: (file: DatasetFile) => Promise<WorkingImage>;
  readonly describe: (file: DatasetFile) => Promise<DescribedPicture>;
  /** Shows what the model has not seen to it; throws when it is stopped. */
  readonly learn: () => Promise<void>;
}

/** A data set's file as the engine's picture, for as long as an import lasts. */
export const idOfFile = ({ path }: DatasetFile): PictureId => `dataset:${path}` as PictureId;

/**
 * Takes over classes of a data set. Masks are kept with their whole picture, which the model then sees once for all of
 * them, so they are learned when all are there; what is localised in a folder's pictures is learned class by class.
 * When it ends early, classes that are not learned whole are undone.
 */
export async function importClasses(
  dataset: Dataset,
  choice: ImportChoice,
  tools: ImportTools,
): Promise<DatasetReport> {
  const skipped = new SkippedList();
  const taken: ImportedClass[] = [];
  let step: Step | null = null;
  // One step to the person, however many classes there are.
  const group: StepGroup = { label: "Imported examples" };
  const wanted = chosenThings(dataset, choice, skipped);
  const total = wanted.reduce((sum, { things }) => sum + things.length, 0);
  try {
    const find =
      dataset.masks &&
      (await dataset.masks(
        wanted.flatMap(({ things }) => things),
        tools.breathe,
      ));
    let done = 0;
    for (const { name, things } of wanted) {
      const told: Breathe = (own) => tools.breathe(done + own, total);
      const drafts = find
        ? await draftMasks(name, things, dataset, find, skipped, told, tools)
        : await draftLocalised(things, dataset, skipped, told, tools);
      done += things.length;
      await tools.breathe(done, total);
      const fresh = await withoutKnown(name, await hashed(drafts), tools.bank, skipped);
      if (fresh.length === 0) continue;
      const applied = await tools.bank.apply(importClass(name, fresh), group);
      taken.push(applied.value);
      step = applied.step;
      if (!find) await tools.learn();
    }
    await tools.learn();
  } catch (cause) {
    await takeBackUnlearned(tools, taken, step, group);
    throw cause;
  }
  return {
    classes: taken.map(({ name, references }) => ({ name, added: references.length })),
    skipped: skipped.list(),
  };
}

interface WantedClass {
  readonly name: string;
  readonly things: readonly Thing[];
}

function chosenThings(
  { classes, things }: Dataset,
  { classes: names, perClass }: ImportChoice,
  skipped: SkippedList,
): readonly WantedClass[] {
  const byClass = new Map<number, Thing[]>();
  for (const thing of things) {
    const own = byClass.get(thing.classIndex);
    if (own) own.push(thing);
    else byClass.set(thing.classIndex, [thing]);
  }
  const wanted = new Set(names);
  return classes.flatMap((name, index): WantedClass[] => {
    const own = wanted.has(name) ? (byClass.get(index) ?? []) : [];
    if (own.length > 0 && !isName(name)) {
      skipped.add("class names have no visible character", name);
      return [];
    }
    return own.length > 0 ? [{ name, things: chooseEvenly(own, Math.max(1, Math.floor(perClass))) }] : [];
  });
}

/** A reason to leave something out, in the words of a list of what was skipped. */
const REASONS: Readonly<Partial<Record<EngineError["code"], string>>> = {
  "picture-unreadable": "pictures are damaged",
  "picture-not-an-image": "pictures are none that can be opened",
  "picture-empty": "pictures are empty files",
  "picture-too-large": "pictures are too large",
  "masks-invalid": "masks are of another size than their picture",
};

/** The work's result, or null when only this one is at fault: it is then counted. */
async function orSkipped<Value>(name: string, skipped: SkippedList, work: () => Promise<Value>): Promise<Value | null> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof EngineError ? REASONS[cause.code] : undefined;
    if (reason === undefined) throw cause;
    skipped.add(reason, name);
    return null;
  }
}

async function draftMasks(
  className: string,
  things: readonly Thing[],
  { pictures }: Dataset,
  find: FindMask,
  skipped: SkippedList,
  told: Breathe,
  { decode }: ImportTools,
): Promise<readonly ReferenceDraft[]> {
  const drafts: ReferenceDraft[] = [];
  for (const [done, thing] of things.entries()) {
    await told(done, things.length);
    const file = pictures[thing.picture];
    if (!file) continue;
    const name = nameOf(file.path);
    const mask = await find(thing);
    if (typeof mask === "string") {
      skipped.add(mask, name);
      continue;
    }
    const { width, height, runs } = mask;
    const given = { width, height, masks: [{ className, runs }] };
    const made = await orSkipped(name, skipped, async () => {
      const image = await decode(file);
      return draftPlacedMasks(image, placeGivenMasks(image, given, name), name);
    });
    drafts.push(...(made ?? []));
  }
  return drafts;
}

async function draftLocalised(
  things: readonly Thing[],
  { pictures }: Dataset,
  skipped: SkippedList,
  told: Breathe,
  { describe, decode }: ImportTools,
): Promise<readonly ReferenceDraft[]> {
  const seen: { readonly file: DatasetFile; readonly sighting: Sighting }[] = [];
  for (const [done, { picture }] of things.entries()) {
    await told(done, things.length);
    const file = pictures[picture];
    if (!file) continue;
    const sighting = await orSkipped(nameOf(file.path), skipped, async () => sightingOf(await describe(file)));
    if (sighting) seen.push({ file, sighting });
  }
  const choices = localise(
    seen.map(({ sighting }) => sighting),
    null,
  );
  const drafts: ReferenceDraft[] = [];
  for (const [at, { file, sighting }] of seen.entries()) {
    const place = sighting.proposals.indexOf(choices[at]?.proposal ?? -1);
    const runs = runsOfTarget({ kind: "proposal", proposal: place }, sighting.regions, sighting.regions, null);
    drafts.push({ ...(await makeExample(await decode(file), runs, nameOf(file.path))), source: "import" });
  }
  return drafts;
}

/** Those that the class does not have: a data set that is imported a second time adds what is missing. */
async function withoutKnown(
  name: string,
  drafts: readonly HashedDraft[],
  bank: Bank,
  skipped: SkippedList,
): Promise<readonly HashedDraft[]> {
  const key = nameKey(name);
  const pictures = new Set(drafts.map(({ picture }) => picture));
  const known =
    (await knownReferences(bank, new Set([key]), pictures)).get(key) ?? (new Map() satisfies KnownReferences);
  return drafts.filter(({ picture, crop, provenance }) => {
    const isNew = noteReference(known, picture, crop.runs);
    if (!isNew) skipped.add("things are among the references already", provenance);
    return isNew;
  });
}

/** Takes back classes of which the model has not seen everything. */
async function takeBackUnlearned(
  { bank, prepared }: ImportTools,
  taken: readonly ImportedClass[],
  step: Step | null,
  group: StepGroup,
): Promise<void> {
  const missing = new Set(bank.missingDescriptors(prepared.session.info.id).map(({ referenceId }) => referenceId));
  const unlearned = taken.filter(({ references }) => references.some((id) => missing.has(id)));
  if (step && unlearned.length === taken.length) {
    await bank.undo(step.id);
    return;
  }
  // They join the import's own step, which then says what is left of it.
  for (const imported of unlearned.toReversed()) await bank.apply(takeBackImport(imported), group);
}
