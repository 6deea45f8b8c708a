import type { RegionSet } from "../imaging/region-set.ts";
import { atomsOfLeaves, atomsOfMasks, contactsOf, scoresOfAtoms } from "./compose-atoms.ts";
import type { Atoms } from "./compose-atoms.ts";
import { blendOverTree, leanByObjectness, NO_SCORE, scoreTable } from "./compose-blending.ts";
import type { ScoreTable } from "./compose-blending.ts";
import { bestColumns, joinPieces } from "./compose-pieces.ts";
import type { Pieces } from "./compose-pieces.ts";
import { bestOverlaps, nearestReferences, pieceBoxes } from "./compose-evidence.ts";
import { confidenceOf } from "./confidence.ts";
import type { MatchResult } from "./matcher.ts";

/** A class number, or none of the classes. */
export const OTHER = -1;

/** Margins end here: the widest that a difference of two cosines can be. */
const WIDEST_MARGIN = 2;
/**
 * What a class must score to be named at all: "other" scores this much where no anchor does better. Of 0.05 to 0.2 the
 * best compromise between two models and between typed names and examples: a DINOv2 ViT-S alone would like 0.1 for
 * typed names (mIoU 0.338 instead of 0.321 on 64 photographs), the starter 0.15. See docs/method.md.
 */
export const OTHER_FLOOR = 0.125;
/** Pieces smaller than this share of the picture are given to a neighbour. */
const SMALLEST_PIECE = 0.0002;

/** One piece of the labelled picture: connected, of one label. */
export interface ComposedRegion {
  /** Class number of the match, or OTHER. */
  readonly classIndex: number;
  /** The next best class number; OTHER also when there is none. */
  readonly runnerUp: number;
  /** z of the label, mean over the piece. */
  readonly score: number;
  /** Lead over the next best, 0..2. */
  readonly margin: number;
  /** 0..1, see confidenceOf. */
  readonly confidence: number;
  /** Region of the set that is most like the piece: its descriptor stands for the piece. */
  readonly node: number;
  /** At most four rows of the reference table that speak for the label, weightiest first. */
  readonly nearest: readonly number[];
  /** Pixels. */
  readonly area: number;
  /** x, y, width, height in pixels. */
  readonly box: readonly [number, number, number, number];
}

/** A labelled picture before any threshold. Which regions there are does not depend on the threshold. */
export interface Composition {
  readonly width: number;
  readonly height: number;
  /** Every pixel lies in exactly one. */
  readonly regions: readonly ComposedRegion[];
  /** width * height: region index + 1. */
  readonly regionMap: Uint16Array<ArrayBuffer>;
}

/** Labels under a threshold. */
export interface Labelling {
  /** A class number or OTHER for every region. */
  readonly classes: Int32Array<ArrayBuffer>;
  /** width * height: 0 other, class number + 1. */
  readonly classMap: Uint16Array<ArrayBuffer>;
}

/**
 * From scores of regions to a picture in which every pixel has one label. `match` has a row for every region of the
 * set; classes from `anchorsFrom` on are hidden and mean "other".
 * @param trust how much is known of what surrounds things, 0..1, see discriminant.ts
 * @param otherFloor what a class must score to be named at all
 */
export function compose(
  regions: RegionSet,
  match: MatchResult,
  anchorsFrom: number,
  trust = 1,
  otherFloor = OTHER_FLOOR,
): Composition {
  const { width, height, tree } = regions;
  const table = scoreTable(match, anchorsFrom, otherFloor);
  const atoms = tree === null ? atomsOfMasks(regions, match.margin) : atomsOfLeaves(regions, tree.leaves, tree.leafMap);
  const scores = tree === null ? scoresOfAtoms(atoms, table) : blendOverTree(regions, tree, table);
  if (tree !== null) leanByObjectness(regions, tree, scores, 1 - trust);
  const contacts = contactsOf(atoms.map, atoms.count, width);
  const smallest = SMALLEST_PIECE * width * height;
  const pieces = joinPieces(atoms, contacts, bestColumns(scores), smallest, tree === null);
  const described = describePieces(regions, match, atoms, pieces, scores);
  return { width, height, regions: described, regionMap: pieceMap(atoms, pieces) };
}

