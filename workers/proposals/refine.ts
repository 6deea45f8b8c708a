import type { Box, Point, Refinement } from "../contract.ts";
import { type RegionSet, runsOfRegion } from "../imaging/region-set.ts";
import {
  areaOfRuns,
  differenceOfRuns,
  intersectionArea,
  type PixelBox,
  type Runs,
  runsContain,
  unionOfRuns,
} from "../imaging/runs.ts";
import { coveringProposals, proposalsAt, salientProposal } from "./choose.ts";
import { boxOfProposal, proposalCount, runsOfProposal, scoreOfProposal } from "./pairs.ts";

/** What objectness counts beside the overlap with a drawn box; see docs/method.md. */
const OBJECTNESS_IN_BOX = 0.3;
/** The most that one minus point takes away and one plus point adds, as shares of the mask; see docs/method.md. */
const MOST_REMOVED = 0.25;
const MOST_ADDED = 0.5;

/**
 * The proposal, region or pair, that a person means who draws a box around a thing: whose own box is most like it, and that
 * is a thing.
 */
function proposalInBox(regions: RegionSet, box: Box): number {
  let best = 0;
  let bestValue = Number.NEGATIVE_INFINITY;
  const count = proposalCount(regions);
  for (let index = 0; index < count; index++) {
    const value = boxOverlap(boxOfProposal(regions, index), box) + OBJECTNESS_IN_BOX * scoreOfProposal(regions, index);
    if (value <= bestValue) continue;
    best = index;
    bestValue = value;
  }
  return best;
}

/** Shared area over joint area of two boxes. */
function boxOverlap({ x, y, width, height }: PixelBox, box: PixelBox): number {
  const wide = Math.min(x + width, box.x + box.width) - Math.max(x, box.x);
  const tall = Math.min(y + height, box.y + box.height) - Math.max(y, box.y);
  if (wide <= 0 || tall <= 0) return 0;
  return (wide * tall) / (width * height + box.width * box.height - wide * tall);
}

/**
 * The mask that a person means with a beginning, points that belong to it and points that do not. A minus point takes away
 * the largest proposal around it that holds no plus point and no more than a quarter of the mask; a plus point adds the
 * largest around it beside the mask that holds no minus point and is no more than half as large.
 * Never empty: what would leave nothing is not done.
 */
export function refinedMask(regions: RegionSet, refinement: Refinement): Runs {
  const positive = refinement.positive.map((point) => pixelOf(regions, point));
  const negative = refinement.negative.map((point) => pixelOf(regions, point));
  let mask: Runs = runsOfProposal(regions, beginningOf(regions, refinement)).slice();
  for (const pixel of negative) {
    if (runsContain(mask, pixel)) mask = without(regions, mask, pixel, positive);
  }
  for (const pixel of positive) {
    if (!runsContain(mask, pixel)) mask = withThing(regions, mask, pixel, negative);
  }
  return mask;
}

function beginningOf(regions: RegionSet, { start, box, positive }: Refinement): number {
  if (start !== null && start >= 0 && start < regions.count) return start;
  if (box) return proposalInBox(regions, box);
  const [first] = positive;
  return (first && proposalsAt(regions, first)[0]) ?? salientProposal(regions);
}

function pixelOf({ width, height }: RegionSet, { x, y }: Point): number {
  const column = Math.min(width - 1, Math.max(0, Math.floor(x)));
  const row = Math.min(height - 1, Math.max(0, Math.floor(y)));
  return row * width + column;
}

/** Proposals around a pixel that hold none of the others, from small to large. */
function around(regions: RegionSet, pixel: number, others: readonly number[]): number[] {
  const { width, areas } = regions;
  return coveringProposals(regions, pixel % width, Math.floor(pixel / width))
    .filter((proposal) => !others.some((other) => runsContain(runsOfRegion(regions, proposal), other)))
    .sort((a, b) => (areas[a] ?? 0) - (areas[b] ?? 0));
}

/** The largest of some proposals, from small to large, of which no more than a share of the mask is at stake; else the smallest. */
function largestWithin(
  proposals: readonly number[],
  most: number,
  atStake: (proposal: number) => number,
): number | null {
  let found = proposals[0] ?? null;
  for (const proposal of proposals) {
    if (atStake(proposal) > most) break;
    found = proposal;
  }
  return found;
}

function without(regions: RegionSet, mask: Runs, pixel: number, positive: readonly number[]): Runs {
  const removed = largestWithin(around(regions, pixel, positive), MOST_REMOVED * areaOfRuns(mask), (proposal) =>
    intersectionArea(runsOfRegion(regions, proposal), mask),
  );
  const left = removed === null ? mask : differenceOfRuns(mask, runsOfRegion(regions, removed));
  return left.length > 0 ? left : mask;
}

function withThing(regions: RegionSet, mask: Runs, pixel: number, negative: readonly number[]): Runs {
  const beside = around(regions, pixel, negative).filter(
    (proposal, at) => at === 0 || intersectionArea(runsOfRegion(regions, proposal), mask) === 0,
  );
  const added = largestWithin(beside, MOST_ADDED * areaOfRuns(mask), (proposal) => regions.areas[proposal] ?? 0);
  return added === null ? mask : unionOfRuns(mask, runsOfRegion(regions, added));
}
