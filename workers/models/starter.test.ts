import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { EngineError } from "../contract.ts";
import { loadStarter, type StarterManifest } from "./starter.ts";

const D = 2;
const MODEL = Buffer.from("weights");
const NUMBERS = Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
const STATISTICS = Buffer.from(NUMBERS.buffer);
/** Two rows: their scales, then their numbers. */
const ANSWERS = Buffer.concat([
  Buffer.from(Float32Array.of(2.5, 0.5).buffer),
  Buffer.from(Int8Array.of(2, -4, 127, 0).buffer),
]);
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

const MANIFEST: StarterManifest = {
  id: "starter-test",
  name: "Test starter",
  version: "1",
  licence: "Apache-2.0",
  file: "model.onnx",
  bytes: MODEL.length,
  sha256: sha256(MODEL),
  patch: 16,
  dimensions: D,
  prefixTokens: 1,
  input: { name: "pixel_values", mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2], preferredLongSide: 512 },
  output: { name: "last_hidden_state" },
  statistics: {
    file: "statistics.bin",
    sha256: sha256(STATISTICS),
    photoMean: { offset: 0, length: D },
    pictogramMean: { offset: D, length: D },
    whitening: { offset: 2 * D, length: D * D, layout: "row-major", regulariser: 0.5 },
  },
  pictograms: null,
};

let server: Server | null = null;
afterEach(() => {
  server?.close();
  server = null;
});

