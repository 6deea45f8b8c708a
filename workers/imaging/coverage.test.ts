import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describedMasks, leafCoverage, patchCoverage } from "./coverage.ts";
import { regionSetOfMasks, regionSetOfTree, runsOfRegion } from "./region-set.ts";
import { runsOfMask } from "./runs.ts";

const layout = fc.record({
  width: fc.integer({ min: 1, max: 23 }),
  height: fc.integer({ min: 1, max: 17 }),
  rows: fc.integer({ min: 1, max: 9 }),
  columns: fc.integer({ min: 1, max: 9 }),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

/** Overlap of pixel (x, y) with patch (row, column), in units of the patch. */
function overlap(x: number, y: number, row: number, column: number, width: number, height: number, grid: number[]) {
  const [rows = 1, columns = 1] = grid;
  const wide = Math.min(((x + 1) * columns) / width, column + 1) - Math.max((x * columns) / width, column);
  const tall = Math.min(((y + 1) * rows) / height, row + 1) - Math.max((y * rows) / height, row);
  return Math.max(0, wide) * Math.max(0, tall);
}

describe("patch coverage", () => {
  test("equals the summed overlap of every pixel with every patch", () => {
    fc.assert(
      fc.property(layout, ({ width, height, rows, columns, seed }) => {
        const mask = Uint8Array.from({ length: width * height }, (_, i) => ((i * 7919 + seed) % 5 < 2 ? 1 : 0));
        const coverage = patchCoverage(
          regionSetOfMasks(width, height, [runsOfMask(mask)], new Float32Array(1)),
          rows,
          columns,
        );
        const dense = new Float64Array(rows * columns);
        for (const [entry, patch] of coverage.patches.entries()) dense[patch] = coverage.weights[entry] ?? 0;
        for (let patch = 0; patch < rows * columns; patch++) {
          let sum = 0;
          for (const [pixel, bit] of mask.entries()) {
            if (bit === 0) continue;
            const [x, y] = [pixel % width, Math.floor(pixel / width)];
            sum += overlap(x, y, Math.floor(patch / columns), patch % columns, width, height, [rows, columns]);
          }
          expect(dense[patch]).toBeCloseTo(sum, 5);
        }
      }),
    );
  });

  test("of a tree is that of its leaves, and with that of its nodes by leaves the same as of the nodes' own masks", () => {
    fc.assert(
      fc.property(layout, ({ width, height, rows, columns, seed }) => {
        const leaves = Math.min(4, width * height);
        const leafMap = Uint16Array.from({ length: width * height }, (_, i) =>
          i < leaves ? i : (i * 31 + seed) % leaves,
        );
        const parent = Int32Array.from({ length: leaves + 1 }, (_, i) => (i < leaves ? leaves : -1));
        const tree = regionSetOfTree(width, height, { leaves, parent, leafMap }, new Float32Array(leaves + 1));
        const masks = Array.from({ length: leaves + 1 }, (_, i) => runsOfRegion(tree, i).slice());
        const flat = patchCoverage(regionSetOfMasks(width, height, masks, tree.scores), rows, columns);
        const measured = patchCoverage(tree, rows, columns);
        expect(describedMasks(measured)).toBe(leaves + 1);
        expect(describedMasks(flat)).toBe(leaves + 1);
        const own = flat.offsets[leaves] ?? 0;
        expect([...measured.offsets]).toEqual([...flat.offsets.subarray(0, leaves + 1)]);
        expect([...measured.patches]).toEqual([...flat.patches.subarray(0, own)]);
        const sums = (from: number, to: number, weights: Float32Array) =>
          weights.subarray(from, to).reduce((sum, weight) => sum + weight, 0);
        const totals = Float32Array.from({ length: leaves }, (_, leaf) =>
          sums(measured.offsets[leaf] ?? 0, measured.offsets[leaf + 1] ?? 0, measured.weights),
        );
        const nodes = leafCoverage(parent, totals);
        expect([...nodes.patches]).toEqual([...totals.keys(), ...totals.keys()]);
        const root = sums(nodes.offsets[leaves] ?? 0, nodes.offsets[leaves + 1] ?? 0, nodes.weights);
        expect(root).toBeCloseTo(sums(own, flat.weights.length, flat.weights), 4);
      }),
    );
  });

  test("a mask of one pixel covers something of every patch that the pixel touches", () => {
    const regions = regionSetOfMasks(1024, 5, [Uint32Array.from([2000, 1])], new Float32Array(1));
    const coverage = patchCoverage(regions, 14, 32);
    expect(coverage.patches.length).toBe(4);
    expect(Math.min(...coverage.weights)).toBeGreaterThan(0);
  });

  test("a mask of the whole picture covers every patch whole", () => {
    const regions = regionSetOfMasks(37, 29, [Uint32Array.from([0, 37 * 29])], new Float32Array(1));
    const coverage = patchCoverage(regions, 5, 7);
    expect(coverage.patches.length).toBe(35);
    for (const weight of coverage.weights) expect(weight).toBeCloseTo(1, 6);
  });
});
