import jspiWasm from "onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url";
import { afterEach, expect, it, vi } from "vitest";
import { openGpu } from "../gpu/device.ts";
import { loadStarter } from "./starter.ts";

const BASE = new URL("/", location.href).href;
const LOGS = ["log", "debug", "info", "warn", "error"] as const;

/** One line of ONNX Runtime's report of which provider runs which node: a provider, or an operator and its node. */
const LINE = /VerifyEachNodeIsAssignedToAnEp\] +(?:Node\(s\) placed on \[(?<provider>\w+)\]|(?<operator>\w+) \()/;

afterEach(() => void vi.restoreAllMocks());

/** From lines of ONNX Runtime's verbose log: the operators of each provider's nodes. */
function placements(lines: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let operators: string[] = [];
  for (const line of lines) {
    const { provider, operator } = LINE.exec(line)?.groups ?? {};
    if (provider) found.set(provider, (operators = []));
    else if (operator) operators.push(operator);
  }
  return found;
}

it("runs wholly on WebGPU but for a few sums with sizes", async () => {
  const lines: string[] = [];
  for (const level of LOGS) vi.spyOn(console, level).mockImplementation((...said) => void lines.push(said.join(" ")));
  const gpu = await openGpu();
  const runtime = await import("onnxruntime-web/jspi");
  runtime.env.logLevel = "verbose";
  runtime.env.wasm.numThreads = 1;
  runtime.env.wasm.wasmPaths = { wasm: new URL(jspiWasm, location.href).href };
  const { file } = await loadStarter(BASE);
  const session = await runtime.InferenceSession.create(await file.bytes(), {
    executionProviders: [{ name: "webgpu", device: gpu.device }],
    logSeverityLevel: 0,
  });
  await session.release();
  gpu.destroy();
  vi.restoreAllMocks();

  const found = placements(lines);
  expect([...found.keys()].toSorted()).toEqual(["CPUExecutionProvider", "WebGpuExecutionProvider"]);
  expect(found.get("WebGpuExecutionProvider")).toEqual(expect.arrayContaining(["MatMul", "Softmax", "Resize"]));
  // Slices, joins and look-ups of shapes, a few numbers each.
  const onProcessor = found.get("CPUExecutionProvider") ?? [];
  expect([...new Set(onProcessor)].toSorted()).toEqual(["Concat", "Gather", "Slice"]);
  expect(onProcessor.length).toBeLessThan(10);
});