/** Applies a threshold, 0..1: what is less sure becomes "other". One pass over the pixels and nothing else. */
export function labelRegions(composition: Composition, threshold: number): Labelling {
  const { regions, regionMap } = composition;
  const classes = Int32Array.from(regions, ({ classIndex, confidence }) =>
    confidence < threshold ? OTHER : classIndex,
  );
  const values = new Uint16Array(regions.length + 1);
  for (const [index, classIndex] of classes.entries()) values[index + 1] = classIndex + 1;
  const classMap = new Uint16Array(regionMap.length);
  for (let pixel = 0; pixel < regionMap.length; pixel++) classMap[pixel] = values[regionMap[pixel] ?? 0] ?? 0;
  return { classes, classMap };
}

function pieceMap(atoms: Atoms, pieces: Pieces): Uint16Array<ArrayBuffer> {
  const map = new Uint16Array(atoms.map.length);
  for (let pixel = 0; pixel < map.length; pixel++) map[pixel] = (pieces.ofAtom[atoms.map[pixel] ?? 0] ?? 0) + 1;
  return map;
}

function describePieces(
  regions: RegionSet,
  match: MatchResult,
  atoms: Atoms,
  pieces: Pieces,
  scores: ScoreTable,
): ComposedRegion[] {
  const means = pieceScores(atoms, pieces, scores);
  const boxes = pieceBoxes(regions, atoms, pieces);
  const nodes = bestOverlaps(regions, atoms, pieces);
  const nearest = nearestReferences(match, atoms, pieces, nodes);
  return Array.from({ length: pieces.count }, (_, piece) => {
    const row = piece * scores.columns;
    const label = pieces.labels[piece] ?? 0;
    let second = -1;
    for (let column = 0; column < scores.columns; column++) {
      if (column === label) continue;
      if (second < 0 || (means[row + column] ?? 0) > (means[row + second] ?? 0)) second = column;
    }
    const score = means[row + label] ?? 0;
    const next = second < 0 ? NO_SCORE : (means[row + second] ?? 0);
    const margin = Math.min(WIDEST_MARGIN, Math.max(0, score - next));
    return {
      classIndex: label - 1,
      runnerUp: second <= 0 || next <= NO_SCORE ? OTHER : second - 1,
      score,
      margin,
      confidence: confidenceOf(score, margin),
      node: nodes[piece] ?? 0,
      nearest: nearest[piece] ?? [],
      area: pieces.areas[piece] ?? 0,
      box: boxOfPiece(boxes, piece),
    };
  });
}

function boxOfPiece(boxes: Uint16Array<ArrayBuffer>, piece: number): ComposedRegion["box"] {
  const [x = 0, y = 0, width = 0, height = 0] = boxes.subarray(4 * piece, 4 * piece + 4);
  return [x, y, width, height];
}

/** Mean scores of a piece's atoms by area: pieces * columns. */
function pieceScores(atoms: Atoms, pieces: Pieces, scores: ScoreTable): Float32Array<ArrayBuffer> {
  const { columns } = scores;
  const means = new Float32Array(pieces.count * columns);
  for (let atom = 0; atom < atoms.count; atom++) {
    const piece = pieces.ofAtom[atom] ?? 0;
    const share = (atoms.areas[atom] ?? 0) / (pieces.areas[piece] ?? 1);
    for (let column = 0; column < columns; column++) {
      const at = piece * columns + column;
      means[at] = (means[at] ?? 0) + share * (scores.scores[atom * columns + column] ?? 0);
    }
  }
  return means;
}
