import type { NameCalls } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import type { Naming } from "../naming.ts";

/** Typed names and pictograms. What is asked while typing does not wait for what the queue is busy with. */
export function nameCalls(core: EngineCore): NameCalls {
  const naming = async (): Promise<Naming> => {
    await core.started;
    return core.use().naming;
  };
  return {
    addTypedClass: (typed, languages, job) =>
      core.job(null, job, async (context) => {
        const { naming, bank } = core.use();
        const { info, readings } = await naming.add(typed, languages);
        await core.learn(context);
        return { info: bank.snapshot().classes.find(({ id }) => id === info.id) ?? info, readings };
      }),

    suggestNames: async (text, languages) => (await naming()).suggest(text, languages),

    findPictograms: async (text, languages) => (await naming()).find(text, languages),

    pictogramImage: async (glyph) => (await naming()).image(glyph),

    changePictograms: (id, change, subcategory, job) =>
      core.job(null, job, async (context) => {
        const added = await core.use().naming.changeChosen(id, change, subcategory);
        await core.learn(context);
        return added;
      }),
  };
}
