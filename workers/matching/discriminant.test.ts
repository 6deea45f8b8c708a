import { describe, expect, it } from "vitest";
import { seededRandom } from "../seeded-random.ts";
import { discriminantScores, fitDiscriminant, type Sample, SURROUNDINGS, trustIn, withGains } from "./discriminant.ts";
import { CpuMatcher, DEFAULT_PARAMETERS } from "./matcher.ts";
import { buildReferenceTable } from "./reference-table.ts";

const D = 5;

function unit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
}

function randomSamples(count: number, classes: number): Sample[] {
  const random = seededRandom(3);
  return Array.from({ length: count }, (_, at) => ({
    vector: unit(Array.from({ length: D }, () => random() - 0.5)),
    classIndex: (at % (classes + 1)) - 1,
    patches: 1 + Math.floor(random() * 40),
  }));
}

/** Squared errors, weighted, and the penalty: what the functions make as small as can be. */
function loss(samples: readonly Sample[], functions: Float32Array, classes: number): number {
  const totals = new Map<number, number>();
  for (const { classIndex, patches } of samples) totals.set(classIndex, (totals.get(classIndex) ?? 0) + patches);
  let sum = functions.reduce((all, weight) => all + weight * weight, 0);
  for (const { vector, classIndex, patches } of samples) {
    const weight = patches / Math.sqrt(Math.max(1, totals.get(classIndex) ?? 1));
    for (let row = 0; row <= classes; row += 1) {
      let said = functions[row * (D + 1) + D] ?? 0;
      for (let d = 0; d < D; d += 1) said += (functions[row * (D + 1) + d] ?? 0) * (vector[d] ?? 0);
      sum += weight * (said - (classIndex + 1 === row ? 1 : 0)) ** 2;
    }
  }
  return sum;
}

describe("what tells classes apart", () => {
  it("is where the weighted squared error with its penalty is least", () => {
    const samples = randomSamples(200, 3);
    const fitted = fitDiscriminant(D, 3, samples, 1);
    if (!fitted) throw new Error("Nothing was learned.");
    const least = loss(samples, fitted.functions, 3);
    for (let at = 0; at < fitted.functions.length; at += 1) {
      for (const step of [-0.01, 0.01]) {
        const moved = fitted.functions.map((weight, other) => (other === at ? weight + step : weight));
        expect(loss(samples, moved, 3)).toBeGreaterThan(least);
      }
    }
  });

  it("speaks for the class of a region that is like its pieces, and for other where it is like the surroundings", () => {
    const around = (values: readonly number[], classIndex: number): Sample[] =>
      Array.from({ length: 6 }, (_, at) => ({
        vector: unit([values[0] ?? 0, values[1] ?? 0, values[2] ?? 0, values[3] ?? 0, at * 0.02]),
        classIndex,
        patches: 9,
      }));
    const samples = [...around([1, 0, 0, 0], 0), ...around([0, 1, 0, 0], 1), ...around([0, 0, 1, 0], SURROUNDINGS)];
    const fitted = fitDiscriminant(D, 2, samples, 1);
    if (!fitted) throw new Error("Nothing was learned.");
    const rows = [unit([1, 0, 0, 0, 0]), unit([0, 1, 0, 0, 0]), unit([0, 0, 1, 0, 0])];
    const data = Float32Array.from(rows.flatMap((row) => Array.from(row)));
    const scores = discriminantScores({ count: 3, dimensions: D, data }, fitted);
    const best = [0, 1, 2].map((row) => {
      const [other = 0, first = 0, second = 0] = scores.subarray(row * 3, row * 3 + 3);
      return [other, first, second].indexOf(Math.max(other, first, second));
    });
    expect(best).toEqual([1, 2, 0]);
  });

  it("gives a class that nothing is known of what it gives other, and scales with the trust", () => {
    const fitted = fitDiscriminant(D, 3, randomSamples(90, 2), 1);
    const half = fitDiscriminant(D, 3, randomSamples(90, 2), 0.5);
    if (!fitted || !half) throw new Error("Nothing was learned.");
    const size = D + 1;
    expect(fitted.functions.slice(3 * size)).toEqual(fitted.functions.slice(0, size));
    half.functions.forEach((weight, at) => expect(weight).toBeCloseTo((fitted.functions[at] ?? 0) / 2, 6));
  });

  it("is nothing without a piece of a thing", () => {
    const samples = randomSamples(20, 1).map(({ vector, patches }) => ({ vector, patches, classIndex: SURROUNDINGS }));
    expect(fitDiscriminant(D, 2, samples, 1)).toBeNull();
    expect(fitDiscriminant(D, 2, [], 1)).toBeNull();
  });

  it("is trusted more the more references there are, never wholly", () => {
    expect(trustIn(0)).toBe(0);
    expect(trustIn(20)).toBe(0.5);
    expect(trustIn(1000)).toBeGreaterThan(trustIn(100));
    expect(trustIn(1e9)).toBeLessThanOrEqual(1);
  });
});

describe("a match with gains", () => {
  it("ranks candidates by score and gain, anchors by what other gains", async () => {
    const table = buildReferenceTable(
      D,
      [[unit([1, 0, 0, 0, 0])], [unit([0.9, 0.4, 0, 0, 0])]],
      [[unit([0, 0, 1, 0, 0])]],
    );
    const descriptors = { count: 1, dimensions: D, data: Float32Array.from(unit([1, 0.1, 0, 0, 0])) };
    const match = await new CpuMatcher().match(descriptors, table, DEFAULT_PARAMETERS);
    expect(match.best[0]).toBe(0);
    const raised = withGains(match, Float32Array.from([0, 0, 0.5]), table.anchorsFrom);
    expect(raised.best[0]).toBe(1);
    expect(raised.other).toEqual(new Float32Array(1));
    const other = withGains(match, Float32Array.from([5, 0, 0]), table.anchorsFrom);
    expect(other.best[0]).toBe(2);
    expect(other.other).toEqual(Float32Array.from([5]));
    // What was given is left as it was.
    expect(match.best[0]).toBe(0);
  });
});
