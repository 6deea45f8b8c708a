import { EngineError, type BankCalls } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import { runsOfTarget } from "../examples.ts";
import { makeExample } from "../references/sources/example.ts";

/** Classes and their references. */
export function bankCalls(core: EngineCore): BankCalls {
  return {
    bank: async () => core.use().bank.snapshot(),

    addClass: (name, job) =>
      core.job(null, job, async (context) => {
        const info = await core.use().learning.addClass(name);
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
        const { image, regions } = await core.describe(picture, context);
        const runs = runsOfTarget(target, regions, labelling.last(picture.id));
        const [added] = await bank.addReferences(id, [await makeExample(image, runs, picture.name)]);
        if (!added) throw new EngineError("class-missing", "The class of the example was removed.");
        await core.learn(context);
        return added;
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

    referenceImage: async (id) => core.use().bank.crop(id).image,
  };
}
