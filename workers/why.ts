import {
  EngineError,
  type Candidate,
  type ClassId,
  type Counterfactual,
  type Explanation,
  type ReferenceId,
  type RegionIndex,
} from "./contract.ts";
import type { RegionSet } from "./imaging/region-set.ts";
import type { JobContext } from "./job-queue.ts";
import { classAt, type Labelled, type Matching } from "./labelling.ts";
import type { MatchTable } from "./match-table.ts";
import { compose, labelRegions, OTHER_FLOOR } from "./matching/compose.ts";
import { withGains } from "./matching/discriminant.ts";
import { similaritiesOf } from "./matching/explanation.ts";
import { expectedListsOf } from "./matching/lists/class-lists.cpu.ts";
import { DEFAULT_PARAMETERS, NO_CLASS } from "./matching/matcher.ts";
import type { ReferenceTable } from "./matching/reference-table.ts";
import { tableWithout } from "./matching/table-without.ts";

/** References named for a region. */
const MOST_NEAREST = 8;
/** References that are left out one by one to see what would become of a region. */
const MOST_LEFT_OUT = 3;
/** Products of region and reference that all counterfactuals of one region may take together. */
const MOST_PRODUCTS = 12_000_000;

/** Why a region has its name: ranked classes with their evidence, and the references nearest to it. */
export function explainRegion(labelled: Labelled, region: RegionIndex): Explanation {
  const node = labelled.nodes[region];
  if (node === undefined) throw new EngineError("region-missing", "The region is no longer there.", { region });
  const { match, result } = labelled;
  const { slots, candidates, similarity, divergence, score } = result;
  const places = Array.from({ length: slots }, (_, slot) => node * slots + slot)
    .filter((at) => (candidates[at] ?? NO_CLASS) !== NO_CLASS)
    .sort((a, b) => (score[b] ?? 0) - (score[a] ?? 0));
  const numbers = places.map((at) => candidates[at] ?? 0);
  const expected = expectedScores(match.table, numbers);
  const ranked = places.map((at, place): Candidate => {
    const index = numbers[place] ?? 0;
    const isAnchor = index >= match.table.anchorsFrom;
    return {
      classId: classAt(match, index),
      name: match.names[index] ?? "",
      similarity: similarity[at] ?? 0,
      divergence: divergence[at] ?? null,
      score: score[at] ?? 0,
      expected: isAnchor ? [] : (expected[place] ?? []),
      surroundingsOf: isAnchor ? (match.anchors[index - match.table.anchorsFrom] ?? null) : null,
    };
  });
  const named = numbers.filter((index) => index < match.table.anchorsFrom);
  return { region, candidates: ranked, floor: OTHER_FLOOR, nearest: nearestOf(labelled, node, named, MOST_NEAREST) };
}

/** Own lists of some classes, each over those classes. */
function expectedScores(table: ReferenceTable, numbers: readonly number[]): readonly (readonly number[])[] {
  const lists = expectedListsOf(table);
  lists.know(numbers, numbers.length);
  return numbers.map((one) => numbers.map((other) => lists.values[one * table.classes + other] ?? 0));
}

/** The references of some classes that are most like a node, each once. */
function nearestOf(
  { match, descriptors: { data, dimensions } }: Labelled,
  node: number,
  classes: readonly number[],
  most: number,
): Explanation["nearest"] {
  const descriptor = data.subarray(node * dimensions, (node + 1) * dimensions);
  const seen = new Set<ReferenceId>();
  const nearest: Explanation["nearest"][number][] = [];
  for (const one of similaritiesOf(descriptor, match.table, classes)) {
    const reference = match.references[one.reference];
    const classId = classAt(match, one.classIndex);
    if (!reference || !classId || seen.has(reference)) continue;
    seen.add(reference);
    nearest.push({ reference, classId, similarity: one.similarity });
    if (nearest.length === most) break;
  }
  return nearest;
}

/**
 * What would become of a region without what speaks for it: the whole picture is matched and put together again, so that
 * the answer is what the person would see.
 */
export async function whatIfWithout(
  labelled: Labelled,
  regions: RegionSet,
  region: RegionIndex,
  threshold: number,
  { matcher }: Pick<Matching, "matcher">,
  { breathe }: Pick<JobContext, "breathe">,
): Promise<readonly Counterfactual[]> {
  const { match, descriptors, gains } = labelled;
  const { table } = match;
  const rows = table.classOffsets[table.classes] ?? 0;
  const affordable = Math.floor(MOST_PRODUCTS / Math.max(1, rows * descriptors.count));
  const found: Counterfactual[] = [];
  for (const without of questionsOf(labelled, region).slice(0, Math.max(1, affordable))) {
    await breathe();
    const reduced = tableWithout(table, rowsOf(match, without));
    const ranked = await matcher.match(descriptors, reduced, DEFAULT_PARAMETERS);
    const result = gains ? withGains(ranked, gains, table.anchorsFrom) : ranked;
    const { classMap } = labelRegions(compose(regions, result, table.anchorsFrom, match.trust), threshold);
    found.push({ without, ...mostlyUnder(labelled, region, classMap) });
  }
  return found;
}

type Without = Counterfactual["without"];

/** What speaks for a region, the weightiest first: its class's nearest references and the class, or surroundings. */
function questionsOf(labelled: Labelled, region: RegionIndex): readonly Without[] {
  const summary = labelled.regions[region];
  const node = labelled.nodes[region];
  if (!summary || node === undefined) throw new EngineError("region-missing", "The region is no longer there.");
  const { match } = labelled;
  const { classId } = summary;
  if (classId === null) return match.anchors.length > 0 ? [{ kind: "surroundings" }] : [];
  const own = nearestOf(labelled, node, [match.classes.indexOf(classId)], MOST_LEFT_OUT);
  return [...own.map(({ reference }): Without => ({ kind: "reference", reference })), { kind: "class", classId }];
}

/** Rows of the table that something has in it; a reference goes with its surroundings. */
function rowsOf(match: MatchTable, without: Without): ReadonlySet<number> {
  const { anchorsFrom, classOffsets } = match.table;
  const isGone = (row: number): boolean => {
    switch (without.kind) {
      case "reference": {
        const anchor = row - (classOffsets[anchorsFrom] ?? 0);
        return match.references[row] === without.reference || match.anchors[anchor] === without.reference;
      }
      case "class": {
        const index = match.classes.indexOf(without.classId);
        return row >= (classOffsets[index] ?? 0) && row < (classOffsets[index + 1] ?? 0);
      }
      case "surroundings":
        return row >= (classOffsets[anchorsFrom] ?? 0);
    }
  };
  return new Set([...match.references.keys()].filter(isGone));
}

/** What most of a region's pixels are in a class map, and how many of them. */
function mostlyUnder(
  { regionMap, classes }: Labelled,
  region: RegionIndex,
  classMap: Uint16Array,
): { readonly classId: ClassId | null; readonly share: number } {
  const counts = new Uint32Array(classes.length + 1);
  let total = 0;
  for (let pixel = 0; pixel < regionMap.length; pixel += 1) {
    if (regionMap[pixel] !== region + 1) continue;
    const label = classMap[pixel] ?? 0;
    counts[label] = (counts[label] ?? 0) + 1;
    total += 1;
  }
  const label = counts.indexOf(Math.max(...counts));
  return { classId: classes[label - 1] ?? null, share: (counts[label] ?? 0) / Math.max(1, total) };
}
