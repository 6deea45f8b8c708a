import { describe, expect, test } from "vitest";
import { randomNumbers, seededRandom } from "../seeded-random.ts";
import { classListsOnCpu, ExpectedLists } from "./lists/class-lists.cpu.ts";
import { CpuMatcher, NO_CLASS } from "./matcher.ts";
import type { MatchingCase } from "./matching.cases.ts";
import { matchingCases } from "./matching.cases.ts";
import { buildReferenceTable } from "./reference-table.ts";
import type { ReferenceTable } from "./reference-table.ts";

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

const referencesOf = ({ references, classOffsets, dimensions }: ReferenceTable, index: number): Float32Array[] =>
  Array.from({ length: (classOffsets[index + 1] ?? 0) - (classOffsets[index] ?? 0) }, (_, i) => {
    const row = (classOffsets[index] ?? 0) + i;
    return references.subarray(row * dimensions, (row + 1) * dimensions);
  });

/** The normalised mean; zero when there is none. */
function prototypeOf(vectors: readonly Float32Array[], dimensions: number): Float32Array {
  const sum = new Float32Array(dimensions).map((_, d) => vectors.reduce((total, v) => total + (v[d] ?? 0), 0));
  const length = Math.hypot(...sum);
  return length > 1e-6 ? sum.map((value) => value / length) : new Float32Array(dimensions);
}

/** s by its definition. */
function similarityTo(vectors: readonly Float32Array[], x: Float32Array): number {
  const nearest = Math.max(...vectors.map((vector) => dot(vector, x)));
  return 0.5 * dot(prototypeOf(vectors, x.length), x) + 0.5 * nearest;
}

const regionOf = ({ descriptors: { data, dimensions } }: MatchingCase, region: number): Float32Array =>
  data.subarray(region * dimensions, (region + 1) * dimensions);

describe("the match on the CPU", () => {
  test.each(matchingCases)("gives every candidate its similarity by definition: $name", async (one) => {
    const result = await new CpuMatcher().match(one.descriptors, one.table, one.parameters);
    expect(result.count).toBe(one.descriptors.count);
    result.candidates.forEach((candidate, at) => {
      if (candidate === NO_CLASS) return;
      const x = regionOf(one, Math.floor(at / result.slots));
      const vectors = referencesOf(one.table, candidate);
      expect(result.similarity[at]).toBeCloseTo(similarityTo(vectors, x), 5);
      const nearest = (result.nearest[at] ?? 0) - (one.table.classOffsets[candidate] ?? 0);
      const best = Math.max(...vectors.map((vector) => dot(vector, x)));
      expect(dot(vectors[nearest] ?? new Float32Array(), x)).toBeCloseTo(best, 5);
    });
  });

  test.each(matchingCases)("ranks the classes with the highest similarity, the highest first: $name", async (one) => {
    const result = await new CpuMatcher().match(one.descriptors, one.table, one.parameters);
    const withReferences = Array.from({ length: one.table.classes }, (_, index) => index).filter(
      (index) => referencesOf(one.table, index).length > 0,
    );
    for (let region = 0; region < result.count; region += 1) {
      const row = region * result.slots;
      const candidates = Array.from(result.candidates.subarray(row, row + result.slots)).filter((c) => c !== NO_CLASS);
      expect(candidates).toHaveLength(Math.min(result.slots, withReferences.length));
      expect(new Set(candidates).size).toBe(candidates.length);
      const expected = withReferences
        .map((index) => similarityTo(referencesOf(one.table, index), regionOf(one, region)))
        .sort((a, b) => b - a);
      candidates.forEach((_, slot) => expect(result.similarity[row + slot]).toBeCloseTo(expected[slot] ?? NaN, 5));
    }
  });

  test.each(matchingCases)("the label has the highest z, the margin is its lead: $name", async (one) => {
    const result = await new CpuMatcher().match(one.descriptors, one.table, one.parameters);
    const { tau, lambda } = one.parameters;
    for (let region = 0; region < result.count; region += 1) {
      const slots = Array.from({ length: result.slots }, (_, slot) => region * result.slots + slot).filter(
        (at) => result.candidates[at] !== NO_CLASS,
      );
      const scores = slots.map((at) => (result.similarity[at] ?? 0) - lambda * tau * (result.divergence[at] ?? 0));
      slots.forEach((at, i) => expect(result.score[at]).toBeCloseTo(scores[i] ?? NaN, 5));
      const sorted = scores.toSorted((a, b) => b - a);
      expect(result.bestScore[region]).toBeCloseTo(sorted[0] ?? -1, 5);
      const lead = (sorted[0] ?? -1) - (sorted[1] ?? -1);
      expect(result.margin[region]).toBeCloseTo(Math.min(2, lead), 5);
      const best = region * result.slots + (result.bestSlot[region] ?? 0);
      expect(result.best[region]).toBe(slots.length === 0 ? NO_CLASS : result.candidates[best]);
      expect(result.runnerUp[region] === NO_CLASS).toBe(slots.length < 2);
      expect(result.runnerUp[region] === result.best[region]).toBe(slots.length === 0);
    }
  });

  test("a region equal to a class's references is that class", async () => {
    const table = buildReferenceTable(
      3,
      [[Float32Array.of(1, 0, 0)], [Float32Array.of(0, 2, 0)]],
      [[Float32Array.of(0, 0, 3)]],
    );
    const descriptors = { count: 3, dimensions: 3, data: Float32Array.of(0, 0, 1, 0, 1, 0, 1, 0, 0) };
    const result = await new CpuMatcher().match(descriptors, table, { k: 6, tau: 0.03, lambda: 0.1 });
    expect(Array.from(result.best)).toEqual([2, 1, 0]);
    expect(table.anchorsFrom).toBe(2);
  });

  test("descriptors of another model are refused", async () => {
    const table = buildReferenceTable(3, [[Float32Array.of(1, 0, 0)]]);
    const descriptors = { count: 1, dimensions: 2, data: new Float32Array(2) };
    const match = new CpuMatcher().match(descriptors, table, { k: 6, tau: 0.03, lambda: 0.1 });
    await expect(match).rejects.toThrow("not of one model");
  });
});

