import { EngineError } from "../contract.ts";
import type { PatchTokens } from "../imaging/patch-tokens.ts";
import { resizeToPlanes } from "../imaging/resize.ts";
import type { PixelSource } from "../imaging/resize.ts";
import type { FeatureSession } from "../models/feature-session.ts";

/** Pixels of a model's input: both sides are whole patches. */
export interface ModelSize {
  readonly width: number;
  readonly height: number;
}

/** Pictures of one size that go through the model together: more would only cost memory. */
const LARGEST_BATCH = 8;

/**
 * The model input for a picture: the long side is as many whole patches as fit into `longSide`, the short side keeps
 * the aspect to the nearest patch, and neither is less than one patch (so a 10000 x 10 strip becomes one patch high).
 * @param patch side of a patch, model px.
 */
export function modelSize(picture: ModelSize, patch: number, longSide: number): ModelSize {
  const longPatches = Math.max(1, Math.floor(longSide / patch));
  const scale = longPatches / Math.max(picture.width, picture.height);
  const side = (length: number): number => patch * Math.max(1, Math.round(length * scale));
  return { width: side(picture.width), height: side(picture.height) };
}

/**
 * Patch tokens of pictures, in their order. Pictures whose model input has the same size share a run.
 * @param longSide long side of the model input, model px; by default what the session prefers.
 * @throws EngineError as the session does; "picture-empty" for a picture without pixels.
 */
export async function extractTokens(
  session: FeatureSession,
  pictures: readonly PixelSource[],
  longSide: number = session.preferredLongSide,
): Promise<PatchTokens[]> {
  const found: PatchTokens[] = [];
  for (const { size, members } of batches(session, pictures, longSide)) {
    const numbers = 3 * size.width * size.height;
    const input = new Float32Array(members.length * numbers);
    const normalisation = { mean: session.inputMean, std: session.inputStd };
    members.forEach(({ picture }, slot) => {
      resizeToPlanes(picture, size.width, size.height, normalisation, input, slot * numbers);
    });
    const tokens = await session.run(input, members.length, size.height, size.width);
    members.forEach(({ index }, slot) => {
      const one = tokens[slot];
      if (!one) {
        throw new EngineError("model-failed", "The feature model gave fewer results than pictures.", {
          pictures: members.length,
          results: tokens.length,
        });
      }
      found[index] = one;
    });
  }
  return found;
}

interface Batch {
  readonly size: ModelSize;
  readonly members: { readonly picture: PixelSource; readonly index: number }[];
}

function batches(session: FeatureSession, pictures: readonly PixelSource[], longSide: number): Batch[] {
  const all: Batch[] = [];
  const open = new Map<string, Batch>();
  pictures.forEach((picture, index) => {
    if (picture.width < 1 || picture.height < 1) {
      throw new EngineError("picture-empty", "A picture without pixels has no features.");
    }
    const size = modelSize(picture, session.info.patch, longSide);
    const key = `${size.width} x ${size.height}`;
    let batch = open.get(key);
    if (!batch || batch.members.length === LARGEST_BATCH) {
      batch = { size, members: [] };
      open.set(key, batch);
      all.push(batch);
    }
    batch.members.push({ picture, index });
  });
  return all;
}
