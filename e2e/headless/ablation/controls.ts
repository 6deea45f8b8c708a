import { DEFAULT_PARAMETERS, type MatchParameters } from "../../../workers/matching/matcher.ts";
import type { Comparison } from "./ranking.ts";
import type { ListSource, Similarity } from "./similarities.ts";

/**
 * What the descriptors and the table are made of. "alone": similarities and rankings alone, under the model's own whitening;
 * "fitted": under one that is fitted to the bank's photographs; "learned": with what is learned from the pieces of the
 * references too, as in the app. The others are "alone" and lack one thing more.
 */
export type Features = "alone" | "fitted" | "learned" | "no whitening" | "no centring" | "no anchors";

/** One way to name regions. */
export interface Control {
  readonly name: string;
  readonly features: Features;
  readonly similarity: Similarity;
  readonly lists: ListSource;
  readonly comparison: Comparison;
  /** What is tried for it on one half of the pictures. */
  readonly grid: readonly MatchParameters[];
  /** What "other" scores, as it is tried on one half: depends on what the scores are. */
  readonly floors: readonly number[];
}

const SIZES = [4, 6, 8];
const TEMPERATURES = [0.02, 0.04, 0.06, 0.1];
const WEIGHTS = [0.05, 0.1, 0.2, 0.4];

const RANK_GRID = SIZES.flatMap((k) => TEMPERATURES.flatMap((tau) => WEIGHTS.map((lambda) => ({ k, tau, lambda }))));
const FULL_GRID = TEMPERATURES.flatMap((tau) => WEIGHTS.map((lambda) => ({ k: 8, tau, lambda })));
const ALONE_GRID = SIZES.flatMap((k) => TEMPERATURES.map((tau) => ({ k, tau, lambda: 1 })));
const PLAIN = [{ ...DEFAULT_PARAMETERS, k: 8, lambda: 0 }];

const COSINES = [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4];
const SHARES = [0.1, 0.2, 0.3, 0.45, 0.6];
const DIVERGENCES = [-6, -3, -1.5, -0.75, -0.4];
const BOUNDED = [-1.6, -1.2, -0.8, -0.4, -0.2];

type Rest = Partial<Omit<Control, "name" | "similarity">>;

function control(name: string, similarity: Similarity, rest: Rest = {}): Control {
  return {
    name,
    similarity,
    features: "alone",
    lists: "members",
    comparison: "none",
    grid: PLAIN,
    floors: similarity === "vote" ? SHARES : COSINES,
    ...rest,
  };
}

const ranked: Rest = { comparison: "rank", grid: RANK_GRID };

/** What everything is compared with: half the prototype, half the nearest reference, no ranking. */
export const BASELINE = "both";

/** The table of controls. */
export const CONTROLS: readonly Control[] = [
  control("nearest", "nearest"),
  control("prototype", "prototype"),
  control(BASELINE, "both"),
  control("vote of the nearest", "vote"),
  control("nearest + rank KL", "nearest", ranked),
  control("prototype + rank KL", "prototype", ranked),
  control("both + rank KL", "both", ranked),
  control("vote + rank KL", "vote", ranked),
  control("both + rank KL, reversed", "both", { comparison: "rank reverse", grid: RANK_GRID }),
  control("both + rank KL, lists of prototypes", "both", { ...ranked, lists: "prototypes" }),
  control("rank KL alone", "both", { comparison: "rank alone", grid: ALONE_GRID, floors: DIVERGENCES }),
  control("rank KL alone, lists of prototypes", "both", {
    comparison: "rank alone",
    grid: ALONE_GRID,
    floors: DIVERGENCES,
    lists: "prototypes",
  }),
  control("both + full-list KL", "both", { comparison: "full", grid: FULL_GRID }),
  control("full-list KL alone", "both", { comparison: "full alone", grid: FULL_GRID, floors: BOUNDED }),
  control("both + rank KL, no whitening", "both", { ...ranked, features: "no whitening" }),
  control("both + rank KL, no centring", "both", { ...ranked, features: "no centring" }),
  control("both + rank KL, no anchors", "both", { ...ranked, features: "no anchors" }),
  control("both, fitted", "both", { features: "fitted" }),
  control("both + rank KL, fitted", "both", { ...ranked, features: "fitted" }),
  control("both, learned", "both", { features: "learned" }),
  control("vote of the nearest, learned", "vote", { features: "learned" }),
  control("both + rank KL, learned (the app)", "both", { ...ranked, features: "learned" }),
  control("both + full-list KL, learned", "both", { comparison: "full", grid: FULL_GRID, features: "learned" }),
];

/** Those that are also taken through whole pictures: the others lose on true masks and cost as much. */
export const WHOLE_PICTURES: ReadonlySet<string> = new Set([
  "nearest",
  "prototype",
  BASELINE,
  "both + rank KL",
  "both + rank KL, no whitening",
  "both + rank KL, no centring",
  "both, fitted",
  "both, learned",
  "both + rank KL, learned (the app)",
]);

/** Settings in a few characters. */
export const describe = ({ k, tau, lambda }: MatchParameters): string =>
  lambda === 0 ? "" : `k ${k}, tau ${tau}, lambda ${lambda}`;
