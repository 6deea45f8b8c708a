import type { Descriptors } from "../../imaging/patch-tokens.ts";

/** Regions of one picture of which one is to be chosen: a descriptor and an objectness (0..1) each. */
export interface CandidateRegions {
  /** Unit rows: compared with references. */
  readonly descriptors: Descriptors;
  /** The same less what their picture has in common, unit rows again: compared with other pictures. */
  readonly centred: Descriptors;
  readonly objectness: Float32Array;
}

/** What a region's own objectness counts beside its likeness to the others'. */
const OBJECTNESS_WEIGHT = 0.2;
/** What the objectness of another picture's region counts when it is asked for its likeness: things vote, ground less. */
const PARTNER_WEIGHT = 0.1;
/** Regions of another picture that vote together: one alone may be a chance likeness. */
const BEST_PARTNERS = 2;

/**
 * For every picture the candidate that most likely shows what all of them have in common: most like the best regions of
 * the other pictures and like the references, and most likely a thing of its own.
 *
 * score(x) = mean over voters of vote(x) + 0.2 objectness(x). Another picture votes with the mean of its two highest
 * values of <x, y> + 0.1 objectness(y), both centred; a reference r with <x, r>. How unlike a region is its surroundings is
 * part of its objectness; see docs/method.md for what else was tried.
 * @param references unit rows: what is known of the class already; null for none
 * @returns an index into each picture's candidates; -1 for a picture without any
 */
export function chooseByConsensus(
  pictures: readonly CandidateRegions[],
  references: Descriptors | null = null,
): readonly number[] {
  return pictures.map((picture) => {
    const { count } = picture.descriptors;
    const votes = new Float64Array(count);
    let voters = 0;
    for (const other of pictures) {
      if (other === picture || other.descriptors.count === 0) continue;
      addVotesOfPicture(votes, picture.centred, other);
      voters += 1;
    }
    if (references) {
      addVotesOfReferences(votes, picture.descriptors, references);
      voters += references.count;
    }
    let best = -1;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < count; row += 1) {
      const consensus = voters > 0 ? (votes[row] ?? 0) / voters : 0;
      const score = consensus + OBJECTNESS_WEIGHT * (picture.objectness[row] ?? 0);
      if (score <= bestScore) continue;
      best = row;
      bestScore = score;
    }
    return best;
  });
}

function addVotesOfPicture(votes: Float64Array, rows: Descriptors, { centred, objectness }: CandidateRegions): void {
  const partners = Math.min(BEST_PARTNERS, centred.count);
  const best = new Float64Array(partners);
  for (let row = 0; row < rows.count; row += 1) {
    best.fill(Number.NEGATIVE_INFINITY);
    for (let other = 0; other < centred.count; other += 1) {
      insert(best, product(rows, row, centred, other) + PARTNER_WEIGHT * (objectness[other] ?? 0));
    }
    let sum = 0;
    for (let at = 0; at < partners; at += 1) sum += best[at] ?? 0;
    votes[row] = (votes[row] ?? 0) + sum / partners;
  }
}

function addVotesOfReferences(votes: Float64Array, rows: Descriptors, references: Descriptors): void {
  for (let row = 0; row < rows.count; row += 1) {
    for (let reference = 0; reference < references.count; reference += 1) {
      votes[row] = (votes[row] ?? 0) + product(rows, row, references, reference);
    }
  }
}

/** Keeps the highest values, in descending order. */
function insert(best: Float64Array, value: number): void {
  for (let at = 0; at < best.length; at += 1) {
    const held = best[at] ?? 0;
    if (value <= held) continue;
    best.copyWithin(at + 1, at, best.length - 1);
    best[at] = value;
    return;
  }
}

function product(a: Descriptors, i: number, b: Descriptors, j: number): number {
  const { dimensions } = a;
  const [from, other] = [i * dimensions, j * dimensions];
  let sum = 0;
  for (let d = 0; d < dimensions; d += 1) sum += (a.data[from + d] ?? 0) * (b.data[other + d] ?? 0);
  return sum;
}
