import { array, assert, constantFrom, double, integer, property, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { type CandidateRegions, chooseByConsensus } from "./consensus.ts";

const DIMENSIONS = 4;

/** A unit vector along one axis, leaning a little towards another. */
function towards(axis: number, leaning = 0): number[] {
  const row = [0, 0, 0, 0];
  row[axis] = Math.sqrt(1 - leaning * leaning);
  row[(axis + 1) % DIMENSIONS] = leaning;
  return row;
}

const rows = (vectors: readonly (readonly number[])[]) => ({
  count: vectors.length,
  dimensions: DIMENSIONS,
  data: Float32Array.from(vectors.flat()),
});

const picture = (vectors: readonly (readonly number[])[], objectness: readonly number[]): CandidateRegions => ({
  descriptors: rows(vectors),
  centred: rows(vectors),
  objectness: Float32Array.from(objectness),
});

describe("several pictures", () => {
  test("agree on what all of them show, wherever it stands in each list and however salient other things are", () => {
    const pictures = [
      picture([towards(0), towards(1), towards(2)], [0.9, 0.5, 0.2]),
      picture([towards(3), towards(2, 0.2), towards(1, 0.2)], [0.9, 0.2, 0.5]),
      picture([towards(1, 0.3), towards(3, 0.5)], [0.5, 0.9]),
    ];
    expect(chooseByConsensus(pictures)).toEqual([1, 2, 0]);
  });

  test("prefer, of what all have in common, the things to the ground", () => {
    const pictures = [0, 1, 2].map(() => picture([towards(0), towards(2)], [0.1, 0.8]));
    expect(chooseByConsensus(pictures)).toEqual([1, 1, 1]);
  });

  test("are not disturbed by one without any candidate", () => {
    const shared = [towards(0), towards(1)];
    const objectness = [0.2, 0.8];
    const pictures = [picture(shared, objectness), picture([], []), picture(shared, objectness)];
    expect(chooseByConsensus(pictures)).toEqual([1, -1, 1]);
  });
});

test("one picture alone gives its most salient candidate", () => {
  expect(chooseByConsensus([picture([towards(0), towards(1), towards(2)], [0.3, 0.9, 0.5])])).toEqual([1]);
});

test("references of the class outweigh what is more salient", () => {
  const one = picture([towards(0), towards(1), towards(2)], [0.3, 0.9, 0.5]);
  expect(chooseByConsensus([one], rows([towards(0, 0.1), towards(0, 0.2)]))).toEqual([0]);
});

test("what all of a picture has in common counts for references and not for other pictures", () => {
  const common = picture([towards(0), towards(1)], [0.5, 0.5]);
  const centred = { ...common, centred: rows([towards(2), towards(3)]) };
  const other = { ...picture([towards(0), towards(0)], [0.5, 0.5]), centred: rows([towards(3), towards(3, 0.1)]) };
  expect(chooseByConsensus([centred, other])[0]).toBe(1);
  expect(chooseByConsensus([centred], rows([towards(0)]))[0]).toBe(0);
});

test("the order of the pictures makes no difference", () => {
  const vector = tuple(integer({ min: 0, max: 3 }), constantFrom(0, 0.1, 0.3, 0.6)).map(([axis, leaning]) =>
    towards(axis, leaning),
  );
  const candidates = array(tuple(vector, double({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 6 }).map(
    (list) =>
      picture(
        list.map(([row]) => row),
        list.map(([, objectness]) => objectness),
      ),
  );
  assert(
    property(array(candidates, { minLength: 2, maxLength: 5 }), (pictures) => {
      const reversed = chooseByConsensus(pictures.toReversed()).toReversed();
      const chosen = chooseByConsensus(pictures);
      for (const [at, index] of chosen.entries()) {
        const other = reversed[at] ?? -1;
        // Sums in another order may differ in the last bit, and then a tie falls the other way.
        const alike = (row: number): string => {
          const { descriptors, objectness } = pictures[at] ?? picture([], []);
          const values = descriptors.data.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
          return `${[...values].join(" ")} ${objectness[row]?.toFixed(6)}`;
        };
        expect(index === other || alike(index) === alike(other)).toBe(true);
      }
    }),
  );
});
