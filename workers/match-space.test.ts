import { describe, expect, it } from "vitest";
import type { ClassId, ReferenceId } from "./contract.ts";
import { whiten, whitenTokens } from "./features/whitening.ts";
import { MatchSpaces, unitsIn } from "./match-space.ts";
import type { ModelProfile } from "./model-profile.ts";
import type { ClassParts } from "./references/bank/bank.ts";
import { randomNumbers, seededRandom } from "./seeded-random.ts";

const SIZE = 4;
const identity = {
  mean: new Float32Array(SIZE),
  matrix: Float32Array.from({ length: SIZE * SIZE }, (_, at) => Number(at % (SIZE + 1) === 0)),
};
const profile: ModelProfile = { photo: identity, pictogram: identity, isGuess: true };
const random = seededRandom(5);

type Part = ClassParts["parts"][number];

function part(reference: string): Part {
  const vector = Float32Array.from(randomNumbers(SIZE, random), (value, d) => value * (d + 1));
  return { referenceId: reference as ReferenceId, domain: "photo", vector, inside: true, patches: 3 };
}

const parts = Array.from({ length: 16 }, (_, at) => part(`r${Math.floor(at / 2)}`));
const classOf = (name: string, some: readonly Part[]): ClassParts => ({ classId: name as ClassId, parts: some });

describe("the space of a match", () => {
  it("is that of the model as long as there are no photographs", () => {
    const space = new MatchSpaces().of([classOf("dog", [])], profile);
    expect(space).toEqual({ photo: identity, pictogram: identity, again: null });
  });

  it("is that of the model where it brought statistics of its own", () => {
    const own = { ...profile, isGuess: false };
    const space = new MatchSpaces().of([classOf("dog", parts)], own);
    expect(space).toEqual({ photo: identity, pictogram: identity, again: null });
  });

  it("stays the same until a class has twice the references, and follows when one of them goes", () => {
    const spaces = new MatchSpaces();
    const four = spaces.of([classOf("dog", parts.slice(0, 8))], profile);
    for (const count of [10, 12, 14]) {
      expect(spaces.of([classOf("dog", parts.slice(0, count))], profile)).toBe(four);
    }
    const eight = spaces.of([classOf("dog", parts)], profile);
    expect(eight).not.toBe(four);
    expect(spaces.of([classOf("dog", parts.slice(2))], profile)).not.toBe(eight);
  });

  it("depends on what is in the bank alone, not on how it came there", () => {
    const grown = new MatchSpaces();
    for (const count of [2, 6, 12]) grown.of([classOf("dog", parts.slice(0, count))], profile);
    const last = grown.of([classOf("dog", parts.slice(0, 14))], profile);
    expect(new MatchSpaces().of([classOf("dog", parts.slice(0, 14))], profile)).toEqual(last);
  });

  it("has the rows of pictures where it has those of references", () => {
    const space = new MatchSpaces().of([classOf("dog", parts)], profile);
    const data = Float32Array.from(parts.flatMap(({ vector }) => [...vector]));
    const seen = whitenTokens({ rows: parts.length, columns: 1, dimensions: SIZE, data }, profile.photo);
    const pictures = unitsIn(space, { count: parts.length, dimensions: SIZE, data: seen.data }).data;
    const references = whiten({ count: parts.length, dimensions: SIZE, data }, space.photo).data;
    for (const [at, value] of references.entries()) expect(pictures[at]).toBeCloseTo(value, 4);
  });

  it("leaves masks that cover nothing at zero", () => {
    const space = new MatchSpaces().of([classOf("dog", parts)], profile);
    const { data } = unitsIn(space, { count: 1, dimensions: SIZE, data: new Float32Array(SIZE) });
    expect([...data]).toEqual([0, 0, 0, 0]);
  });
});
