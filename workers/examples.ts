import {
  EngineError,
  type Box,
  type ExampleTarget,
  type Point,
  type RegionChoice,
  type RegionOutline,
  type RegionMask,
} from "./contract.ts";
import { outlineOfRuns } from "./imaging/outline.ts";
import type { RegionSet } from "./imaging/region-set.ts";
import { type Runs, areaOfRuns, boxOfRuns, runsOfMask } from "./imaging/runs.ts";
import type { Labelled } from "./labelling.ts";
import { proposalsAt } from "./proposals/choose.ts";
import { proposalCount, runsOfProposal, scoreOfProposal } from "./proposals/pairs.ts";
import { refinedMask } from "./proposals/refine.ts";

/** Most choices handed out for one place: more would only be flipped past. */
const MOST_CHOICES = 12;

/** A proposal with its outline, as a person chooses it. @throws EngineError region-missing */
export function choiceOf(regions: RegionSet, proposal: number): RegionChoice {
  if (!(proposal >= 0 && proposal < proposalCount(regions))) {
    throw new EngineError("region-missing", "There is no such region in the picture.", { proposal });
  }
  const runs = runsOfProposal(regions, proposal);
  return { proposal, score: scoreOfProposal(regions, proposal), ...outlineOf(runs, regions.width) };
}

/** A mask with its outline, as a person sees it. */
export function outlineOf(runs: Runs, width: number): RegionOutline {
  return { box: boxOfRuns(runs, width) as Box, area: areaOfRuns(runs), outline: outlineOfRuns(runs, width) };
}

/** Proposals at a place, the likeliest first, then from small to large. */
export function choicesAt(regions: RegionSet, point: Point): readonly RegionChoice[] {
  return proposalsAt(regions, point)
    .slice(0, MOST_CHOICES)
    .map((proposal) => choiceOf(regions, proposal));
}

/** A mask that was made before, if it is of a picture of this size. @throws EngineError region-missing */
export function runsOfGiven(
  { width, height, runs }: RegionMask,
  size: { readonly width: number; readonly height: number },
): Runs {
  const end = (runs.at(-2) ?? 0) + (runs.at(-1) ?? 0);
  if (width === size.width && height === size.height && runs.length > 0 && end <= width * height) return runs;
  throw new EngineError("region-missing", "The region does not belong to this picture.", { width, height });
}

/** The mask that an example means. @throws EngineError region-missing */
export function runsOfTarget(
  target: ExampleTarget,
  size: { readonly width: number; readonly height: number },
  regions: RegionSet | null,
  labelled: Labelled | null,
): Runs {
  switch (target.kind) {
    case "mask":
      return runsOfGiven(target.mask, size);
    case "whole":
      return new Uint32Array([0, size.width * size.height]);
    case "proposal":
      if (!regions || target.proposal < 0 || target.proposal >= proposalCount(regions)) break;
      return runsOfProposal(regions, target.proposal).slice();
    case "refined":
      if (!regions) break;
      return refinedMask(regions, target.refinement);
    case "region": {
      if (!labelled) break;
      const runs = runsOfMask(labelled.regionMap.map((value) => (value === target.region + 1 ? 1 : 0)));
      if (runs.length === 0) break;
      return runs;
    }
  }
  throw new EngineError("region-missing", "There is no such region in the picture.");
}
