/**
 * Coefficients of the logistic below, fitted and rounded: regions of photographs (objects and pieces of background), 2
 * to 10 classes of 2 to 8 references each at a time, other classes and background as anchors, a DINOv2 ViT-S encoder,
 * whitened. They put regions in order; the share that is right at one confidence differs with model and classes.
 */
const BIAS = -3.5;
const SCORE_WEIGHT = 8;
const MARGIN_WEIGHT = 3;

/**
 * How sure a label is, 0..1: logistic(bias + a * score + b * margin) with a, b > 0, hence monotone in both. What a
 * person's threshold is compared with.
 * @param score z of the label. @param margin its lead over the runner-up, 0..2.
 */
export function confidenceOf(score: number, margin: number): number {
  return 1 / (1 + Math.exp(-(BIAS + SCORE_WEIGHT * score + MARGIN_WEIGHT * margin)));
}
