import { type ClassVectors, buildReferenceTable, type ReferenceTable } from "./reference-table.ts";

/** A table without some of its rows. Class numbers stay as they are: a class that loses all its rows never wins. */
export function tableWithout(table: ReferenceTable, rows: ReadonlySet<number>): ReferenceTable {
  const { dimensions, anchorsFrom, classOffsets, references } = table;
  const classes = Array.from({ length: table.classes }, (_, index): ClassVectors => {
    const kept: Float32Array[] = [];
    for (let row = classOffsets[index] ?? 0; row < (classOffsets[index + 1] ?? 0); row += 1) {
      if (!rows.has(row)) kept.push(references.subarray(row * dimensions, (row + 1) * dimensions));
    }
    return kept;
  });
  return buildReferenceTable(dimensions, classes.slice(0, anchorsFrom), classes.slice(anchorsFrom));
}
