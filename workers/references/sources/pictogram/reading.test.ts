import { describe, expect, it } from "vitest";
import type { NameLanguage } from "../../../contract.ts";
import { everydayGlyphs } from "./everyday.ts";
import { withoutSelectors } from "./glyph-index.ts";
import { loadVocabulary, readName, readSubcategory } from "./reading.ts";
import { findPictograms, suggestNames } from "./suggest.ts";

const english = await loadVocabulary([]);

async function read(name: string, ...languages: readonly NameLanguage[]) {
  const { match, took, glyphs } = readName(await loadVocabulary(languages), name);
  return { match, took, glyphs: glyphs.map(({ glyph }) => withoutSelectors(glyph)) };
}

describe("a typed name", () => {
  it.each([
    ["dogs", "name", "dog", "🐕"],
    ["puppy", "synonym", "dog", "🐕"],
    ["puppies", "synonym", "dog", "🐕"],
    ["pet", "association", "dog face, dog, cat face, …", "🐶"],
    ["dgo", "spelling", "dog", "🐕"],
    ["frisbe", "spelling", "frisbee", "🥏"],
    ["trafic light", "spelling", "traffic light", "🚦"],
    ["bananna", "spelling", "banana", "🍌"],
    ["skatebord", "spelling", "skateboard", "🛹"],
    ["umbrela", "spelling", "umbrella", "☂"],
  ])("%j is read by its %s as %j", async (typed, match, took, first) => {
    const reading = await read(typed);
    expect(reading).toMatchObject({ match, took });
    expect(reading.glyphs[0]).toBe(first);
  });

  it.each(["shelf", "floor", "rug", "zorblax", "microwave", "sand", "hair drier", "toaster", "pillow", "stairs"])(
    "%j is not taken for a word that is spelt alike",
    async (typed) => {
      expect(await read(typed)).toEqual({ match: "none", took: "", glyphs: [] });
    },
  );
});

describe("a name in another language", () => {
  it.each([
    ["de", "Hund", "name", "Hund", "🐕"],
    ["de", "Hunde", "spelling", "Hund", "🐕"],
    ["de", "Stuhl", "name", "Stuhl", "🪑"],
    ["de", "Katze", "name", "Katze", "🐈"],
    ["fr", "chien", "name", "chien", "🐕"],
    ["fr", "velo", "name", "vélo", "🚲"],
    ["es", "perro", "name", "perro", "🐕"],
    ["es", "manzana", "association", "red apple, green apple", "🍎"],
    ["ja", "犬", "association", "dog face, dog, guide dog, …", "🐶"],
    ["ru", "собака", "name", "собака", "🐕"],
    ["hi", "कुत्ता", "name", "कुत्ता", "🐕"],
  ] as const)("%s: %j is read by its %s as %j", async (language, typed, match, took, first) => {
    const reading = await read(typed, language);
    expect([reading.match, reading.took, reading.glyphs[0]]).toEqual([match, took, first]);
  });

  it("is not understood while the language is switched off", async () => {
    expect((await read("Hund")).match).toBe("none");
    expect((await read("Hund", "fr")).match).toBe("none");
  });

  it("brings all that the thing's English name stands for", async () => {
    expect((await read("Hund", "de")).glyphs).toEqual(["🐕", "🐶", "🦮", "🐩", "🐕‍🦺"]);
  });

  it("does not take an English name from its meaning", async () => {
    expect((await read("gift", "de")).glyphs[0]).toBe("🎁");
  });
});

describe("a sub-category", () => {
  it.each([
    ["dog", "poodle", "🐩"],
    ["bear", "polar", "🐻‍❄"],
    ["cat", "black", "🐈‍⬛"],
    ["flag", "France", "🇫🇷"],
    ["ball", "soccer", "⚽"],
  ])("of %s, %j, is shown by %s", (name, subcategory, glyph) => {
    const [first] = readSubcategory(english, name, subcategory).glyphs;
    expect(withoutSelectors(first?.glyph ?? "")).toBe(glyph);
  });

  it.each([
    ["dog", "corgi"],
    ["car", "red"],
    ["chair", "wooden"],
  ])("of %s, %j, has no pictogram, rather than those of the whole class", (name, subcategory) => {
    expect(readSubcategory(english, name, subcategory).match).toBe("none");
  });
});

describe("suggestions", () => {
  const names = (text: string): readonly string[] => suggestNames(english, text).map(({ name }) => name);

  it("put what is typed first, then what begins so, and never more than six", () => {
    expect(names("car")[0]).toBe("car");
    expect(names("ca").every((name) => /\bca/iu.test(name))).toBe(true);
    expect(names("c")).toHaveLength(6);
  });

  it("show pictograms, and what a synonym stands for", () => {
    const [puppy] = suggestNames(english, "pupp");
    expect(puppy).toMatchObject({ name: "puppy", meaning: "dog" });
    expect(puppy?.pictograms.map(({ label }) => label)).toEqual(["dog", "dog face", "guide dog"]);
  });

  it("find a name that is misspelt, and nothing for nonsense or nothing", () => {
    expect(names("frisbe ")).toEqual(["frisbee"]);
    expect(names("zorblax")).toEqual([]);
    expect(names("  ")).toEqual([]);
  });

  it("speak the languages that are switched on", async () => {
    const german = await loadVocabulary(["de"]);
    expect(suggestNames(german, "Schmetter")[0]?.pictograms[0]?.label).toBe("butterfly");
    expect(names("Schmetter")).toEqual([]);
  });

  it("never offer a name that would not be found", () => {
    for (const name of everydayGlyphs.keys()) {
      expect(suggestNames(english, name)[0]?.pictograms.length).toBeGreaterThan(0);
    }
  });
});

describe("pictograms to choose from", () => {
  const labels = (text: string): readonly string[] => findPictograms(english, text).map(({ label }) => label);

  it("begin with what the name would take, and go on to whatever has the word", () => {
    expect(labels("dog").slice(0, 3)).toEqual(["dog", "dog face", "guide dog"]);
    expect(labels("dog")).toContain("hot dog");
    expect(labels("racing")).toContain("racing car");
  });

  it("are each listed once, and none for no text", () => {
    const found = findPictograms(english, "face").map(({ glyph }) => glyph);
    expect(new Set(found).size).toBe(found.length);
    expect(labels(" ")).toEqual([]);
  });
});
