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
 * 2^k * k steps, exact, and every term of the outer sum is itself a divergence, hence not negative.
 */

/** The most items a ranking may have here: 2^8 sets. */
export const MOST_RANKED = 8;

/**
 * Rankings of one list a, to be compared with many lists b. Sets are bit masks over the items. Kept between uses:
 * nothing is allocated after construction.
 */
export class RankingDivergence {
  /** P_a(A) of every set. */
  readonly #reach = new Float64Array(1 << MOST_RANKED);
  /** log of the sum over A of e^(a / tau), of every set. */
  readonly #logSums = new Float64Array(1 << MOST_RANKED);
  /** p_a(i | A) at A * MOST_RANKED + i. */
  readonly #choices = new Float64Array(MOST_RANKED << MOST_RANKED);
  /** a_i / tau. */
  readonly #utilities = new Float64Array(MOST_RANKED);
  readonly #others = new Float64Array(MOST_RANKED);
  #count = 0;
  #tau = 1;

  /**
   * Takes list a: the first `count` numbers.
   * @param count 0..MOST_RANKED. @param tau temperature, > 0, in units of the list.
   */
  setList(list: ArrayLike<number>, count: number, tau: number): void {
    this.#count = count;
    this.#tau = tau;
    for (let i = 0; i < count; i += 1) this.#utilities[i] = (list[i] ?? 0) / tau;
    const all = (1 << count) - 1;
    this.#reach.fill(0, 0, all + 1);
    this.#reach[all] = 1;
    // Taking an item away makes the number of the set smaller: from the top down, every set is complete in time.
    for (let set = all; set > 0; set -= 1) {
      const logSum = logSumOver(set, this.#utilities, count);
      this.#logSums[set] = logSum;
      const reach = this.#reach[set] ?? 0;
      for (let i = 0; i < count; i += 1) {
        if ((set & (1 << i)) === 0) continue;
        const choice = Math.exp((this.#utilities[i] ?? 0) - logSum);
        this.#choices[set * MOST_RANKED + i] = choice;
        const rest = set ^ (1 << i);
        this.#reach[rest] = (this.#reach[rest] ?? 0) + reach * choice;
      }
    }
  }

  /** KL(a || b) in nats, >= 0; `list` holds b for the same items in the same order. */
  to(list: ArrayLike<number>): number {
    const count = this.#count;
    for (let i = 0; i < count; i += 1) this.#others[i] = (list[i] ?? 0) / this.#tau;
    let divergence = 0;
    for (let set = (1 << count) - 1; set > 0; set -= 1) {
      // The gap of the two log sums belongs to every item alike, and p_a(.|A) sums to 1.
      let term = logSumOver(set, this.#others, count) - (this.#logSums[set] ?? 0);
      for (let i = 0; i < count; i += 1) {
        if ((set & (1 << i)) === 0) continue;
        const gap = (this.#utilities[i] ?? 0) - (this.#others[i] ?? 0);
        term += (this.#choices[set * MOST_RANKED + i] ?? 0) * gap;
      }
      divergence += (this.#reach[set] ?? 0) * Math.max(0, term);
    }
    return divergence;
  }
}

/** log of the sum of e^u over a set, safe for utilities of any size. */
function logSumOver(set: number, utilities: Float64Array, count: number): number {
  let highest = -Infinity;
  for (let i = 0; i < count; i += 1) {
    if ((set & (1 << i)) !== 0) highest = Math.max(highest, utilities[i] ?? 0);
  }
  let sum = 0;
  for (let i = 0; i < count; i += 1) {
    if ((set & (1 << i)) !== 0) sum += Math.exp((utilities[i] ?? 0) - highest);
  }
  return highest + Math.log(sum);
}
