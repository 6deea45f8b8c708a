import * as v from "valibot";
import { EngineError, type ModelId, type ModelInfo } from "../contract.ts";
import { INPUT_NAME, OUTPUT_NAME } from "./contract-check.ts";
import type { FeatureModel, ModelStatistics } from "./feature-session.ts";
import { parseJson } from "./parse-json.ts";
import { PictogramAnswers } from "./pictogram-answers.ts";
import { fetchShipped, fetchVerified } from "./shipped-files.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const offset = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.pipe(v.string(), v.minLength(1));
const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
// A file beside model.json, never a path that leaves its folder.
const fileName = v.pipe(v.string(), v.regex(/^[\w-][\w.-]*$/));
const triple = v.tuple([v.number(), v.number(), v.number()]);
const span = v.object({ offset, length: count });
// Pictograms are compared under a firmer regulariser than photographs, which must leave room for that.
const FIRMEST = 4;

/** model.json: what the starter is, and where in statistics.bin its statistics are, in 32-bit floats. */
const manifestSchema = v.object({
  id: text,
  name: text,
  version: v.union([text, v.number()]),
  licence: text,
  file: fileName,
  bytes: count,
  sha256: digest,
  patch: count,
  dimensions: count,
  prefixTokens: offset,
  input: v.object({ name: v.literal(INPUT_NAME), mean: triple, std: triple, preferredLongSide: count }),
  output: v.object({ name: v.literal(OUTPUT_NAME) }),
  statistics: v.object({
    file: fileName,
    sha256: digest,
    photoMean: span,
    pictogramMean: v.optional(v.nullable(span), null),
    whitening: v.object({
      ...span.entries,
      layout: v.literal("row-major"),
      regulariser: v.pipe(v.number(), v.gtValue(0), v.maxValue(FIRMEST)),
    }),
  }),
  // `glyphs`: those of the rows of the file, with blanks between them.
  pictograms: v.optional(v.nullable(v.object({ file: fileName, sha256: digest, glyphs: text })), null),
});

/** What ships as the starter. */
export type StarterManifest = v.InferOutput<typeof manifestSchema>;

/** The starter with its files, checksums verified. */
export interface StarterModel extends FeatureModel {
  readonly file: Blob;
}

const damaged = (message: string, data: Record<string, string | number> = {}): EngineError =>
  new EngineError("model-damaged", message, data);

/** Checks what model.json holds. @throws EngineError model-damaged, naming the field. */
function parseStarterManifest(value: unknown): StarterManifest {
  const parsed = v.safeParse(manifestSchema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue) ?? "it";
  throw damaged(`The starter model's description is not valid: ${field}: ${issue.message}`, { field });
}

/** The starter as the page sees it. */
export function starterInfo(manifest: StarterManifest): ModelInfo {
  const { id, name, licence, bytes, sha256, patch, dimensions } = manifest;
  return { id: id as ModelId, name, origin: "starter", licence, bytes, sha256, patch, dimensions };
}

/**
 * Reads the statistics of a model from its file.
 *
 * @param bytes - little-endian 32-bit floats.
 * @throws EngineError model-damaged when a span has the wrong length, leaves the file, or holds a number that is not
 *   finite.
 */
function readStatistics(manifest: StarterManifest, bytes: ArrayBuffer): Omit<ModelStatistics, "pictograms"> {
  const { dimensions, statistics } = manifest;
  const view = new DataView(bytes);
  const take = (name: string, { offset, length }: { offset: number; length: number }, wanted: number) => {
    if (length !== wanted) throw damaged(`The starter model's ${name} has ${length} numbers instead of ${wanted}.`);
    if ((offset + length) * 4 > bytes.byteLength) throw damaged(`The starter model's ${name} lies outside its file.`);
    const values = Float32Array.from({ length }, (_, index) => view.getFloat32((offset + index) * 4, true));
    if (!values.every((value) => Number.isFinite(value))) throw damaged(`The starter model's ${name} is not finite.`);
    return values;
  };
  const { photoMean, pictogramMean, whitening } = statistics;
  return {
    photoMean: take("mean of photographs", photoMean, dimensions),
    pictogramMean: pictogramMean ? take("mean of pictograms", pictogramMean, dimensions) : null,
    whitening: take("whitening", whitening, dimensions * dimensions),
    regulariser: whitening.regulariser,
  };
}

/** What messages call it. */
const STARTER = "starter model";

/** Where the starter is: beside the app, whatever path the app is served under. */
const starterUrl = (base: string): URL => new URL("models/starter/model.json", base);

/**
 * The starter's description alone.
 *
 * @param base - URL that the app's files are relative to.
 * @throws EngineError model-missing, model-damaged, cancelled.
 */
export async function loadStarterManifest(base: string, signal?: AbortSignal): Promise<StarterManifest> {
  const file = await fetchShipped(starterUrl(base), STARTER, signal);
  return parseStarterManifest(parseJson(await file.text()));
}

/**
 * The model that ships with the app, with its statistics, every file checked against its SHA-256.
 *
 * @param base - URL that the app's files are relative to.
 * @throws EngineError model-missing, model-damaged, cancelled.
 */
export async function loadStarter(base: string, signal?: AbortSignal): Promise<StarterModel> {
  const manifest = await loadStarterManifest(base, signal);
  const { sha256, prefixTokens, input, statistics, pictograms } = manifest;
  const url = starterUrl(base);
  const [file, numbers, answers] = await Promise.all([
    fetchVerified(new URL(manifest.file, url), sha256, STARTER, signal),
    fetchVerified(new URL(statistics.file, url), statistics.sha256, STARTER, signal),
    pictograms && fetchVerified(new URL(pictograms.file, url), pictograms.sha256, STARTER, signal),
  ]);
  const known =
    pictograms && answers
      ? new PictogramAnswers(pictograms.glyphs.split(" "), manifest.dimensions, await answers.arrayBuffer())
      : null;
  return {
    file,
    info: starterInfo(manifest),
    prefixTokens,
    inputMean: input.mean,
    inputStd: input.std,
    preferredLongSide: input.preferredLongSide,
    statistics: { ...readStatistics(manifest, await numbers.arrayBuffer()), pictograms: known },
  };
}
