import type { ClassId, RegionChoice } from "./contract.ts";
import { choiceOf } from "./examples.ts";
import { poolOnCpu } from "./features/pooling/pooling.cpu.ts";
import { normalise, whiten } from "./features/whitening.ts";
import { patchCoverage } from "./imaging/coverage.ts";
import type { Descriptors } from "./imaging/patch-tokens.ts";
import { type RegionSet, regionSetOfMasks, runsOfRegion } from "./imaging/region-set.ts";
import type { Runs } from "./imaging/runs.ts";
import type { Prepared } from "./learning.ts";
import type { DescribedPicture } from "./pictures.ts";
import { likelyThings } from "./proposals/candidates.ts";
import { salientProposal } from "./proposals/choose.ts";
import type { Bank } from "./references/bank/bank.ts";
import { type CandidateRegions, chooseByConsensus } from "./references/localisation/consensus.ts";

/** Proposals of a picture among which its thing is looked for; twice as many gain nothing, see docs/method.md. */
const MOST_CANDIDATES = 64;
/** Width of the border on each side, as a share of that side's length; and how much of its mean is taken away, as in the match. */
const BORDER = 0.1;
const BORDER_SHARE = 0.75;
/** References of the class that are asked: the newest, which are most likely of the same kind as what comes now. */
const MOST_REFERENCES = 16;

/** The little of a picture that is kept while others are looked at: a described picture is a hundred times as large. */
export interface Sighting {
  readonly candidates: CandidateRegions;
  /** The candidates' masks. */
  readonly regions: RegionSet;
  /** The candidates' numbers among all proposals of the picture. */
  readonly proposals: readonly number[];
  /** Number of the most salient proposal, when that is no candidate as well. */
  readonly salient: number;
}

/** What a picture may be an example of. */
export function sightingOf({ regions, tokens }: DescribedPicture): Sighting {
  const proposals = likelyThings(regions, MOST_CANDIDATES);
  const salient = salientProposal(regions);
  if (!proposals.includes(salient)) proposals.push(salient);
  const masks = proposals.map((proposal) => runsOfRegion(regions, proposal).slice());
  const objectness = Float32Array.from(proposals, (proposal) => regions.scores[proposal] ?? 0);
  const { width, height } = regions;
  const candidates = regionSetOfMasks(width, height, masks, objectness);
  const withBorder = regionSetOfMasks(
    width,
    height,
    [...masks, borderOf(width, height)],
    new Float32Array(masks.length + 1),
  );
  const means = poolOnCpu(tokens, patchCoverage(withBorder, tokens.rows, tokens.columns));
  return {
    candidates: { ...descriptorsOf(means), objectness },
    regions: candidates,
    proposals,
    salient,
  };
}

/** The frame along a picture's edges. */
function borderOf(width: number, height: number): Runs {
  const [across, down] = [Math.ceil(BORDER * width), Math.ceil(BORDER * height)];
  const runs: number[] = [];
  for (let y = 0; y < height; y += 1) {
    if (y < down || y >= height - down) runs.push(y * width, width);
    else runs.push(y * width, across, (y + 1) * width - across, across);
  }
  return Uint32Array.from(runs);
}

/** Descriptors of all masks but the last, which is the border: as they are, and less most of the border's. */
function descriptorsOf({ count, dimensions, data }: Descriptors): Pick<CandidateRegions, "descriptors" | "centred"> {
  const rows = { count: count - 1, dimensions, data: data.slice(0, (count - 1) * dimensions) };
  const border = data.subarray((count - 1) * dimensions);
  const less = rows.data.map((value, at) => value - BORDER_SHARE * (border[at % dimensions] ?? 0));
  return { descriptors: normalise(rows), centred: normalise({ ...rows, data: less }) };
}

/** Where each picture's thing is: by what they and the references have in common, by salience when there is just one. */
export function localise(sightings: readonly Sighting[], references: Descriptors | null): readonly RegionChoice[] {
  const isAlone = sightings.length < 2 && !references;
  const chosen = chooseByConsensus(
    sightings.map(({ candidates }) => candidates),
    references,
  );
  return sightings.map(({ regions, proposals, salient }, at) => {
    const index = isAlone ? proposals.indexOf(salient) : (chosen[at] ?? 0);
    return { ...choiceOf(regions, index), proposal: proposals[index] ?? salient };
  });
}

/** What the model knows of a class's photographs, newest first, as unit rows; null when there are none. */
export function knownExamples(bank: Bank, classId: ClassId | null, { session, profile }: Prepared): Descriptors | null {
  const { id, dimensions } = session.info;
  const own = classId === null ? undefined : bank.descriptorsOf(id).find((one) => one.classId === classId);
  // Pictograms are drawn, and little is like a drawing: a region of a photograph is not chosen by them.
  const rows = (own?.references ?? []).filter(({ domain }) => domain === "photo").slice(-MOST_REFERENCES);
  if (rows.length === 0) return null;
  const data = new Float32Array(rows.length * dimensions);
  rows.forEach(({ vector }, at) => data.set(vector, at * dimensions));
  return whiten({ count: rows.length, dimensions, data }, profile.photo);
}
