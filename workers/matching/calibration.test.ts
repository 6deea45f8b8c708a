import { describe, expect, test } from "vitest";
import { calibrationOf, nameLeftOut, thingsAt, wrongAt } from "./calibration.ts";
import { DEFAULT_PARAMETERS } from "./matcher.ts";
import { buildReferenceTable } from "./reference-table.ts";
import { randomNumbers, seededRandom } from "../seeded-random.ts";

const many = (count: number, confidence: number, isRight: boolean) =>
  Array.from({ length: count }, () => ({ confidence, isRight }));

describe("a calibration curve", () => {
  test("takes the share of things that were wrong from the samples, of those above a threshold", () => {
    const level = (...named: Parameters<typeof calibrationOf>) => wrongAt(calibrationOf(...named), 0.6);
    const good = level([...many(900, 0.7, true), ...many(100, 0.7, false)], 80);
    const bad = level([...many(450, 0.7, true), ...many(550, 0.7, false)], 80);
    // Right in 9 of 10 and in 9 of 20 cases: what is right of all named regions is in the same proportion.
    expect((1 - good) / (1 - bad)).toBeCloseTo(2, 1);
  });

  test("never rises with the threshold, even where samples do", () => {
    const { wrong } = calibrationOf([...many(50, 0.3, true), ...many(50, 0.5, false), ...many(50, 0.8, true)], 10);
    for (let step = 1; step < wrong.length; step += 1) expect(wrong[step]).toBeLessThanOrEqual(wrong[step - 1] ?? 1);
  });

  test("without samples is what is generally so, and a few samples do not overthrow that", () => {
    const general = wrongAt(calibrationOf([], 10), 0.3);
    expect(general).toBeGreaterThan(0.3);
    expect(Math.abs(wrongAt(calibrationOf(many(2, 0.4, true), 10), 0.3) - general)).toBeLessThan(0.05);
  });
});

test("the more classes, the fewer of the named regions show a thing of one of them, and the surer the more do", () => {
  for (const threshold of [0, 0.5, 0.65]) {
    expect(thingsAt(threshold, 80)).toBeLessThan(thingsAt(threshold, 15));
    expect(thingsAt(threshold, 15)).toBeLessThan(thingsAt(threshold, 3));
    expect(thingsAt(threshold, 1)).toBe(thingsAt(threshold, 3));
    expect(thingsAt(threshold, 1000)).toBe(thingsAt(threshold, 80));
  }
  for (const classes of [2, 20, 200]) {
    const shares = Array.from({ length: 101 }, (_, at) => thingsAt(at / 100, classes));
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.every((share) => share > 0 && share <= 1)).toBe(true);
  }
});

describe("leaving a picture's references out", () => {
  const random = seededRandom(3);
  const dimensions = 48;
  const directions = Array.from({ length: 4 }, () => randomNumbers(dimensions, random));
  /** References of a class lie about its direction, the more spread the less alike. */
  const near = (direction: Float32Array, spread: number): Float32Array =>
    direction.map((value) => value + spread * (2 * random() - 1));
  const bank = (spread: number, perClass = 6) =>
    buildReferenceTable(
      dimensions,
      directions.map((direction) => Array.from({ length: perClass }, () => near(direction, spread))),
    );
  const everyOne = Int32Array.from({ length: 24 }, (_, row) => row);
  const ask = (spread: number, pictures = everyOne, gains: Float32Array<ArrayBuffer> | null = null) =>
    nameLeftOut({
      table: bank(spread),
      pictures,
      parameters: DEFAULT_PARAMETERS,
      otherFloor: 0.1,
      centring: 0.75,
      gains,
    });

  test("names every thing of classes that are well apart, and right", () => {
    const named = ask(0.2);
    expect(named).toHaveLength(24);
    expect(named.every(({ isRight }) => isRight)).toBe(true);
  });

  test("is less sure of classes that are hard to tell apart", () => {
    const mean = (all: readonly { confidence: number }[]): number =>
      all.reduce((sum, { confidence }) => sum + confidence, 0) / all.length;
    expect(mean(ask(0.2))).toBeGreaterThan(mean(ask(2)));
  });

  test("cannot name a class whose references are all of one picture", () => {
    const pictures = Int32Array.from({ length: 24 }, (_, row) => Math.floor(row / 6));
    expect(ask(0.2, pictures).some(({ isRight }) => isRight)).toBe(false);
  });

  test("adds what classes and other gain: a class that gains much is named, and nothing where other does", () => {
    const gaining = (column: number): Float32Array<ArrayBuffer> =>
      Float32Array.from({ length: 24 * 5 }, (_, at) => (at % 5 === column ? 3 : 0));
    const named = ask(0.2, everyOne, gaining(1));
    expect(named.filter(({ isRight }) => isRight)).toHaveLength(6);
    expect(ask(0.2, everyOne, gaining(0))).toEqual([]);
  });

  test("does not ask about rows that are of no picture", () => {
    expect(ask(0.2, new Int32Array(24).fill(-1))).toEqual([]);
  });

  test("counts surroundings that get a class as wrong", () => {
    const table = buildReferenceTable(
      dimensions,
      directions.map((direction) => Array.from({ length: 3 }, () => near(direction, 0.2))),
      [[near(directions[0] ?? new Float32Array(), 0.2)]],
    );
    const pictures = Int32Array.from({ length: 13 }, (_, row) => row);
    const named = nameLeftOut({
      table,
      pictures,
      parameters: DEFAULT_PARAMETERS,
      otherFloor: 0.1,
      centring: 0,
      gains: null,
    });
    expect(named.some(({ isRight }) => !isRight)).toBe(true);
  });
});
