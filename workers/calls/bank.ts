import { EngineError, type BankCalls, type ExampleTarget, type PictureSource, type Step } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import { runsOfTarget } from "../examples.ts";
import type { StageContext } from "../pictures.ts";
import type { Bank } from "../references/bank/bank.ts";
import type { ReferenceDraft } from "../references/bank/records.ts";
import { makeExample, shownPart } from "../references/sources/example.ts";
import { importReferences } from "./import-references.ts";

/** Classes and their references. */
export function bankCalls(core: EngineCore): BankCalls {
  return {
    bank: async () => core.use().bank.snapshot(),

    addClass: (name, job) =>
      core.job(null, job, async (context) => {
        const info = await core.use().naming.addPlain(name);
        await core.learn(context);
        return info;
      }),

    changeClass: async (id, change) => core.use().bank.changeClass(id, change),

    removeClass: async (id) => core.use().bank.removeClass(id),

    mergeClasses: async (into, from) => core.use().bank.mergeClasses(into, from),

    splitClass: async (references, name) => core.use().bank.splitClass(references, name),

    addReference: (id, picture, target, job) =>
      core.job(null, job, async (context) => {
        const draft = await draftOf(core, picture, target, context);
        const [added] = await core.use().bank.addReferences(id, [draft]);
        if (!added) throw new EngineError("class-missing", "The class of the example was removed.");
        await core.learn(context);
        return added;
      }),

    importReferences: (picture, given, job) =>
      core.job(null, job, (context) => importReferences(core, picture, given, context)),

    changeReferences: (ids, change) =>
      core.job(null, {}, async (context) => {
        const step = await core.use().bank.changeReferences(ids, change);
        await core.learn(context);
        return step;
      }),

    removeReferences: async (ids) => core.use().bank.removeReferences(ids),

    correctReference: (id, picture, target, job) =>
      core.job(null, job, async (context) => {
        const draft = await draftOf(core, picture, target, context);
        const corrected = await core.use().bank.replaceReference(id, draft);
        await core.learn(context);
        return corrected;
      }),

    undo: (step) => stepping(core, (bank) => bank.undo(step)),

    redo: () => stepping(core, (bank) => bank.redo()),

    referenceImage: async (id) => shownPart(await core.use().bank.crop(id)),
  };
}

/** Undoes or redoes, and shows the model what may have come back without descriptors. */
function stepping(core: EngineCore, move: (bank: Bank) => Promise<Step | null>): Promise<Step | null> {
  return core.job(null, {}, async (context) => {
    const step = await move(core.use().bank);
    await core.learn(context);
    return step;
  });
}

/** A part of a picture as a reference that is not in the bank yet. */
async function draftOf(
  core: EngineCore,
  picture: PictureSource,
  target: ExampleTarget,
  context: StageContext,
): Promise<ReferenceDraft> {
  // A mask that is known needs no regions: the picture may be one that was not looked at for long, or never.
  const { image, regions } =
    target.kind === "mask" || target.kind === "whole"
      ? { image: await core.pictures.decode(picture, context), regions: null }
      : await core.describe(picture, context);
  const runs = runsOfTarget(target, image, regions, core.use().labelling.last(picture.id));
  const draft = await makeExample(image, runs, picture.name);
  return target.kind === "mask" ? { ...draft, source: target.source } : draft;
}
