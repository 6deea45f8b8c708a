import { EngineError } from "../contract.ts";
import type { FloatTensor, ModelSession, ValueInfo } from "./inference.ts";

/** The one input of a feature model. */
export const INPUT_NAME = "pixel_values";
/** The output that holds the tokens; others are ignored. */
export const OUTPUT_NAME = "last_hidden_state";

/** What a probe run finds out about a feature model. */
export interface FeatureContract {
  /** Side of a patch in model pixels. */
  readonly patch: number;
  /** Numbers per token (D). */
  readonly dimensions: number;
  /** Tokens before the patches: CLS and registers. */
  readonly prefixTokens: number;
}

// DINOv2 has 14; DINOv3 and most others 16; the small DINO models 8.
const PATCH_SIZES = [14, 16, 8] as const;
const LARGEST_PREFIX = 64;
// Probe pictures are two and three patches high and this many wide: so wide that no other patch size gives as many
// columns, however it rounds at the border.
const COLUMNS = 20;
const LOW = 2;
const HIGH = 3;

const list = (values: readonly ValueInfo[]): string =>
  values
    .map(({ name, type, shape }) => `${name} (${type}${shape.length > 0 ? ` [${shape.join(", ")}]` : ""})`)
    .join(", ") || "none";

const WANTED =
  `Wanted: one input ${INPUT_NAME} (float32, batch x 3 x height x width, any size) ` +
  `and an output ${OUTPUT_NAME} (float32, batch x tokens x dimensions).`;

function refusal(name: string, session: ModelSession, problem: string): EngineError {
  const inputs = list(session.inputs);
  const outputs = list(session.outputs);
  return new EngineError(
    "model-wrong-contract",
    `${name} ${problem}. Found: inputs ${inputs}; outputs ${outputs}. ${WANTED}`,
    { name, inputs, outputs },
  );
}

/** What is wrong with the declared inputs and outputs, or null. */
function declarationProblem(session: ModelSession): string | null {
  const input = session.inputs.find(({ name }) => name === INPUT_NAME);
  const output = session.outputs.find(({ name }) => name === OUTPUT_NAME);
  if (!input) return `has no input ${INPUT_NAME}`;
  if (session.inputs.length > 1) return "needs more than one input";
  if (!output) return `has no output ${OUTPUT_NAME}`;
  if (input.type !== "float32") return `takes ${input.type} pixels`;
  if (output.type !== "float32") return `gives ${output.type} tokens`;
  if (input.shape.length > 0 && input.shape.length !== 4) return `takes an input of rank ${input.shape.length}`;
  if (output.shape.length > 0 && output.shape.length !== 3) return `gives an output of rank ${output.shape.length}`;
  const [, channels, height, width] = input.shape;
  if (typeof channels === "number" && channels > 0 && channels !== 3) return `takes ${channels} channels`;
  if ([height, width].some((side) => typeof side === "number" && side > 0)) {
    return `takes pictures of ${height} x ${width} only`;
  }
  return null;
}

/** A picture of smooth waves in all channels: not constant, so that normalisations inside have something to divide by. */
function probePixels(rows: number, columns: number): FloatTensor {
  const data = new Float32Array(3 * rows * columns);
  for (let index = 0; index < data.length; index++) {
    data[index] = Math.sin((index % columns) / 5) + Math.cos(Math.floor(index / columns) / 7);
  }
  return { data, dims: [1, 3, rows, columns] };
}

async function probe(session: ModelSession, height: number, width: number): Promise<FloatTensor | null> {
  const results = await session.run({ [INPUT_NAME]: probePixels(height, width) }, [OUTPUT_NAME]);
  return results[OUTPUT_NAME] ?? null;
}

/**
 * Reads patch size, D and the prefix from the shapes of two probe outputs, for pictures of 2 x 20 and of 3 x 20 patches of
 * a supposed size. The second must have just 20 tokens more; what the first has beyond 40 are the prefix tokens.
 *
 * @returns null when the outputs do not fit the supposed patch size.
 */
export function readProbes(patch: number, low: readonly number[], high: readonly number[]): FeatureContract | null {
  const [lowBatch, lowTokens, dimensions] = low;
  const [highBatch, highTokens, highDimensions] = high;
  if (low.length !== 3 || high.length !== 3 || lowBatch !== 1 || highBatch !== 1) return null;
  if (lowTokens === undefined || highTokens === undefined || dimensions === undefined) return null;
  if (dimensions < 1 || dimensions !== highDimensions) return null;
  const prefixTokens = lowTokens - LOW * COLUMNS;
  if (highTokens - lowTokens !== (HIGH - LOW) * COLUMNS || prefixTokens < 0 || prefixTokens > LARGEST_PREFIX)
    return null;
  return { patch, dimensions, prefixTokens };
}

const finite = (values: Float32Array): boolean => values.every((value) => Number.isFinite(value));

/**
 * Checks that an opened model keeps the features contract, by its declarations and by probe runs on small pictures.
 *
 * @param name - of the file, for the refusal.
 * @throws EngineError model-wrong-contract, saying what was found and what is wanted; model-failed when every probe run
 *   fails; out-of-memory and gpu-lost as they come.
 */
export async function checkFeatureContract(session: ModelSession, name: string): Promise<FeatureContract> {
  const problem = declarationProblem(session);
  if (problem) throw refusal(name, session, problem);
  let failure: EngineError | null = null;
  for (const patch of PATCH_SIZES) {
    try {
      const low = await probe(session, LOW * patch, COLUMNS * patch);
      const high = await probe(session, HIGH * patch, COLUMNS * patch);
      const contract = low && high && readProbes(patch, low.dims, high.dims);
      if (!contract) continue;
      if (!finite(high.data)) throw refusal(name, session, "gives numbers that are not finite");
      return contract;
    } catch (cause) {
      // A model may well refuse sizes that are no multiple of its patch.
      if (!(cause instanceof EngineError) || cause.code !== "model-failed") throw cause;
      failure = cause;
    }
  }
  throw failure ?? refusal(name, session, `has no patches of ${PATCH_SIZES.join(", ")} pixels`);
}
