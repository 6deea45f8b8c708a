/**
 * Plackett-Luce distributions over rankings, and the divergence between two of them.
 *
 * A ranking is drawn by choosing again and again from the items left, item i with probability
 * e^(a_i / tau) / sum over the items left. The chance of a choice depends on the set left and on nothing else, so the
 * divergence of two such distributions is a sum over sets instead of permutations:
 *
 *   KL(a || b) = sum over sets A of P_a(A) * sum over i in A of p_a(i|A) log(p_a(i|A) / p_b(i|A)),
 *   P_a(A) = sum over j not in A of P_a(A + j) p_a(j | A + j),   P_a(all) = 1:
 *
 * 2^k * k steps, exact. The logarithm is (a_i - b_i) / tau + log S_b(A) - log S_a(A), S(A) being the sum of e^(. / tau)
 * over A; and since every item is chosen exactly once, sum over A of P_a(A) p_a(i|A) is 1 for every i. So
 *
 *   KL(a || b) = sum over i of (a_i - b_i) / tau + sum over A of P_a(A) log(S_b(A) / S_a(A)):
 *
 * for every further list b no more than one sum and one logarithm a set.
 */

/** The most items a ranking may have here: 2^8 sets. */
export const MOST_RANKED = 8;

/** A gap of so many temperatures counts as this one: beyond it e^-gap is no number any more. */
const WIDEST_GAP = 600;

/**
 * Rankings of one list a, to be compared with many lists b. Sets are bit masks over the items. Kept between uses:
 * nothing is allocated after construction.
 */
export class RankingDivergence {
  /** P_a(A) of every set. */
  readonly #reach = new Float64Array(1 << MOST_RANKED);
  /** S_a(A), up to a common factor. */
  readonly #sums = new Float64Array(1 << MOST_RANKED);
  /** S_b(A), likewise. */
  readonly #others = new Float64Array(1 << MOST_RANKED);
  /** Sum of a / tau, less k times its highest. */
  #total = 0;
  #count = 0;
  #tau = 1;

  /**
   * Takes list a: the first `count` numbers.
   * @param count 0..MOST_RANKED. @param tau temperature, > 0, in units of the list.
   */
  setList(list: ArrayLike<number>, count: number, tau: number): void {
    this.#count = count;
    this.#tau = tau;
    const sums = this.#sums;
    const reach = this.#reach;
    this.#total = sumsOverSets(list, count, tau, sums);
    const all = (1 << count) - 1;
    reach.fill(0, 0, all);
    reach[all] = 1;
    // Taking an item away makes the number of the set smaller: from the top down, every set is complete in time.
    for (let set = all; set > 0; set -= 1) {
      const share = (reach[set] ?? 0) / (sums[set] ?? 1);
      for (let left = set; left > 0; left &= left - 1) {
        const item = left & -left;
        const rest = set ^ item;
        reach[rest] = (reach[rest] ?? 0) + share * (sums[item] ?? 0);
      }
    }
  }

  /** KL(a || b) in nats, >= 0; `list` holds b for the same items in the same order. */
  to(list: ArrayLike<number>): number {
    const sums = this.#sums;
    const others = this.#others;
    const reach = this.#reach;
    let divergence = this.#total - sumsOverSets(list, this.#count, this.#tau, others);
    for (let set = (1 << this.#count) - 1; set > 0; set -= 1) {
      divergence += (reach[set] ?? 0) * Math.log((others[set] ?? 1) / (sums[set] ?? 1));
    }
    return Math.max(0, divergence);
  }
}

/**
 * Sums of e^((u - highest) / tau) over all sets of items, by set.
 * @returns the sum of (u - highest) / tau over all items.
 */
function sumsOverSets(list: ArrayLike<number>, count: number, tau: number, sums: Float64Array): number {
  let highest = -Infinity;
  for (let i = 0; i < count; i += 1) highest = Math.max(highest, list[i] ?? 0);
  let total = 0;
  sums[0] = 0;
  for (let i = 0; i < count; i += 1) {
    const utility = Math.max(-WIDEST_GAP, ((list[i] ?? 0) - highest) / tau);
    const weight = Math.exp(utility);
    const bit = 1 << i;
    total += utility;
    // Sets whose last item is this one: those of the items before it, with it.
    for (let set = 0; set < bit; set += 1) sums[bit + set] = (sums[set] ?? 0) + weight;
  }
  return total;
}
