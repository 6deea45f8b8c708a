import { EngineError, type ModelInfo, type ModelInUse } from "../contract.ts";
import type { PatchTokens } from "../imaging/patch-tokens.ts";
import { INPUT_NAME, OUTPUT_NAME, type FeatureContract } from "./contract-check.ts";
import type { FloatTensor, ModelSession } from "./inference.ts";
import type { PictogramAnswers } from "./pictogram-answers.ts";

/** Statistics of a model's patch tokens; they ship with a model or are estimated by the engine. */
export interface ModelStatistics {
  /** D: mean token of photographs. */
  readonly photoMean: Float32Array<ArrayBuffer>;
  /** D: mean token of pictograms. */
  readonly pictogramMean: Float32Array<ArrayBuffer> | null;
  /** D x D, row-major: whitened = whitening * (token - mean). */
  readonly whitening: Float32Array<ArrayBuffer>;
  /** Share of the mean eigenvalue that was added to the covariance before it was inverted. */
  readonly regulariser: number;
  /** What is known of pictograms without a look at them; null: nothing. */
  readonly pictograms: PictogramAnswers | null;
}

type ChannelTriple = readonly [number, number, number];

/** How pictures become pixel values: (RGB/255 - mean) / std, and how large they are best. */
export interface FeatureInput {
  readonly inputMean: ChannelTriple;
  readonly inputStd: ChannelTriple;
  /** Long side in pixels at which the model describes best; a multiple of the patch. */
  readonly preferredLongSide: number;
}

/** ImageNet's channel statistics, which every model of the DINOv2 family takes. */
export const IMAGENET_INPUT = {
  inputMean: [0.485, 0.456, 0.406],
  inputStd: [0.229, 0.224, 0.225],
} as const satisfies Omit<FeatureInput, "preferredLongSide">;

/** An opened feature model. */
export interface FeatureSession extends FeatureInput {
  readonly info: ModelInUse;
  /** Null for a model that brought none. */
  readonly statistics: ModelStatistics | null;
  /**
   * Patch tokens of a batch of pictures of one size.
   *
   * @param pixelValues - batch x 3 x height x width, normalised by inputMean and inputStd; stays the caller's.
   * @param height - pixels, a multiple of info.patch, as is width.
   * @returns one grid of height/patch x width/patch tokens per picture, without CLS and registers.
   * @throws EngineError model-failed, model-wrong-contract (an output of another shape than the probe run's),
   *   out-of-memory, gpu-lost; internal when the arguments do not fit together.
   */
  run(pixelValues: Float32Array<ArrayBuffer>, batch: number, height: number, width: number): Promise<PatchTokens[]>;
  dispose(): Promise<void>;
}

/** What makes a feature session of an opened graph. */
export interface FeatureModel extends FeatureInput {
  readonly info: ModelInfo;
  readonly prefixTokens: number;
  readonly statistics: ModelStatistics | null;
}

/** Cuts a batch's output into one token grid per picture, leaving the prefix tokens out. */
export function splitTokens(
  output: FloatTensor,
  batch: number,
  rows: number,
  columns: number,
  contract: Omit<FeatureContract, "patch">,
): PatchTokens[] {
  const { dimensions, prefixTokens } = contract;
  const tokens = prefixTokens + rows * columns;
  const wanted = [batch, tokens, dimensions];
  if (output.dims.length !== 3 || wanted.some((side, axis) => side !== output.dims[axis])) {
    const message = `The model gave an output of ${output.dims.join(" x ")} where ${wanted.join(" x ")} was expected.`;
    throw new EngineError("model-wrong-contract", message);
  }
  return Array.from({ length: batch }, (_, index) => {
    const start = (index * tokens + prefixTokens) * dimensions;
    return { rows, columns, dimensions, data: output.data.slice(start, start + rows * columns * dimensions) };
  });
}

/** Wraps an opened graph that keeps the features contract, at standard detail; takes the graph over. */
export function featureSession(session: ModelSession, model: FeatureModel): FeatureSession {
  const { info, inputMean, inputStd, preferredLongSide, statistics, prefixTokens } = model;
  const { patch, dimensions } = info;
  return {
    info: { ...info, base: info.id, detail: "standard" },
    inputMean,
    inputStd,
    preferredLongSide,
    statistics,
    async run(pixelValues, batch, height, width) {
      const fits = batch >= 1 && height >= patch && width >= patch && height % patch === 0 && width % patch === 0;
      if (!fits || pixelValues.length !== batch * 3 * height * width) {
        const message = `Pixel values of ${pixelValues.length} numbers are no ${batch} x 3 x ${height} x ${width} batch of ${patch} px patches.`;
        throw new EngineError("internal", message);
      }
      const feeds = { [INPUT_NAME]: { data: pixelValues, dims: [batch, 3, height, width] } };
      const output = (await session.run(feeds, [OUTPUT_NAME]))[OUTPUT_NAME];
      if (!output) throw new EngineError("model-failed", `${info.name} gave no output.`);
      return splitTokens(output, batch, height / patch, width / patch, { dimensions, prefixTokens });
    },
    dispose: () => session.close(),
  };
}
