import { describe, expect, it } from "vitest";
import { anchors } from "./anchors.ts";
import { aliases, everydayGlyphs } from "./everyday.ts";
import { loadGlyphIndex, withoutSelectors } from "./glyph-index.ts";
import { findGlyphs, GLYPH_LIMIT } from "./lookup.ts";
import { singular } from "./words.ts";

const glyphsFor = async (name: string): Promise<readonly string[]> =>
  (await findGlyphs(name)).map(({ glyph }) => withoutSelectors(glyph));

/** Name, and the glyphs that must come first. */
const NAMES: readonly (readonly [string, string])[] = [
  ["dog", "🐕 🐶 🦮 🐩"],
  ["Dogs", "🐕 🐶 🦮 🐩"],
  ["puppy", "🐕"],
  ["cat", "🐈 🐱"],
  ["person", "🧍 🚶"],
  ["people", "🧍 🚶"],
  ["car", "🚗 🚙"],
  ["red car", "🚗 🚙"],
  ["tv", "📺"],
  ["television", "📺"],
  ["sports ball", "⚽ 🏀"],
  ["potted plant", "🪴"],
  ["cell phone", "📱"],
  ["mobile phone", "📱"],
  ["frisbee", "🥏"],
  ["couch", "🛋"],
  ["sofas", "🛋"],
  ["teddy bear", "🧸"],
  ["bear", "🐻"],
  ["dining table", "🍽"],
  ["hot dog", "🌭"],
  ["orange", "🍊"],
  ["broccoli", "🥦"],
  ["stop sign", "🛑"],
  ["traffic light", "🚦 🚥"],
  ["wine glasses", "🍷"],
  ["glasses", "👓"],
  ["knives", "🔪"],
  ["skis", "🎿"],
  ["key board", "⌨"],
  ["tshirt", "👕"],
  ["wooden chairs", "🪑"],
  ["strawberries", "🍓"],
  ["whale", "🐋 🐳"],
  ["bee", "🐝"],
  ["soup", "🍲"],
  ["toothbrush", "🪥"],
  ["airplane", "✈"],
  ["aeroplane", "✈"],
  ["sheep", "🐑"],
  ["grass", "🌱"],
  ["child", "🧒"],
  ["man", "👨"],
  ["woman", "👩"],
  ["milk", "🥛"],
  ["red heart", "❤"],
  ["flag: France", "🇫🇷"],
  ["🦓", "🦓"],
];

describe("a typed name", () => {
  it.each(NAMES)("%j is shown by %s first", async (name, wanted) => {
    const first = wanted.split(" ");
    expect((await glyphsFor(name)).slice(0, first.length)).toEqual(first);
  });

  it.each(["", "   ", "xyzzy", "dogg", "red", "sand", "happy", "sea lion", "banana peel", "hair drier", "microwave"])(
    "%j has no glyph, rather than a far-fetched one",
    async (name) => {
      expect(await findGlyphs(name)).toEqual([]);
    },
  );

  it.each([
    ["dog", "🌭"],
    ["bear", "🧸"],
    ["orange", "🧡"],
    ["car", "🚃"],
    ["cat", "😺"],
    ["ear", "🌽"],
    ["bench", "💪"],
  ])("%j is not shown by %s, which only shares the word", async (name, wrong) => {
    expect(await glyphsFor(name)).not.toContain(wrong);
  });

  it.each(["animal", "food", "flower", "clock", "person"])("%j takes a few glyphs, each once", async (name) => {
    const glyphs = await glyphsFor(name);
    expect(glyphs.length).toBeGreaterThan(3);
    expect(glyphs.length).toBeLessThanOrEqual(GLYPH_LIMIT);
    expect(new Set(glyphs).size).toBe(glyphs.length);
  });

  it("never takes a skin tone", async () => {
    const lists = await Promise.all(["hand", "person", "ear", "waving hand", "child"].map(glyphsFor));
    expect(lists.flat().filter((glyph) => /[\u{1f3fb}-\u{1f3ff}]/u.test(glyph))).toEqual([]);
  });

  it("says how it led to each glyph", async () => {
    expect(await findGlyphs("puppies")).toContainEqual({ glyph: "🐶", label: "dog face", matchedBy: "everyday" });
    expect((await findGlyphs("banana"))[0]).toEqual({ glyph: "🍌", label: "banana", matchedBy: "label" });
    expect((await findGlyphs("pet"))[0]?.matchedBy).toBe("tag");
  });
});

describe("the tables", () => {
  it("hold only glyphs of the bundled list", async () => {
    const { byGlyph } = await loadGlyphIndex();
    const all = [...everydayGlyphs.values(), anchors.map(({ glyph }) => glyph)].flat();
    expect(all.filter((glyph) => !byGlyph.has(withoutSelectors(glyph)))).toEqual([]);
  });

  it("list no name twice", () => {
    const rows = [...everydayGlyphs.keys(), ...aliases.keys()];
    expect(rows.length).toBe(new Set(rows).size);
  });

  it("lead every other word to a name that has glyphs", async () => {
    const found = await Promise.all([...new Set(aliases.values())].map(async (name) => [name, await glyphsFor(name)]));
    expect(found.filter(([, glyphs]) => glyphs?.length === 0).map(([name]) => name)).toEqual([]);
  });

  it("hold names in lower case and singular, as they are looked up", () => {
    const names = [...everydayGlyphs.keys()].filter((name) => !["glasses", "skis", "jeans"].includes(name));
    expect(names.filter((name) => name !== name.toLowerCase() || singular(name) !== name)).toEqual([
      "clothes",
      "pants",
      "trousers",
    ]);
  });
});

describe("anchors", () => {
  it("are about sixty to ninety different drawings under different names", () => {
    expect(anchors.length).toBeGreaterThan(60);
    expect(anchors.length).toBeLessThan(90);
    expect(new Set(anchors.map(({ name }) => name)).size).toBe(anchors.length);
    expect(new Set(anchors.map(({ glyph }) => glyph)).size).toBe(anchors.length);
  });
});
