import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { EngineError } from "../contract.ts";
import { loadRegionModel } from "./region-model.ts";

const MODEL = Buffer.from("weights");
const MANIFEST = {
  id: "regions-test",
  version: "1",
  licence: "Apache-2.0",
  file: "model.onnx",
  sha256: createHash("sha256").update(MODEL).digest("hex"),
};

let server: Server | null = null;
afterEach(() => {
  server?.close();
  server = null;
});

/** Serves the model's folder under /app/ and gives the app's address. */
async function serve(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const started = createServer((request, response) => {
    const content = files[(request.url ?? "").replace("/app/models/regions/", "")];
    if (content === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": "application/octet-stream" }).end(content);
  });
  server = started;
  await new Promise<void>((resolve) => {
    started.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/app/index.html`;
}

async function refusal(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const cause: unknown = await loadRegionModel(await serve(files)).catch((error: unknown) => error);
  if (!(cause instanceof EngineError)) throw new Error("the region model was accepted");
  return `${cause.code}: ${cause.message}`;
}

test("the region model is loaded from beside the app", async () => {
  const model = await loadRegionModel(await serve({ "model.json": JSON.stringify(MANIFEST), "model.onnx": MODEL }));
  expect([model.id, await model.file.text()]).toEqual(["regions-test", "weights"]);
});

test("a region model that was changed on its way is refused", async () => {
  expect(await refusal({ "model.json": JSON.stringify(MANIFEST), "model.onnx": Buffer.from("other") })).toBe(
    "model-damaged: A file of the region model does not match its checksum.",
  );
});

test("a region model whose description leads out of its folder is refused, naming the field", async () => {
  const manifest = { ...MANIFEST, file: "../starter/model.onnx" };
  expect(await refusal({ "model.json": JSON.stringify(manifest) })).toMatch(
    /^model-damaged: The region model's description is not valid: file: /,
  );
});

test("a region model that was not installed is missing, not damaged", async () => {
  expect(await refusal({})).toBe("model-missing: The region model is not where the app is.");
});
