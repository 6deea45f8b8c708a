import type { ClassInfo, TypedName } from "../../workers/contract.ts";
import { report, runJob } from "../store/jobs.ts";
import type { Action } from "./action.ts";
import { nameKey, parseTypedNames } from "./typed-names.ts";

/** The class of that name, if there is one already. */
function findByName(classes: readonly ClassInfo[], name: string): ClassInfo | null {
  return classes.find((entry) => nameKey(entry.name) === nameKey(name)) ?? null;
}

/** What the job is called that adds a class. */
export const addingLabel = (name: string): string => `Adding ${name}`;

/** Whether the bank has all of it: a known class is added to only by new sub-categories. */
function isKnown(classes: readonly ClassInfo[], { name, subcategories }: TypedName): boolean {
  const known = findByName(classes, name);
  if (!known) return false;
  const has = new Set(known.references.map(({ subcategory }) => nameKey(subcategory ?? "")));
  return subcategories.every((subcategory) => has.has(nameKey(subcategory)));
}

/**
 * Adds a class for every new name of a typed list, or for names that were chosen and are taken as they stand. What each
 * was taken for is kept to be shown. `quiet`: names that are there already need no mention.
 */
export const addClasses: Action<
  | { readonly text: string; readonly quiet?: boolean }
  | { readonly names: readonly TypedName[]; readonly quiet?: boolean }
> = {
  id: "add-classes",
  label: "Add classes",
  shortcut: null,
  isAvailable: ({ store }) => store.getState().phase !== "broken",
  async run({ engine, store, segmenter }, { quiet = false, ...wish }) {
    const { bank, languages } = store.getState();
    const names = "text" in wish ? parseTypedNames(wish.text) : wish.names;
    const fresh = names.filter((name) => !isKnown(bank.classes, name));
    if (!quiet && fresh.length < names.length) {
      const known = names.filter((name) => !fresh.includes(name)).map(({ name }) => name);
      store.getState().notify({ message: `${known.join(", ")}: already in your classes.` });
    }
    // All names first, then one look at the pictures, instead of one after each name.
    const release = segmenter.hold();
    for (const typed of fresh) {
      try {
        const { info, readings } = await runJob(store, { label: addingLabel(typed.name) }, (job) =>
          engine.addTypedClass(typed, languages, job),
        );
        store.getState().takeReadings(info.id, readings);
      } catch (cause) {
        report(store, cause);
      }
    }
    release();
  },
};

/** Moves the keyboard to where class names are typed. */
export const typeClasses: Action = {
  id: "type-classes",
  label: "Type class names",
  shortcut: "/",
  isAvailable: addClasses.isAvailable,
  run({ store, page }) {
    store.getState().setView({ tab: "classes" });
    page.focusClassField();
  },
};
