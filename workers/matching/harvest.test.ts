import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseHarvest, type HarvestRow } from "./harvest.ts";
import { buildReferenceTable } from "./reference-table.ts";

const at = (degrees: number): Float32Array =>
  Float32Array.from([Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]);

/** One class with a reference at 0 degrees, and another at 180. */
const table = buildReferenceTable(2, [[at(0)], [at(180)]]);

function choose(regions: readonly { angle: number; picture?: number; confidence?: number; classIndex?: number }[]) {
  const data = new Float32Array(2 * regions.length);
  for (const [row, { angle }] of regions.entries()) data.set(at(angle), 2 * row);
  const rows = regions.map(({ picture = 0, confidence = 0.8, classIndex = 0 }, row): HarvestRow => ({
    row,
    picture,
    classIndex,
    confidence,
  }));
  return chooseHarvest(rows, { count: regions.length, dimensions: 2, data }, table).map(({ row }) => row);
}

describe("what is offered to be confirmed", () => {
  test("begins with the surest, then goes to what is least like everything before", () => {
    expect(choose([{ angle: 60 }, { angle: 90, confidence: 0.9 }, { angle: 140 }])).toEqual([1, 2, 0]);
  });

  test("leaves out what is nearly a reference, or nearly what is offered already", () => {
    expect(choose([{ angle: 10 }, { angle: 70, confidence: 0.9 }, { angle: 80 }, { angle: 120 }])).toEqual([1, 3]);
  });

  test("takes one from every picture before a second from any", () => {
    const picked = choose([
      { angle: 60, picture: 0, confidence: 0.9 },
      { angle: 180, picture: 0 },
      { angle: 95, picture: 1 },
    ]);
    expect(picked).toEqual([0, 2, 1]);
  });

  test("is a choice of each class by itself, in the order of the classes", () => {
    expect(choose([{ angle: 90, classIndex: 1 }, { angle: 90 }])).toEqual([1, 0]);
  });

  test("whatever is there: at most twelve of a class, none twice, none alike", () => {
    const regions = fc.array(
      fc.record({
        angle: fc.integer({ min: 0, max: 359 }),
        picture: fc.nat(5),
        confidence: fc.float({ min: 0, max: 1, noNaN: true }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(regions, (all) => {
        const picked = choose(all);
        expect(picked.length).toBeLessThanOrEqual(12);
        expect(new Set(picked).size).toBe(picked.length);
        for (const [place, one] of picked.entries()) {
          for (const other of picked.slice(0, place)) {
            const gap = Math.cos((((all[one]?.angle ?? 0) - (all[other]?.angle ?? 0)) * Math.PI) / 180);
            expect(gap).toBeLessThanOrEqual(0.9201);
          }
        }
      }),
    );
  });
});