/** Serves an app under /app/ and gives its base; paths that are not there answer with the app's page, as some hosts do. */
async function serve(files: Readonly<Record<string, string | Buffer>>, page = false): Promise<string> {
  const started = createServer((request, response) => {
    const content = files[(request.url ?? "").replace("/app/models/starter/", "")];
    if (content !== undefined) response.writeHead(200, { "content-type": "application/octet-stream" }).end(content);
    else if (page) response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html>");
    else response.writeHead(404).end();
  });
  server = started;
  await new Promise<void>((resolve) => {
    started.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/app/index.html`;
}

const files = (
  manifest: unknown = MANIFEST,
  model = MODEL,
  statistics = STATISTICS,
): Record<string, string | Buffer> => ({
  "model.json": JSON.stringify(manifest),
  "model.onnx": model,
  "statistics.bin": statistics,
});

async function refusal(base: string, signal?: AbortSignal): Promise<string> {
  const cause: unknown = await loadStarter(base, signal).catch((error: unknown) => error);
  if (!(cause instanceof EngineError)) throw new Error("the starter was accepted");
  return `${cause.code}: ${cause.message}`;
}

describe("the starter model", () => {
  it("is loaded from beside the app with its statistics", async () => {
    const starter = await loadStarter(await serve(files()));
    expect(starter.info).toEqual({
      id: "starter-test",
      name: "Test starter",
      origin: "starter",
      licence: "Apache-2.0",
      bytes: MODEL.length,
      sha256: sha256(MODEL),
      patch: 16,
      dimensions: D,
    });
    expect(await starter.file.text()).toBe("weights");
    expect([starter.inputMean, starter.inputStd, starter.preferredLongSide]).toEqual([
      [0.5, 0.5, 0.5],
      [0.2, 0.2, 0.2],
      512,
    ]);
    expect(starter.statistics).toEqual({
      photoMean: Float32Array.of(1, 2),
      pictogramMean: Float32Array.of(3, 4),
      whitening: Float32Array.of(5, 6, 7, 8),
      regulariser: 0.5,
      pictograms: null,
    });
  });

  it("brings what its teacher saw in pictograms, whether or not a glyph asks for colour", async () => {
    const pictograms = { file: "pictograms.bin", sha256: sha256(ANSWERS), glyphs: "🐈 ✈" };
    const served = { ...files({ ...MANIFEST, pictograms }), "pictograms.bin": ANSWERS };
    const known = (await loadStarter(await serve(served))).statistics?.pictograms;
    expect(known?.of("🐈")).toEqual(Float32Array.of(5, -10));
    expect(known?.of("✈\uFE0F")).toEqual(Float32Array.of(63.5, 0));
    expect(known?.of("🐕")).toBeNull();
  });

  it("is refused when its answers on pictograms do not match their checksum, their size or are not finite", async () => {
    const refused = async (answers: Buffer, digest = sha256(answers)): Promise<string> => {
      server?.close();
      const pictograms = { file: "pictograms.bin", sha256: digest, glyphs: "🐈 ✈" };
      return refusal(await serve({ ...files({ ...MANIFEST, pictograms }), "pictograms.bin": answers }));
    };
    expect(await refused(ANSWERS, sha256(MODEL))).toContain("does not match its checksum");
    expect(await refused(ANSWERS.subarray(1))).toContain("on pictograms have 11 bytes instead of 12");
    expect(await refused(Buffer.concat([Buffer.alloc(8), ANSWERS.subarray(8)]))).toContain("are not finite");
  });

  it("may come without a mean of pictograms", async () => {
    const { statistics, ...rest } = MANIFEST;
    const starter = await loadStarter(
      await serve(files({ ...rest, statistics: { ...statistics, pictogramMean: null } })),
    );
    expect(starter.statistics?.pictogramMean).toBeNull();
  });

  it("is refused when a file does not match its checksum", async () => {
    const changed = "model-damaged: A file of the starter model does not match its checksum.";
    expect(await refusal(await serve(files(MANIFEST, Buffer.from("Weights"))))).toBe(changed);
    expect(await refusal(await serve(files(MANIFEST, MODEL, Buffer.from("short"))))).toBe(changed);
  });

  it("is missing, not damaged, where it was not installed", async () => {
    const missing = "model-missing: The starter model is not where the app is.";
    expect(await refusal(await serve({}))).toBe(missing);
    expect(await refusal(await serve({}, true))).toBe(missing);
    expect(await refusal(await serve({ "model.json": JSON.stringify(MANIFEST) }, true))).toBe(missing);
    expect(await refusal("http://127.0.0.1:9/app/")).toBe("model-missing: The starter model could not be fetched.");
  });

  it("says which field of its description is wrong", async () => {
    const wrong: [unknown, string][] = [
      [{ ...MANIFEST, patch: 0 }, "patch"],
      [{ ...MANIFEST, sha256: "abc" }, "sha256"],
      [{ ...MANIFEST, file: "../../elsewhere.onnx" }, "file"],
      [{ ...MANIFEST, file: "https://example.org/model.onnx" }, "file"],
      [{ ...MANIFEST, input: { ...MANIFEST.input, mean: [0, 0] } }, "input.mean"],
      [{ ...MANIFEST, output: { name: "logits" } }, "output.name"],
    ];
    for (const [manifest, field] of wrong) {
      expect(await refusal(await serve(files(manifest)))).toContain(`description is not valid: ${field}`);
      server?.close();
    }
    expect(await refusal(await serve({ "model.json": "not json" }))).toContain("model-damaged");
  });

  it("is refused when its statistics do not fit its dimensions or are not finite", async () => {
    const { statistics, ...rest } = MANIFEST;
    const span = (change: object): unknown => ({ ...rest, statistics: { ...statistics, ...change } });
    expect(await refusal(await serve(files(span({ photoMean: { offset: 0, length: 3 } }))))).toContain(
      "mean of photographs has 3 numbers instead of 2",
    );
    server?.close();
    expect(await refusal(await serve(files(span({ pictogramMean: { offset: 7, length: 2 } }))))).toContain(
      "mean of pictograms lies outside its file",
    );
    server?.close();
    const bad = Buffer.from(Float32Array.from([1, 2, 3, 4, 5, Number.NaN, 7, 8]).buffer);
    expect(await refusal(await serve(files(span({ sha256: sha256(bad) }), MODEL, bad)))).toContain(
      "whitening is not finite",
    );
  });

  it("stops loading when it is cancelled", async () => {
    const base = await serve(files());
    expect(await refusal(base, AbortSignal.abort())).toBe("cancelled: Loading the starter model was cancelled.");
  });
});
