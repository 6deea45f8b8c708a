import { describe, expect, test } from "vitest";
import { CpuMatcher, DEFAULT_PARAMETERS } from "../../../workers/matching/matcher.ts";
import { buildReferenceTable } from "../../../workers/matching/reference-table.ts";
import { randomNumbers, seededRandom } from "../../../workers/seeded-random.ts";
import { type Comparison, rankBy } from "./ranking.ts";
import { listsBy, productsWith, similaritiesBy } from "./similarities.ts";

const DIMENSIONS = 12;
const random = seededRandom(7);
const vector = (): Float32Array<ArrayBuffer> => randomNumbers(DIMENSIONS, random);
/** Nine classes of no to five references and two anchors. */
const table = buildReferenceTable(
  DIMENSIONS,
  [3, 1, 5, 0, 2, 4, 1, 2, 3].map((count) => Array.from({ length: count }, vector)),
  [[vector()], [vector()]],
);
const rows = buildReferenceTable(DIMENSIONS, [Array.from({ length: 20 }, vector)]).references;
const descriptors = { count: 20, dimensions: DIMENSIONS, data: rows };

function ranked(comparison: Comparison, parameters = DEFAULT_PARAMETERS) {
  const products = productsWith(descriptors, table);
  const { classes, anchorsFrom } = table;
  const similarity = similaritiesBy("both", products, descriptors.count, table);
  const lists = listsBy("both", "members", table);
  return rankBy(comparison, { count: descriptors.count, classes, anchorsFrom, similarity, lists }, parameters);
}

describe("the table of controls", () => {
  test("has the app's own match in it", async () => {
    const app = await new CpuMatcher().match(descriptors, table, DEFAULT_PARAMETERS);
    const here = ranked("rank");
    expect(here.candidates).toEqual(app.candidates);
    for (const [at, score] of here.score.entries()) expect(score).toBeCloseTo(app.score[at] ?? 0, 5);
  });

  test("leaves s as it is without a comparison", () => {
    const plain = ranked("none");
    expect(plain.score).toEqual(plain.similarity);
  });

  test("gives no divergence to a region that ranks classes as the class itself does", () => {
    const lists = Float32Array.of(0.9, 0.2, 0.1, 0.3, 0.8, 0.2, 0.1, 0.2, 0.7);
    const given = { count: 1, classes: 3, anchorsFrom: 3, similarity: lists.slice(3, 6), lists };
    for (const comparison of ["rank", "rank reverse", "rank alone", "full alone"] as const) {
      const { candidates, score, similarity, slots } = rankBy(comparison, given, { k: 3, tau: 0.1, lambda: 0.5 });
      const slot = candidates.subarray(0, slots).indexOf(1);
      const own = comparison.endsWith("alone") ? 0 : (similarity[slot] ?? 0);
      expect(score[slot]).toBeCloseTo(own, 6);
      expect(Math.max(...score.subarray(0, 3))).toBe(score[slot]);
    }
  });

  test("lets the nearest references vote, the nearer the heavier", () => {
    const near = buildReferenceTable(2, [[Float32Array.of(1, 0)], [Float32Array.of(0.9, 0.436)]]);
    const products = productsWith({ count: 1, dimensions: 2, data: Float32Array.of(1, 0) }, near);
    const [first = 0, second = 0] = similaritiesBy("vote", products, 1, near);
    expect(first + second).toBeCloseTo(1, 6);
    expect(first / second).toBeCloseTo(Math.exp(0.1 / 0.05), 1);
  });
});
