import { describe, expect, it } from "vitest";
import { EngineError } from "../contract.ts";
import { checkFeatureContract, readProbes } from "./contract-check.ts";
import type { ModelSession, ValueInfo } from "./inference.ts";

const INPUT: ValueInfo = { name: "pixel_values", type: "float32", shape: ["batch", 3, "height", "width"] };
const OUTPUT: ValueInfo = { name: "last_hidden_state", type: "float32", shape: ["batch", "tokens", 6] };

interface Graph {
  inputs?: ValueInfo[];
  outputs?: ValueInfo[];
  patch?: number;
  prefix?: number;
  value?: number;
  /** What happens to sizes that are no multiple of the patch. */
  border?: "cut" | "pad" | "fail";
}

/** A session that answers as a feature model of these properties does. */
function graph({
  inputs = [INPUT],
  outputs = [OUTPUT],
  patch = 14,
  prefix = 1,
  value = 0.5,
  border = "cut",
}: Graph): ModelSession {
  return {
    inputs,
    outputs,
    run(feeds) {
      const [, , height = 0, width = 0] = feeds["pixel_values"]?.dims ?? [];
      if (border === "fail" && (height % patch > 0 || width % patch > 0)) {
        return Promise.reject(new EngineError("model-failed", "The sizes do not fit."));
      }
      const round = border === "pad" ? Math.ceil : Math.floor;
      const tokens = prefix + round(height / patch) * round(width / patch);
      const data = new Float32Array(tokens * 6).fill(value);
      return Promise.resolve({ last_hidden_state: { data, dims: [1, tokens, 6] } });
    },
    close: () => Promise.resolve(),
  };
}

async function refusal(properties: Graph): Promise<string> {
  const error: unknown = await checkFeatureContract(graph(properties), "it.onnx").catch((cause: unknown) => cause);
  if (!(error instanceof EngineError)) throw new Error("the model was accepted");
  expect(error.code).toBe("model-wrong-contract");
  return error.message;
}

describe("the features contract", () => {
  it("finds patch size, dimensions and prefix by probe runs", async () => {
    for (const patch of [14, 16, 8]) {
      for (const prefix of [0, 1, 5]) {
        for (const border of ["cut", "pad", "fail"] as const) {
          const found = await checkFeatureContract(graph({ patch, prefix, border }), "it.onnx");
          expect(found, `patch ${patch}, prefix ${prefix}, border ${border}`).toEqual({
            patch,
            dimensions: 6,
            prefixTokens: prefix,
          });
        }
      }
    }
  });

  it("does not take one patch size for another", () => {
    expect(readProbes(14, [1, 41, 6], [1, 61, 6])).toEqual({ patch: 14, dimensions: 6, prefixTokens: 1 });
    // 2 x 18 and 3 x 18 patches of 16 px in pictures of 2 x 20 and 3 x 20 patches of 14 px, padded; five prefix tokens.
    expect(readProbes(14, [1, 41, 6], [1, 59, 6])).toBeNull();
    expect(readProbes(14, [1, 41, 6], [1, 61, 7])).toBeNull();
    expect(readProbes(14, [1, 39, 6], [1, 59, 6])).toBeNull();
    expect(readProbes(14, [41, 6], [61, 6])).toBeNull();
  });

  it("takes no patch size but those it knows, whatever happens at the border", async () => {
    for (const patch of [7, 10, 12, 13, 15, 17, 18, 28, 32]) {
      for (const border of ["cut", "pad", "fail"] as const) {
        const error: unknown = await checkFeatureContract(graph({ patch, border }), "it.onnx").catch((e: unknown) => e);
        expect(error, `patch ${patch}, border ${border}`).toBeInstanceOf(EngineError);
      }
    }
  });

  it("takes further outputs and undeclared shapes", async () => {
    const pooled: ValueInfo = { name: "pooler_output", type: "float32", shape: ["batch", 6] };
    const outputs = [pooled, { ...OUTPUT, shape: [] }];
    const found = await checkFeatureContract(graph({ inputs: [{ ...INPUT, shape: [] }], outputs }), "it.onnx");
    expect(found.patch).toBe(14);
  });

  it("names what it found and what it wants", async () => {
    const inputs: ValueInfo[] = [{ name: "images", type: "uint8", shape: ["n", 224, 224, 3] }];
    const outputs: ValueInfo[] = [{ name: "logits", type: "float32", shape: ["n", 1000] }];
    expect(await refusal({ inputs, outputs })).toBe(
      "it.onnx has no input pixel_values. Found: inputs images (uint8 [n, 224, 224, 3]); outputs logits (float32 " +
        "[n, 1000]). Wanted: one input pixel_values (float32, batch x 3 x height x width, any size) and an output " +
        "last_hidden_state (float32, batch x tokens x dimensions).",
    );
  });

  it("refuses every other departure from the contract", async () => {
    expect(await refusal({ outputs: [{ ...OUTPUT, name: "tokens" }] })).toContain("has no output last_hidden_state");
    expect(await refusal({ inputs: [INPUT, { ...INPUT, name: "mask" }] })).toContain("needs more than one input");
    expect(await refusal({ inputs: [{ ...INPUT, type: "float16" }] })).toContain("takes float16 pixels");
    expect(await refusal({ outputs: [{ ...OUTPUT, type: "float16" }] })).toContain("gives float16 tokens");
    expect(await refusal({ inputs: [{ ...INPUT, shape: [3, "h", "w"] }] })).toContain("input of rank 3");
    expect(await refusal({ outputs: [{ ...OUTPUT, shape: ["n", 6] }] })).toContain("output of rank 2");
    expect(await refusal({ inputs: [{ ...INPUT, shape: [1, 1, "h", "w"] }] })).toContain("takes 1 channels");
    expect(await refusal({ inputs: [{ ...INPUT, shape: [1, 3, 518, 518] }] })).toContain("pictures of 518 x 518 only");
    expect(await refusal({ patch: 32 })).toContain("has no patches of 14, 16, 8 pixels");
    expect(await refusal({ value: Number.NaN })).toContain("gives numbers that are not finite");
    expect(await refusal({ value: Number.POSITIVE_INFINITY })).toContain("gives numbers that are not finite");
  });

  it("passes on that memory ran out instead of trying the next patch size", async () => {
    const session: ModelSession = {
      ...graph({}),
      run: () => Promise.reject(new EngineError("out-of-memory", "It is full.")),
    };
    await expect(checkFeatureContract(session, "it.onnx")).rejects.toMatchObject({ code: "out-of-memory" });
  });
});
