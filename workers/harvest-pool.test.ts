import { describe, expect, test } from "vitest";
import type {
  ClassId,
  HarvestPicture,
  ImagePx,
  ModelId,
  PictureId,
  ReferenceId,
  ReferenceSource,
  RegionIndex,
} from "./contract.ts";
import { HarvestPool } from "./harvest-pool.ts";
import type { Labelled } from "./labelling.ts";
import type { MatchTable } from "./match-table.ts";
import { CpuMatcher, DEFAULT_PARAMETERS } from "./matching/matcher.ts";
import { buildReferenceTable } from "./matching/reference-table.ts";

const NO_WHITENING = { mean: new Float32Array(0), matrix: new Float32Array(0) };
const NO_SPACE = { photo: NO_WHITENING, pictogram: NO_WHITENING, again: null };

const [dog, cat] = ["dog" as ClassId, "cat" as ClassId];
const MODEL = "m" as ModelId;
const reference = "r1" as ReferenceId;
const table = buildReferenceTable(2, [[Float32Array.from([1, 0])], [Float32Array.from([0, 1])]]);
const match = {
  table,
  classes: [dog, cat],
  names: ["dog", "cat"],
  references: [reference, "r2" as ReferenceId],
  anchors: [],
  discriminant: null,
  trust: 0,
  lesson: { classes: [], samples: [], discriminant: null, trust: 0 },
  space: NO_SPACE,
};
const settings = { classes: [dog, cat], threshold: 0 };

/** Ten by ten pixels: the upper half is much like the dog's reference, the lower half like nothing much. */
async function labelled(classes: readonly ClassId[] = [dog, cat]): Promise<Labelled> {
  const descriptors = { count: 2, dimensions: 2, data: Float32Array.from([0.9, 0.4, 0.3, 0.3]) };
  const region = (index: number): Labelled["regions"][number] => ({
    index: index as RegionIndex,
    classId: dog,
    score: 0.5,
    margin: 0.2,
    confidence: 0.8,
    runnerUp: cat,
    correction: null,
    nearest: [],
    area: 50,
    box: { x: 0, y: 0, width: 10, height: 5 } as Labelled["regions"][number]["box"],
  });
  return {
    width: 10,
    height: 10,
    classes,
    regionMap: Uint16Array.from({ length: 100 }, (_, at) => (at < 50 ? 1 : 2)),
    classMap: new Uint16Array(100).fill(1),
    regions: [region(0), region(1)],
    match,
    result: await new CpuMatcher().match(descriptors, table, DEFAULT_PARAMETERS),
    units: descriptors,
    descriptors,
    gains: null,
    nodes: [0, 1],
  };
}

const upper = { width: 10 as ImagePx, height: 10 as ImagePx, runs: Uint32Array.from([0, 50]) };
const picture = (change: Partial<HarvestPicture> = {}): HarvestPicture => ({
  source: { id: "p" as PictureId, name: "p.png", blob: new Blob([]) },
  dismissed: [],
  ...change,
});

async function offered(
  wanted: HarvestPicture,
  source: ReferenceSource = "example",
  provenance = "other.png",
  classes: readonly ClassId[] = [dog, cat],
  compared: MatchTable = match,
) {
  const pool = new HarvestPool();
  pool.take("p" as PictureId, MODEL, await labelled(classes));
  const bank = [{ references: [{ id: reference, source, provenance }] }];
  return pool.harvest([wanted], settings, MODEL, compared, bank, { matcher: new CpuMatcher() });
}

describe("regions that could be confirmed", () => {
  test("are those that are sure of a class by a picture of it, with their masks", async () => {
    const { candidates, stale } = await offered(picture());
    expect(candidates).toHaveLength(1);
    expect(candidates[0]).toMatchObject({ picture: "p", classId: dog, mask: upper });
    expect(candidates[0]?.confidence).toBeGreaterThan(0.6);
    expect(stale).toEqual([]);
  });

  test("are none where only a pictogram speaks for the class", async () => {
    expect((await offered(picture(), "pictogram")).candidates).toEqual([]);
  });

  test("are not those that the reference was cut from, by the picture's name", async () => {
    expect((await offered(picture(), "example", "p.png")).candidates).toEqual([]);
  });

  test("are not those that were named by hand or turned down, for that class", async () => {
    const correction = { id: "c", classId: cat, mask: upper, reference: null };
    const named = picture({ source: { ...picture().source, corrections: [correction] } });
    expect((await offered(named)).candidates).toEqual([]);
    expect((await offered(picture({ dismissed: [{ classId: dog, mask: upper }] }))).candidates).toEqual([]);
    expect((await offered(picture({ dismissed: [{ classId: cat, mask: upper }] }))).candidates).toHaveLength(1);
  });

  test("are judged by what was learned from the references as well: not those for which other gains most", async () => {
    // Rows of what other, dog and cat gain: a number for each of two dimensions, and one in any case.
    const gaining = (functions: readonly number[]): MatchTable => ({
      ...match,
      discriminant: { dimensions: 2, classes: 2, functions: Float32Array.from(functions) },
    });
    const offeredWith = async (functions: readonly number[]) =>
      (await offered(picture(), "example", "o.png", [dog, cat], gaining(functions))).candidates;
    expect(await offeredWith([0, 0, 0, 0, 0, 0, 0, 0, 0])).toHaveLength(1);
    expect(await offeredWith([0, 0, 1, 0, 0, 0, 0, 0, 0])).toEqual([]);
  });

  test("wait for pictures that were segmented for other classes, or never", async () => {
    expect(await offered(picture(), "example", "o.png", [dog])).toEqual({ candidates: [], stale: ["p"] });
    const unknown = picture({ source: { ...picture().source, id: "q" as PictureId } });
    expect((await offered(unknown)).stale).toEqual(["q"]);
  });
});
