import { describe, expect, test } from "vitest";
import { buildReferenceTable } from "./reference-table.ts";
import { GROUP_REFERENCES, groupClasses } from "./similarity/layout.ts";

const near = (...numbers: readonly number[]) => numbers.map((value) => expect.closeTo(value, 6));

describe("a reference table", () => {
  test("holds unit rows sorted by class, anchors last, with the lengths of sums", () => {
    const [east, northEast] = [Float32Array.of(2, 0), Float32Array.of(3, 3)];
    const table = buildReferenceTable(2, [[east, northEast], []], [[northEast]]);
    const half = Math.SQRT1_2;
    expect(Array.from(table.classOffsets)).toEqual([0, 2, 2, 3]);
    expect([table.classes, table.anchorsFrom, table.dimensions]).toEqual([3, 2, 2]);
    expect(Array.from(table.references)).toEqual(near(1, 0, half, half, half, half));
    const angle = Math.PI / 8;
    expect(Array.from(table.sumLengths)).toEqual(near(2 * Math.cos(angle), 0, 1));
  });

  test("keeps zero vectors as zero rows, so that rows stay those of the input", () => {
    const table = buildReferenceTable(2, [[new Float32Array(2), Float32Array.of(0, 5)]]);
    expect(Array.from(table.references)).toEqual([0, 0, 0, 1]);
  });

  test("references that cancel out have no prototype", () => {
    const table = buildReferenceTable(2, [[Float32Array.of(1, 0), Float32Array.of(-4, 0)]]);
    expect(Array.from(table.sumLengths)).toEqual([0]);
  });

  test("refuses a vector of another length", () => {
    expect(() => buildReferenceTable(3, [[new Float32Array(2)]])).toThrow("another length");
  });
});

describe("groups of classes", () => {
  const tableOf = (counts: readonly number[]) =>
    buildReferenceTable(
      1,
      counts.map((count) => Array.from({ length: count }, () => Float32Array.of(1))),
    );

  test("cover all classes in order, and exceed the limit only where one class does", () => {
    const counts = [GROUP_REFERENCES, 0, 1, GROUP_REFERENCES - 1, 3, 2 * GROUP_REFERENCES, 0, 5, 0];
    expect(Array.from(groupClasses(tableOf(counts)))).toEqual([0, 2, 4, 5, 6, 9]);
  });

  test("of no class are none", () => {
    expect(Array.from(groupClasses(tableOf([])))).toEqual([0]);
  });
});
