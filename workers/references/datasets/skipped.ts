import type { Skipped } from "../../contract.ts";

/** Names kept for each reason. */
const MOST_EXAMPLES = 4;

/** Counts what is left out of a data set, by reason. */
export class SkippedList {
  readonly #byReason = new Map<string, { count: number; readonly examples: string[] }>();

  /** @param reason as Skipped has it */
  add(reason: string, example: string): void {
    const known = this.#byReason.get(reason) ?? { count: 0, examples: [] };
    known.count += 1;
    if (known.examples.length < MOST_EXAMPLES && !known.examples.includes(example)) known.examples.push(example);
    this.#byReason.set(reason, known);
  }

  /** The most frequent first. */
  list(): readonly Skipped[] {
    return [...this.#byReason]
      .map(([reason, { count, examples }]) => ({ reason, count, examples: [...examples] }))
      .sort((a, b) => b.count - a.count);
  }
}
