import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** A wish on the command line that cannot be met: said without a stack. */
export class UsageError extends Error {}

/** One of a few words. @throws UsageError */
export function oneOf<Word extends string>(option: string, value: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) throw new UsageError(`--${option} is one of ${words.join(", ")}, not “${value}”.`);
  return found;
}

/** A number in a range. @throws UsageError */
export function numberIn(option: string, value: string, least: number, most: number): number {
  const found = Number(value);
  if (value.trim() === "" || !(found >= least && found <= most)) {
    const range = most === Number.POSITIVE_INFINITY ? `${least} or more` : `between ${least} and ${most}`;
    throw new UsageError(`--${option} is a number, ${range}, not “${value}”.`);
  }
  return found;
}

/** "starter" or the path of a file. @throws UsageError when there is no such file */
export function modelPath(value: string): string {
  if (value === "starter") return value;
  const path = resolve(value);
  if (!existsSync(path)) throw new UsageError(`There is no model file ${value}.`);
  return path;
}

/** Runs a command: what went wrong is said in one sentence, and the exit code says that something did. */
export async function runCommand(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (cause) {
    const isForeseen = cause instanceof UsageError || process.env["DEBUG"] === undefined;
    process.stderr.write(`${isForeseen && cause instanceof Error ? cause.message : String((cause as Error).stack)}\n`);
    process.exitCode = 2;
  }
}
