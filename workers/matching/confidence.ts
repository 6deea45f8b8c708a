/** Weights of the logistic below. */
const SCORE_WEIGHT = 6;
const MARGIN_WEIGHT = 12;
const BIAS = -3;

/**
 * How sure a label is, 0..1: logistic(bias + a * score + b * margin) with a, b > 0, hence monotone in both. What a
 * person's threshold is compared with.
 * @param score z of the label. @param margin its lead over the runner-up, 0..2.
 */
export function confidenceOf(score: number, margin: number): number {
  return 1 / (1 + Math.exp(-(BIAS + SCORE_WEIGHT * score + MARGIN_WEIGHT * margin)));
}
