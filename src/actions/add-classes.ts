import type { ClassInfo } from "../../workers/contract.ts";
import { report, runJob } from "../store/jobs.ts";
import type { Action } from "./action.ts";

/** Equal for names that a person would call the same. */
const nameKey = (name: string): string => name.normalize("NFKC").trim().toLocaleLowerCase();

/** The names in a typed list, separated by commas, semicolons or line breaks; each once, in order. */
export function parseNames(text: string): readonly string[] {
  const names = new Map<string, string>();
  for (const part of text.split(/[,;\n\r，、؛،]+/u)) {
    const name = part.trim();
    if (name !== "" && !names.has(nameKey(name))) names.set(nameKey(name), name);
  }
  return [...names.values()];
}

/** The class of that name, if there is one already. */
function findByName(classes: readonly ClassInfo[], name: string): ClassInfo | null {
  return classes.find((entry) => nameKey(entry.name) === nameKey(name)) ?? null;
}

/** Adds a class for every new name of a typed list. `quiet`: names that are there already need no mention. */
export const addClasses: Action<{ readonly text: string; readonly quiet?: boolean }> = {
  id: "add-classes",
  label: "Add classes",
  shortcut: null,
  isAvailable: ({ store }) => store.getState().phase !== "broken",
  async run({ engine, store, segmenter }, { text, quiet = false }) {
    const { classes } = store.getState().bank;
    const names = parseNames(text);
    const fresh = names.filter((name) => findByName(classes, name) === null);
    if (!quiet && fresh.length < names.length) {
      const known = names.filter((name) => !fresh.includes(name));
      store.getState().notify({ message: `${known.join(", ")}: already in your classes.` });
    }
    // All names first, then one look at the pictures, instead of one after each name.
    const release = segmenter.hold();
    for (const name of fresh) {
      try {
        await runJob(store, { label: `Adding ${name}` }, (job) => engine.addClass(name, job));
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