describe("the lists that classes expect", () => {
  test.each(matchingCases)(
    "are the mean similarities of their members, each left out of its own class: $name",
    (one) => {
      const { table } = one;
      const lists = classListsOnCpu(table);
      for (let index = 0; index < table.classes; index += 1) {
        const members = referencesOf(table, index);
        for (let other = 0; other < table.classes; other += 1) {
          const others = referencesOf(table, other);
          if (members.length === 0 || others.length === 0 || (index === other && members.length === 1)) continue;
          const values = members.map((member, i) => {
            return similarityTo(index === other ? others.filter((_, j) => j !== i) : others, member);
          });
          const expected = values.reduce((sum, value) => sum + value, 0) / values.length;
          expect(lists[index * table.classes + other]).toBeCloseTo(expected, 4);
        }
      }
    },
  );

  test("a single reference's own entry is the median of the classes that have more", () => {
    const close = [Float32Array.of(1, 0, 0), Float32Array.of(1, 0.1, 0)];
    const loose = [Float32Array.of(0, 1, 0), Float32Array.of(0, 1, 1)];
    const table = buildReferenceTable(3, [close, [Float32Array.of(0, 0, 1)], loose]);
    const lists = classListsOnCpu(table);
    expect(lists[4]).toBeCloseTo(((lists[0] ?? 0) + (lists[8] ?? 0)) / 2, 6);
  });

  test("of a large table are the same where they were asked for, and only there", () => {
    const random = seededRandom(5);
    const vectors = (count: number) => Array.from({ length: count }, () => randomNumbers(32, random));
    const table = buildReferenceTable(
      32,
      Array.from({ length: 700 }, (_, index) => vectors(index % 50 === 3 ? 1 : index % 50 === 7 ? 0 : 9)),
    );
    const whole = classListsOnCpu(table);
    const lists = new ExpectedLists(table);
    const asked = [3, 7, 8, 53, 699];
    lists.know([...asked, 100], asked.length);
    for (const one of asked) {
      for (const other of asked) {
        const at = one * table.classes + other;
        expect(lists.values[at]).toBeCloseTo(whole[at] ?? NaN, 5);
      }
    }
    expect(lists.values[8 * table.classes + 100]).toBeNaN();
    expect(lists.values[100 * table.classes + 100]).toBeCloseTo(whole[100 * table.classes + 100] ?? NaN, 5);
  });

  test("with single references only, the own entry is the highest of its row, and 1 for a lone class", () => {
    const pair = classListsOnCpu(buildReferenceTable(2, [[Float32Array.of(1, 0)], [Float32Array.of(0.6, 0.8)]]));
    expect(Array.from(pair)).toEqual([
      expect.closeTo(0.6, 6),
      expect.closeTo(0.6, 6),
      expect.closeTo(0.6, 6),
      expect.closeTo(0.6, 6),
    ]);
    expect(Array.from(classListsOnCpu(buildReferenceTable(2, [[Float32Array.of(1, 0)]])))).toEqual([1]);
  });
});
