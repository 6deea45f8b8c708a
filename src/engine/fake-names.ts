import {
  EngineError,
  type ClassId,
  type ClassInfo,
  type JobOptions,
  type NameCalls,
  type NameReading,
  type ReferenceInfo,
  type Stage,
} from "../../workers/contract.ts";

/** What the fake engine lends to its families of calls. */
export interface FakeParts {
  readonly calls: string[];
  readonly drawing: Blob;
  readonly pass: (stages: readonly Stage[], subject: string, job?: JobOptions) => Promise<void>;
  readonly newClass: (name: string, references: readonly ReferenceInfo[]) => ClassInfo;
  readonly classOf: (id: ClassId) => ClassInfo;
  readonly replaceClass: (changed: ClassInfo) => ClassInfo;
  readonly reference: (source: ReferenceInfo["source"], provenance: string) => ReferenceInfo;
}

const isKnown = (typed: string): boolean => !typed.startsWith("unknown");

/** A name that begins with "unknown" has no pictogram; "misspelt dog" is taken for "dog". */
export function fakeNameCalls(parts: FakeParts): NameCalls {
  const { calls, drawing, pass, newClass, classOf, replaceClass, reference } = parts;
  const pictogram = (provenance: string, subcategory: string | null): ReferenceInfo => ({
    ...reference("pictogram", provenance),
    subcategory,
  });
  const readingOf = (typed: string, subcategory: string | null): NameReading => {
    if (!isKnown(typed)) return { typed, subcategory, match: "none", took: "" };
    const took = typed.replace(/^misspelt /u, "");
    return { typed, subcategory, match: took === typed ? "name" : "spelling", took };
  };

  return {
    async addTypedClass({ name, subcategories }, _languages, job) {
      calls.push(`addTypedClass ${name}`);
      await pass(["embed-references"], name, job);
      if (name.trim() === "") throw new EngineError("class-invalid", "A class needs a name.");
      const own = isKnown(name)
        ? ["front", "side", "outline"].map((glyph) => pictogram(`${name}, ${glyph}`, null))
        : [];
      const parted = subcategories.filter(isKnown).map((subcategory) => pictogram(subcategory, subcategory));
      return {
        info: newClass(name, [...own, ...parted]),
        readings: [readingOf(name, null), ...subcategories.map((typed) => readingOf(typed, typed))],
      };
    },
    suggestNames: (text) =>
      Promise.resolve(
        ["dog", "donut", "door"]
          .filter((name) => name.startsWith(text.trim()))
          .map((name) => ({ name, meaning: "", pictograms: [{ glyph: name, label: name }] })),
      ),
    findPictograms: (text) => Promise.resolve([{ glyph: text, label: text }]),
    pictogramImage: () => Promise.resolve(drawing),
    async changePictograms(id, { add, remove }, subcategory, job) {
      calls.push(`changePictograms ${add.join(" ")}`);
      await pass(["embed-references"], add.join(" "), job);
      const added = add.map((glyph) => pictogram(`${glyph} ${glyph}`, subcategory));
      const owner = classOf(id);
      const kept = owner.references.filter((one) => !remove.includes(one.id));
      replaceClass({ ...owner, references: [...kept, ...added] });
      return added;
    },
  };
}
