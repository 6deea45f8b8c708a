import { expect, test } from "vitest";
import { similaritiesOf } from "./explanation.ts";
import { buildReferenceTable } from "./reference-table.ts";

test("all references of the classes asked for are listed, the most alike first, with their rows", () => {
  const [east, north, south] = [Float32Array.of(1, 0), Float32Array.of(0, 1), Float32Array.of(0, -1)];
  const table = buildReferenceTable(2, [[north], [south, Float32Array.of(3, 4)], [], [east]]);
  const found = similaritiesOf(Float32Array.of(0, 1), table, [3, 1, 2]);
  expect(found).toEqual([
    { reference: 2, classIndex: 1, similarity: expect.closeTo(0.8, 6) },
    { reference: 3, classIndex: 3, similarity: 0 },
    { reference: 1, classIndex: 1, similarity: -1 },
  ]);
});
