import { array, assert, double, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { type RegionSet, regionSetOfMasks, regionSetOfTree } from "../imaging/region-set.ts";
import { areaOfRuns, boxOfRuns, intersectionOverUnion } from "../imaging/runs.ts";
import { likeliestProposals } from "./likeliest.ts";
import { areaOfProposal, boxOfProposal, pairsOf, proposalCount, runsOfProposal, scoreOfProposal } from "./pairs.ts";

/** A random binary tree over stripes of a row of pixels, with random scores. */
const trees = record({
  leaves: integer({ min: 1, max: 40 }),
  seeds: array(double({ min: 0, max: 0.999, noNaN: true }), { minLength: 200, maxLength: 200 }),
}).map(({ leaves, seeds }): RegionSet => {
  const width = 3 * leaves;
  const leafMap = Uint16Array.from({ length: width }, (_, x) => Math.floor(x / 3));
  const parent = new Int32Array(2 * leaves - 1).fill(-1);
  const roots = Array.from({ length: leaves }, (_, leaf) => leaf);
  for (let node = leaves; node < parent.length; node += 1) {
    const at = Math.floor((seeds[node] ?? 0) * (roots.length - 1));
    const [one = 0, other = 0] = roots.splice(at, 2, node);
    parent[one] = node;
    parent[other] = node;
  }
  return regionSetOfTree(
    width,
    1,
    { leaves, parent, leafMap },
    Float32Array.from(parent, (_, at) => seeds[at + 80] ?? 0),
  );
});

describe("pairs of regions", () => {
  test("are two regions that share no pixel, neither of which lies in the other, and more than their areas add up", () => {
    assert(
      property(trees, (regions) => {
        const { count, first, second, areas, scores } = pairsOf(regions);
        for (let pair = 0; pair < count; pair += 1) {
          const runs = runsOfProposal(regions, regions.count + pair);
          expect(areaOfRuns(runs)).toBe(areas[pair]);
          expect(areas[pair]).toBe((regions.areas[first[pair] ?? 0] ?? 0) + (regions.areas[second[pair] ?? 0] ?? 0));
          expect(boxOfProposal(regions, regions.count + pair)).toEqual(boxOfRuns(runs, regions.width));
          expect(scores[pair]).toBeGreaterThan(0);
          expect(scores[pair]).toBeLessThan(1);
        }
      }),
    );
  });

  test("there are none without a tree", () => {
    const regions = regionSetOfMasks(4, 1, [Uint32Array.of(0, 2), Uint32Array.of(2, 2)], new Float32Array(2));
    expect(proposalCount(regions)).toBe(2);
  });
});

describe("the likeliest proposals", () => {
  test("come by their scores, and no two of them are much the same", () => {
    assert(
      property(trees, (regions) => {
        const kept = [...likeliestProposals(regions)];
        expect(kept.length).toBeGreaterThan(0);
        expect(kept.length).toBeLessThanOrEqual(300);
        const scores = kept.map((proposal) => scoreOfProposal(regions, proposal));
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        for (const [at, proposal] of kept.entries()) {
          for (const other of kept.slice(0, at)) {
            const share = intersectionOverUnion(runsOfProposal(regions, proposal), runsOfProposal(regions, other));
            expect(share).toBeLessThanOrEqual(0.84 + 1e-9);
          }
        }
      }),
    );
  });

  test("leave nothing out but what is much the same as a likelier one", () => {
    assert(
      property(trees, (regions) => {
        const kept = new Set(likeliestProposals(regions));
        for (let proposal = 0; proposal < proposalCount(regions); proposal += 1) {
          if (kept.has(proposal)) continue;
          const isKnown = [...kept].some(
            (other) =>
              scoreOfProposal(regions, other) >= scoreOfProposal(regions, proposal) &&
              intersectionOverUnion(runsOfProposal(regions, proposal), runsOfProposal(regions, other)) > 0.84 - 1e-9,
          );
          expect(isKnown || kept.size === 300).toBe(true);
        }
      }),
    );
  });

  test("of masks without a tree are told apart by their pixels", () => {
    const masks = [Uint32Array.of(0, 10), Uint32Array.of(0, 9), Uint32Array.of(5, 10)];
    const regions = regionSetOfMasks(20, 1, masks, Float32Array.of(0.5, 0.9, 0.1));
    expect([...likeliestProposals(regions)]).toEqual([1, 2]);
    expect(areaOfProposal(regions, 2)).toBe(10);
  });
});
