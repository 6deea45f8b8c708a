import { EngineError } from "../contract.ts";

/** U+FE0F asks for the coloured form of a character; a glyph is the same with and without it. */
const keyOf = (glyph: string): string => glyph.replaceAll("\uFE0F", "");

/**
 * What is seen in pictograms, mostly by a larger model. They are the same for everyone, so that a small model need not be
 * shown them: it brings the answers of the model that it was taught by, in whose space its own answers are.
 */
export class PictogramAnswers {
  readonly #rows: ReadonlyMap<string, number>;
  readonly #dimensions: number;
  readonly #scales: Float32Array;
  readonly #vectors: Int8Array;

  /**
   * @param glyphs - one for each row.
   * @param bytes - for each row one 32-bit little-endian float, its scale; then for each row D bytes with signs.
   * @throws EngineError model-damaged when the file has another size or a scale is no positive number.
   */
  constructor(glyphs: readonly string[], dimensions: number, bytes: ArrayBuffer) {
    const wanted = glyphs.length * (4 + dimensions);
    if (bytes.byteLength !== wanted) {
      const message = `The starter model's answers on pictograms have ${bytes.byteLength} bytes instead of ${wanted}.`;
      throw new EngineError("model-damaged", message);
    }
    const view = new DataView(bytes);
    this.#scales = Float32Array.from(glyphs, (_, row) => view.getFloat32(4 * row, true));
    if (!this.#scales.every((scale) => scale > 0 && Number.isFinite(scale))) {
      throw new EngineError("model-damaged", "The starter model's answers on pictograms are not finite.");
    }
    this.#vectors = new Int8Array(bytes, 4 * glyphs.length);
    this.#rows = new Map(glyphs.map((glyph, row) => [keyOf(glyph), row]));
    this.#dimensions = dimensions;
  }

  /** The mean token [D] under a glyph; null when nothing is known of it. */
  of(glyph: string): Float32Array<ArrayBuffer> | null {
    const row = this.#rows.get(keyOf(glyph));
    if (row === undefined) return null;
    const scale = this.#scales[row] ?? 0;
    const from = row * this.#dimensions;
    return Float32Array.from(this.#vectors.subarray(from, from + this.#dimensions), (value) => value * scale);
  }
}
