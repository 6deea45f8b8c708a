import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PictogramAnswers } from "./pictogram-answers.ts";

const folder = new URL("../../public/models/starter/", import.meta.url);
const card = JSON.parse(readFileSync(new URL("model.json", folder), "utf8")) as {
  readonly dimensions: number;
  readonly pictograms: { readonly file: string; readonly glyphs: string };
};

function shipped(): PictogramAnswers {
  const file = readFileSync(new URL(card.pictograms.file, folder));
  const bytes = new Uint8Array(file).buffer;
  return new PictogramAnswers(card.pictograms.glyphs.split(" "), card.dimensions, bytes);
}

const COMMON = [..."🌲🌳🌊🔥🏠🏙🚪🪟🪑🛋🛏💡📦🧺☕🍽🍳🍎🍞🎂🧑🧒🧍👕👖👟🐕🐈🐦🐎🚗🚌🚲⛵✈🕒📱🖥⌨📕🔧⚽🧸"];

const cosine = (a: Float32Array, b: Float32Array): number => {
  const dot = (u: Float32Array, v: Float32Array): number => u.reduce((sum, one, at) => sum + one * (v[at] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

describe("the answers on pictograms that ship with the starter", () => {
  it("are there for every common pictogram, and differ from one another", () => {
    const answers = shipped();
    const known = COMMON.map((glyph) => answers.of(glyph));
    expect(known.filter((one) => one === null)).toEqual([]);
    expect(new Set(known.map((one) => one?.join(" "))).size).toBe(COMMON.length);
  });

  it("are more alike for a dog's face and a dog than for a dog's face and a car", () => {
    const answers = shipped();
    const of = (glyph: string): Float32Array => answers.of(glyph) ?? new Float32Array(card.dimensions);
    expect(cosine(of("🐶"), of("🐕"))).toBeGreaterThan(cosine(of("🐶"), of("🚗")) + 0.1);
  });
});
