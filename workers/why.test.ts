import { describe, expect, test } from "vitest";
import type { ClassId, ReferenceId, RegionIndex } from "./contract.ts";
import { regionSetOfTree } from "./imaging/region-set.ts";
import type { Labelled } from "./labelling.ts";
import { compose, labelRegions, OTHER_FLOOR } from "./matching/compose.ts";
import { classListsOnCpu } from "./matching/lists/class-lists.cpu.ts";
import { CpuMatcher, DEFAULT_PARAMETERS } from "./matching/matcher.ts";
import { buildReferenceTable } from "./matching/reference-table.ts";
import { tableWithout } from "./matching/table-without.ts";
import { explainRegion, whatIfWithout } from "./why.ts";

const NO_WHITENING = { mean: new Float32Array(0), matrix: new Float32Array(0) };
const NO_SPACE = { photo: NO_WHITENING, pictogram: NO_WHITENING, again: null };

const [dog, cat] = ["dog" as ClassId, "cat" as ClassId];
const [first, second, third] = ["r1" as ReferenceId, "r2" as ReferenceId, "r3" as ReferenceId];
const unit = (...numbers: number[]): Float32Array => {
  const length = Math.hypot(...numbers);
  return Float32Array.from(numbers, (value) => value / length);
};

/** Two halves of a picture: one like the dog's first reference, one like the surroundings of the cat's. */
const regions = regionSetOfTree(
  8,
  4,
  {
    leaves: 2,
    parent: Int32Array.from([2, 2, -1]),
    leafMap: Uint16Array.from({ length: 32 }, (_, at) => (at % 8 < 4 ? 0 : 1)),
  },
  new Float32Array(3),
);
const table = buildReferenceTable(
  4,
  [[unit(1, 0, 0, 0), unit(0.2, 1, 0, 0)], [unit(0.5, 0, 0.6, 0)]],
  [[unit(0, 0, 0.1, 1)]],
);
const descriptors = {
  count: 3,
  dimensions: 4,
  data: Float32Array.from([...unit(1, 0.1, 0.2, 0), ...unit(0.1, 0, 0.2, 1), ...unit(1, 0.1, 0.4, 1)]),
};

async function labelled(): Promise<Labelled> {
  const result = await new CpuMatcher().match(descriptors, table, DEFAULT_PARAMETERS);
  const composition = compose(regions, result, table.anchorsFrom);
  const { classes, classMap } = labelRegions(composition, 0);
  return {
    width: 8,
    height: 4,
    classes: [dog, cat],
    regionMap: composition.regionMap,
    classMap,
    regions: composition.regions.map((region, index) => ({
      index: index as RegionIndex,
      classId: [dog, cat][classes[index] ?? -1] ?? null,
      score: region.score,
      margin: region.margin,
      confidence: region.confidence,
      runnerUp: null,
      correction: null,
      nearest: [],
      area: region.area,
      box: { x: 0, y: 0, width: 4, height: 4 } as Labelled["regions"][number]["box"],
    })),
    match: {
      table,
      classes: [dog, cat],
      names: ["dog", "cat", "surroundings"],
      references: [first, second, third, null],
      anchors: [third],
      discriminant: null,
      trust: 0,
      lesson: { classes: [], samples: [], discriminant: null, trust: 0 },
      space: NO_SPACE,
    },
    result,
    units: descriptors,
    descriptors,
    gains: null,
    nodes: composition.regions.map(({ node }) => node),
  };
}

const LEFT = 0 as RegionIndex;
const RIGHT = 1 as RegionIndex;
const breathe = (): Promise<void> => Promise.resolve();

describe("why a region has its class", () => {
  test("candidates come the best first, each with what its references score under all of them", async () => {
    const picture = await labelled();
    expect(picture.regions.map(({ classId }) => classId)).toEqual([dog, null]);
    const { candidates, nearest, floor } = explainRegion(picture, LEFT);
    expect(candidates.map(({ name }) => name)).toEqual(["dog", "cat", "surroundings"]);
    const scores = candidates.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    const lists = classListsOnCpu(table);
    candidates[1]?.expected.forEach((value, place) => expect(value).toBeCloseTo(lists[3 + place] ?? NaN));
    expect(candidates[0]?.expected).toHaveLength(3);
    expect(nearest.map(({ reference }) => reference)).toEqual([first, third, second]);
    expect(floor).toBe(OTHER_FLOOR);
  });

  test("surroundings that win are named by the reference whose they are", async () => {
    const { candidates } = explainRegion(await labelled(), RIGHT);
    expect(candidates[0]).toMatchObject({ classId: null, surroundingsOf: third, expected: [] });
  });

  test("a region that is gone is refused by its code", async () => {
    const picture = await labelled();
    expect(() => explainRegion(picture, 9 as RegionIndex)).toThrow(expect.objectContaining({ code: "region-missing" }));
  });
});

describe("what would change a region", () => {
  const ask = async (region: RegionIndex) =>
    whatIfWithout(await labelled(), regions, region, 0, { matcher: new CpuMatcher() }, { breathe });

  test("is what the match gives without each of its references and without its class", async () => {
    const answers = await ask(LEFT);
    expect(answers.map(({ without }) => without)).toEqual([
      { kind: "reference", reference: first },
      { kind: "reference", reference: second },
      { kind: "class", classId: dog },
    ]);
    // Without the reference that it is like, and without the class, the cat is next; the other reference is no matter.
    expect(answers.map(({ classId }) => classId)).toEqual([cat, dog, cat]);
    expect(answers.every(({ share }) => share === 1)).toBe(true);
  });

  test("agrees with a table that was never given the reference", async () => {
    const reduced = buildReferenceTable(4, [[unit(0.2, 1, 0, 0)], [unit(0.5, 0, 0.6, 0)]], [[unit(0, 0, 0.1, 1)]]);
    expect(tableWithout(table, new Set([0]))).toEqual(reduced);
  });

  test("of one that surroundings made other is asked without those", async () => {
    const answers = await ask(RIGHT);
    expect(answers.map(({ without }) => without.kind)).toEqual(["surroundings"]);
  });
});
