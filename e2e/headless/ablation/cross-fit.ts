import { addCounts, emptyCounts, type MapCounts, meanOverlap } from "../scoring/map-scores.ts";
import { bootstrap, type Estimate } from "./bootstrap.ts";

/** 0 for pictures at even places of their dataset, 1 for odd ones. */
export type Half = 0 | 1;

/** What a picture gave under each of several choices, and in which half it is. */
export interface Tried<Outcome> {
  readonly half: Half;
  readonly outcomes: readonly Outcome[];
}

/** A figure of some outcomes, each of which counts so many times. */
export type Figure<Outcome> = (outcomes: readonly Outcome[], weights: ArrayLike<number>) => number;

/** Choices made on one half and figures of the other, both ways round. */
export interface CrossFitted<Outcome> {
  /** Place of the choice that is best on the even pictures, and on the odd ones. */
  readonly choices: readonly [number, number];
  /** Figure of the odd pictures under what was chosen on the even ones; of the even under the odd ones' choice. */
  readonly figures: readonly [number, number];
  /** Every picture's outcome under what was chosen without it. */
  readonly outcomes: readonly Outcome[];
}

/** The figure of outcomes that count once each. */
export function figureOf<Outcome>(figure: Figure<Outcome>, outcomes: readonly Outcome[]): number {
  return figure(outcomes, new Float64Array(outcomes.length).fill(1));
}

/** Chooses on one half and takes the other's outcomes, both ways round; of equals the first choice. */
export function crossFit<Outcome>(tried: readonly Tried<Outcome>[], figure: Figure<Outcome>): CrossFitted<Outcome> {
  const count = tried[0]?.outcomes.length ?? 0;
  const under = (half: Half, choice: number): Outcome[] =>
    tried.filter((one) => one.half === half).flatMap((one) => one.outcomes[choice] ?? []);
  const bestOn = (half: Half): number => {
    let best = 0;
    let highest = Number.NEGATIVE_INFINITY;
    for (let choice = 0; choice < count; choice += 1) {
      const value = figureOf(figure, under(half, choice));
      if (value > highest) [best, highest] = [choice, value];
    }
    return best;
  };
  const choices = [bestOn(0), bestOn(1)] as const;
  return {
    choices,
    figures: [figureOf(figure, under(1, choices[0])), figureOf(figure, under(0, choices[1]))],
    outcomes: tried.flatMap(({ half, outcomes }) => outcomes[choices[half === 0 ? 1 : 0]] ?? []),
  };
}

/** How much more one way gives than another on the same pictures, with its 95 % interval. */
export function difference<Outcome>(
  one: readonly Outcome[],
  other: readonly Outcome[],
  figure: Figure<Outcome>,
): Estimate {
  return bootstrap(one.length, (weights) => figure(one, weights) - figure(other, weights));
}

/** Share of things named right. */
export const shareRight: Figure<{ readonly right: number; readonly known: number }> = (outcomes, weights) => {
  let right = 0;
  let known = 0;
  for (const [at, outcome] of outcomes.entries()) {
    right += (weights[at] ?? 0) * outcome.right;
    known += (weights[at] ?? 0) * outcome.known;
  }
  return right / known;
};

/** mIoU of pictures together. */
export const mapFigure: Figure<MapCounts> = (outcomes, weights) => {
  const sums = emptyCounts((outcomes[0]?.truth.length ?? 1) - 1);
  for (const [at, counts] of outcomes.entries()) addCounts(sums, counts, weights[at] ?? 0);
  return meanOverlap(sums);
};
