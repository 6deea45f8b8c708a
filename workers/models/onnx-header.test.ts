import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { checkOnnxHeader } from "./onnx-header.ts";

const model = await readFile(new URL("../../e2e/fixtures/models/tiny-features.onnx", import.meta.url));

const check = (bytes: BlobPart[]): Promise<string> =>
  checkOnnxHeader(new Blob(bytes), "it.onnx").then(
    () => "accepted",
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
  );

describe("the header of an ONNX file", () => {
  it("accepts a whole model", async () => {
    expect(await check([new Uint8Array(model)])).toBe("accepted");
  });

  it("says that a model was cut short, wherever it was cut after its first field", async () => {
    for (const length of [2, 3, 20, 40, 500, model.length - 20, model.length - 1]) {
      const found = await check([new Uint8Array(model.subarray(0, length))]);
      expect(found, `cut to ${length} bytes`).toBe("model-not-onnx: it.onnx is an ONNX model that was cut short.");
    }
  });

  it("refuses files of other kinds", async () => {
    const others: Record<string, BlobPart> = {
      text: "This is a text that somebody renamed to end in .onnx.",
      page: "<!doctype html><title>404</title>",
      json: '{"irVersion": 8}',
      pointer: "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
      png: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
      zip: new Uint8Array([0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0]),
      zeros: new Uint8Array(4096),
      ones: new Uint8Array(4096).fill(0xff),
    };
    for (const [kind, bytes] of Object.entries(others)) {
      expect(await check([bytes]), `a ${kind} file`).toBe("model-not-onnx: it.onnx is not an ONNX model.");
    }
  });

  it("names an empty file as empty", async () => {
    expect(await check([])).toBe("model-not-onnx: it.onnx is empty.");
  });
});
