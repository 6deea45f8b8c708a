import { EngineError, type BankCalls, type ClassId, type GivenMasks, type ImportedReference } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import { runsOfTarget } from "../examples.ts";
import type { Bank } from "../references/bank/bank.ts";
import type { ReferenceDraft } from "../references/bank/records.ts";
import { makeExample, shownPart } from "../references/sources/example.ts";
import { draftGivenMasks } from "../references/sources/given-masks.ts";

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

    restoreClass: (id) =>
      core.job(null, {}, async (context) => {
        const info = await core.use().bank.restoreClass(id);
        await core.learn(context);
        return info;
      }),

    addReference: (id, picture, target, job) =>
      core.job(null, job, async (context) => {
        const { bank, labelling } = core.use();
        // A mask that is known needs no regions: the picture may be one that was not looked at for long.
        const { image, regions } =
          target.kind === "mask"
            ? { image: await core.pictures.decode(picture, context), regions: null }
            : await core.describe(picture, context);
        const runs = runsOfTarget(target, image, regions, labelling.last(picture.id));
        const draft = await makeExample(image, runs, picture.name);
        const source = target.kind === "mask" ? target.source : draft.source;
        const [added] = await bank.addReferences(id, [{ ...draft, source }]);
        if (!added) throw new EngineError("class-missing", "The class of the example was removed.");
        await core.learn(context);
        return added;
      }),

    importReferences: (picture, given, job) =>
      core.job(null, job, async (context) => {
        const image = await core.pictures.decode(picture, context);
        const imported = await addGivenMasks(core.use().bank, given, await draftGivenMasks(image, given, picture.name));
        await core.learn(context);
        return imported;
      }),

    changeReference: (id, change) =>
      core.job(null, {}, async (context) => {
        await core.use().bank.changeReference(id, change);
        await core.learn(context);
      }),

    removeReference: async (id) => core.use().bank.removeReference(id),

    restoreReference: (id) =>
      core.job(null, {}, async (context) => {
        await core.use().bank.restoreReference(id);
        await core.learn(context);
      }),

    referenceImage: async (id) => shownPart(core.use().bank.crop(id)),
  };
}

/** Adds the drafts of given masks, in the order of the masks, to the classes that the masks name. */
async function addGivenMasks(
  bank: Bank,
  { masks }: GivenMasks,
  drafts: readonly ReferenceDraft[],
): Promise<readonly ImportedReference[]> {
  // All classes first: a name that cannot be taken leaves no half of a picture behind.
  const classes = new Map<string, ClassId>();
  for (const { className } of masks) {
    if (!classes.has(className)) classes.set(className, (await bank.addClass(className)).info.id);
  }
  const imported: ImportedReference[] = [];
  for (const [name, classId] of classes) {
    const places = masks.flatMap(({ className }, at) => (className === name ? [at] : []));
    const added = await bank.addReferences(
      classId,
      places.flatMap((at) => drafts[at] ?? []),
    );
    for (const [index, at] of places.entries()) {
      const info = added[index];
      if (info) imported[at] = { ...info, classId };
    }
  }
  return imported;
}
