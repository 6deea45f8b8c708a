import { EngineError } from "../../contract.ts";
import type { PatchTokens } from "../../imaging/patch-tokens.ts";
import { type PixelSource, resizeToPlanes } from "../../imaging/resize.ts";
import type { ModelSession } from "../../models/inference.ts";
import { EMBEDDING_SIZE, type RegionMaps } from "./maps.ts";

/** Pixels of the network's picture along a patch of the feature model, and cells of its maps. */
const PIXELS_A_PATCH = 16;
const CELLS_A_PATCH = 4;
/** The pictures that the network was trained on: ImageNet's channel statistics. */
const NORMALISATION = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
const OUTPUTS = ["boundary", "thing", "embedding"] as const;

/** Runs the region network on pictures. */
export class RegionNetwork {
  readonly #session: ModelSession;

  /** @param session stays the caller's to close */
  constructor(session: ModelSession) {
    this.#session = session;
  }

  /**
   * The maps of a picture.
   * @param tokens whitened; the network sees only how alike they are, so that any encoder's do.
   * @returns null where the tokens make no numbers of it: something in them is not finite.
   * @throws EngineError model-failed, model-wrong-contract, out-of-memory, gpu-lost
   */
  async run(picture: PixelSource, tokens: PatchTokens): Promise<RegionMaps | null> {
    const { rows, columns, dimensions, data } = tokens;
    const [height, width] = [rows * PIXELS_A_PATCH, columns * PIXELS_A_PATCH];
    const pixels = new Float32Array(3 * width * height);
    resizeToPlanes(picture, width, height, NORMALISATION, pixels);
    const found = await this.#session.run(
      {
        pixel_values: { data: pixels, dims: [1, 3, height, width] },
        tokens: { data, dims: [1, rows, columns, dimensions] },
      },
      OUTPUTS,
    );
    const cells = rows * columns * CELLS_A_PATCH ** 2;
    const take = (name: (typeof OUTPUTS)[number], numbers: number): Float32Array<ArrayBuffer> => {
      const tensor = found[name];
      if (tensor?.data.length === numbers) return tensor.data;
      throw new EngineError("model-wrong-contract", `The region model gave no ${name} of ${numbers} numbers.`);
    };
    const boundary = take("boundary", cells);
    const thing = take("thing", cells);
    const embedding = take("embedding", cells * EMBEDDING_SIZE);
    if (!boundary.every(Number.isFinite) || !embedding.every(Number.isFinite)) return null;
    return { rows: rows * CELLS_A_PATCH, columns: columns * CELLS_A_PATCH, boundary, thing, embedding };
  }
}
