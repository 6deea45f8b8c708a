import * as v from "valibot";
import { EngineError } from "../contract.ts";
import { parseJson } from "./parse-json.ts";
import { fetchShipped, fetchVerified } from "./shipped-files.ts";

const text = v.pipe(v.string(), v.minLength(1));

/** model.json of the region network. */
const manifestSchema = v.object({
  id: text,
  version: text,
  licence: text,
  // A file beside model.json, never a path that leaves its folder.
  file: v.pipe(v.string(), v.regex(/^[\w-][\w.-]*$/)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

/** The region network as it ships, checksum verified. */
export interface RegionModel {
  readonly id: string;
  readonly file: Blob;
}

/** What messages call it. */
const WHAT = "region model";

/**
 * The region network that ships beside the app.
 *
 * @param base - URL that the app's files are relative to.
 * @throws EngineError model-missing, model-damaged, cancelled.
 */
export async function loadRegionModel(base: string, signal?: AbortSignal): Promise<RegionModel> {
  const url = new URL("models/regions/model.json", base);
  const description = await fetchShipped(url, WHAT, signal);
  const parsed = v.safeParse(manifestSchema, parseJson(await description.text()));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const field = v.getDotPath(issue) ?? "it";
    const message = `The region model's description is not valid: ${field}: ${issue.message}`;
    throw new EngineError("model-damaged", message, { field });
  }
  const { id, file, sha256 } = parsed.output;
  return { id, file: await fetchVerified(new URL(file, url), sha256, WHAT, signal) };
}
