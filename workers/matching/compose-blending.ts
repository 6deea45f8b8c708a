import type { RegionSet, RegionTree } from "../imaging/region-set.ts";
import type { MatchResult } from "./matcher.ts";
import { NO_CLASS } from "./ranking/layout.ts";
import type { Ranking } from "./ranking/layout.ts";

/** z of every class for some areas of a picture. Column 0 is "other", column c + 1 is class c. */
export interface ScoreTable {
  /** Rows. */
  readonly count: number;
  /** Classes + 1. */
  readonly columns: number;
  /** count * columns. */
  readonly scores: Float32Array<ArrayBuffer>;
}

/** In place of z where a class has no references: the lowest cosine. */
export const NO_SCORE = -1;
/** What did not come among the candidates is this far below the least of them. */
const BELOW_CANDIDATES = 0.001;

/**
 * Writes out the k candidates of every region. "Other" is the best anchor, but `otherFloor` at least. When all slots are taken,
 * classes outside them score a little less than the least candidate; when not, they have no references: NO_SCORE.
 */
export function scoreTable(
  ranking: Ranking & Pick<MatchResult, "other">,
  anchorsFrom: number,
  otherFloor: number,
): ScoreTable {
  const { count, slots, candidates, score, other } = ranking;
  const columns = anchorsFrom + 1;
  const scores = new Float32Array(count * columns);
  for (let region = 0; region < count; region++) {
    const row = region * columns;
    const first = region * slots;
    let used = 0;
    let lowest = Number.POSITIVE_INFINITY;
    while (used < slots && candidates[first + used] !== NO_CLASS) {
      lowest = Math.min(lowest, score[first + used] ?? 0);
      used++;
    }
    scores.fill(used === slots && used > 0 ? lowest - BELOW_CANDIDATES : NO_SCORE, row, row + columns);
    let anchor = NO_SCORE;
    for (let slot = first; slot < first + used; slot++) {
      const candidate = candidates[slot] ?? 0;
      if (candidate >= anchorsFrom) anchor = Math.max(anchor, score[slot] ?? 0);
      else scores[row + candidate + 1] = score[slot] ?? 0;
    }
    scores[row] = Math.max(anchor, otherFloor + (other?.[region] ?? 0));
  }
  return { count, columns, scores };
}

/** A node's word counts by its area to this power: less, the larger it is. */
const AREA_POWER = -0.2;

/**
 * Scores of the leaves of a tree: the mean over a leaf and its ancestors but the whole picture, small ones counting more.
 * A leaf alone is too small to be recognised, and most large nodes mix things. Of powers of the area from -0.4 to 0.3 and
 * of the objectness from 0 to 0.5, of limits on the area of 0.05 to all, and of soft votes at four temperatures, this was
 * best or less than a point from it on both halves of coco-dev, with all classes and with a picture's own.
 */
export function blendOverTree(regions: RegionSet, tree: RegionTree, table: ScoreTable): ScoreTable {
  const { columns } = table;
  const total = regions.width * regions.height;
  const sums = new Float32Array(table.scores.length);
  const weights = new Float32Array(table.count);
  for (let node = table.count - 1; node >= 0; node--) {
    const isAll = node >= tree.leaves && regions.areas[node] === total;
    const own = isAll ? 0 : ((regions.areas[node] ?? total) / total) ** AREA_POWER;
    const parent = tree.parent[node] ?? -1;
    weights[node] = own + (parent < 0 ? 0 : (weights[parent] ?? 0));
    for (let column = 0; column < columns; column++) {
      const above = parent < 0 ? 0 : (sums[parent * columns + column] ?? 0);
      sums[node * columns + column] = above + own * (table.scores[node * columns + column] ?? 0);
    }
  }
  const scores = sums.slice(0, tree.leaves * columns);
  for (let leaf = 0; leaf < tree.leaves; leaf++) {
    const share = 1 / (weights[leaf] ?? 1);
    for (let column = 0; column < columns; column++) {
      scores[leaf * columns + column] = (scores[leaf * columns + column] ?? 0) * share;
    }
  }
  return { count: tree.leaves, columns, scores };
}

/** Objectness at which a place is as likely part of a thing as not. */
const EVEN_OBJECTNESS = 0.5;
/** What "other" gains or loses by it, at most twice as much: of 0.05 to 0.3, see docs/method.md. */
const OBJECTNESS_WEIGHT = 0.1;

/**
 * Where little is known of what surrounds things, what is likely no thing at all leans to "other", and what is likely one
 * away from it: by the objectness of the likeliest region that each leaf lies in, the whole picture aside.
 * @param scores of the leaves; changed. @param ignorance 0..1: how little is known
 */
export function leanByObjectness(
  regions: RegionSet,
  tree: RegionTree,
  { columns, scores }: ScoreTable,
  ignorance: number,
): void {
  const total = regions.width * regions.height;
  const likeliest = new Float32Array(regions.count);
  for (let node = regions.count - 1; node >= 0; node--) {
    const own = regions.areas[node] === total ? 0 : (regions.scores[node] ?? 0);
    const parent = tree.parent[node] ?? -1;
    likeliest[node] = Math.max(own, parent < 0 ? 0 : (likeliest[parent] ?? 0));
  }
  for (let leaf = 0; leaf < tree.leaves; leaf++) {
    const lean = ignorance * OBJECTNESS_WEIGHT * (EVEN_OBJECTNESS - (likeliest[leaf] ?? 0));
    scores[leaf * columns] = (scores[leaf * columns] ?? 0) + lean;
  }
}
