/** A line for the report. */
export const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** One line on the terminal that says how far a job has come; in a log, a line now and then. */
export class ProgressLine {
  readonly #begun = performance.now();
  readonly #title: string;
  readonly #total: number;
  #last = 0;

  constructor(title: string, total: number) {
    this.#title = title;
    this.#total = total;
  }

  /** @param done steps done so far. @param detail what is being worked on */
  show(done: number, detail = ""): void {
    const now = performance.now();
    const isTerminal = process.stderr.isTTY;
    if (now - this.#last < (isTerminal ? 100 : 10_000) && done < this.#total) return;
    this.#last = now;
    const seconds = (now - this.#begun) / 1000;
    const left = done > 0 ? `, about ${Math.ceil((seconds / done) * (this.#total - done))} s left` : "";
    const line = `${this.#title} ${done} of ${this.#total}${done < this.#total ? left : `, ${seconds.toFixed(0)} s`} ${detail}`;
    if (isTerminal) process.stderr.write(`\r${line.slice(0, 110).padEnd(110)}${done === this.#total ? "\n" : ""}`);
    else process.stderr.write(`${line.trimEnd()}\n`);
  }
}

/** Rows as columns of equal width: the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  return rows
    .map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  "),
    )
    .join("\n");
}

/** The middle value; not a number for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
