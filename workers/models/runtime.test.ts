import { describe, expect, it } from "vitest";
import { toRuntimeError } from "./runtime-failure.ts";
import { threadCount } from "./runtime.ts";
import { splitTokens } from "./feature-session.ts";

describe("the model runtime", () => {
  it("uses one thread without cross-origin isolation, else as many as wanted or as there are cores, up to 8", () => {
    expect(threadCount(4, false, 16)).toBe(1);
    expect(threadCount(0, true, 4)).toBe(4);
    expect(threadCount(0, true, 64)).toBe(8);
    expect(threadCount(2, true, 8)).toBe(2);
    expect(threadCount(0, true, 0)).toBe(1);
  });

  it("gives failures of ONNX Runtime their place in the closed set", () => {
    const codes = (
      [
        [
          "open",
          new Error(
            "Can't create a session. ERROR_CODE: 7, ERROR_MESSAGE: Failed to load model because protobuf parsing failed.",
          ),
        ],
        ["open", new Error("Can't create a session. ERROR_CODE: 6, ERROR_MESSAGE: std::bad_alloc")],
        ["run", new Error("ERROR_MESSAGE: safeint.h:17 SafeIntExceptionHandler Integer overflow")],
        ["open", new Error("failed to load external data file")],
        ["run", new Error("failed to call OrtRun(). ERROR_CODE: 6, ERROR_MESSAGE: Non-zero status code returned")],
        ["run", new RangeError("Array buffer allocation failed")],
        ["run", new WebAssembly.RuntimeError("Aborted(). Build with -sASSERTIONS for more info.")],
        ["run", new WebAssembly.RuntimeError("memory access out of bounds")],
        ["run", 64_234_880],
        ["start", new TypeError("Failed to fetch dynamically imported module")],
      ] as const
    ).map(([action, cause]) => toRuntimeError(action, cause).code);
    expect(codes).toEqual([
      "model-not-onnx",
      "out-of-memory",
      "out-of-memory",
      "model-wrong-contract",
      "model-failed",
      "out-of-memory",
      "out-of-memory",
      "out-of-memory",
      "out-of-memory",
      "model-failed",
    ]);
  });
});

describe("the tokens of a batch", () => {
  const output = { data: Float32Array.from({ length: 2 * 5 * 2 }, (_, index) => index), dims: [2, 5, 2] };

  it("are cut into one grid a picture, without the prefix", () => {
    const grids = splitTokens(output, 2, 1, 3, { dimensions: 2, prefixTokens: 2 });
    expect(grids.map(({ rows, columns }) => [rows, columns])).toEqual([
      [1, 3],
      [1, 3],
    ]);
    expect(grids.map(({ data }) => data)).toEqual([
      Float32Array.of(4, 5, 6, 7, 8, 9),
      Float32Array.of(14, 15, 16, 17, 18, 19),
    ]);
  });

  it("are refused when the output has another shape than the grid asks for", () => {
    expect(() => splitTokens(output, 2, 2, 2, { dimensions: 2, prefixTokens: 2 })).toThrow("2 x 5 x 2 where 2 x 6 x 2");
    expect(() => splitTokens(output, 2, 1, 3, { dimensions: 4, prefixTokens: 2 })).toThrow("2 x 5 x 2 where 2 x 5 x 4");
  });
});
