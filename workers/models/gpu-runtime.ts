import asyncifyWasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import jspiWasm from "onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url";
import { DeviceLoss } from "./device-loss.ts";
import type { ModelRuntime } from "./inference.ts";
import { configureOnnx, onnxWasmBytes, openOnnxSession, type OnnxRuntime } from "./onnx-executor.ts";
import { toRuntimeError } from "./runtime-failure.ts";

type GpuEntry = "jspi" | "asyncify";

let loaded: Promise<OnnxRuntime> | null = null;

async function load(entry: GpuEntry, threads: number): Promise<OnnxRuntime> {
  const runtime = entry === "jspi" ? await import("onnxruntime-web/jspi") : await import("onnxruntime-web/webgpu");
  configureOnnx(runtime, threads, entry === "jspi" ? jspiWasm : asyncifyWasm);
  return runtime;
}

/**
 * ONNX Runtime on our device, in this thread. The build with JavaScript Promise Integration is smaller and faster; the
 * one made with Asyncify serves browsers without it. Several runtimes (a new device after a lost one) share one module.
 *
 * @throws EngineError model-failed when the runtime's script cannot be loaded.
 */
export async function openGpuRuntime(device: GPUDevice, threads: number): Promise<ModelRuntime> {
  const entry: GpuEntry = "Suspending" in WebAssembly ? "jspi" : "asyncify";
  loaded ??= load(entry, threads);
  let runtime: OnnxRuntime;
  try {
    runtime = await loaded;
  } catch (cause) {
    loaded = null;
    throw toRuntimeError("start", cause);
  }
  const loss = new DeviceLoss(device);
  return {
    kind: entry,
    threads,
    open: (model) => openOnnxSession(runtime, model, [{ name: "webgpu", device }], loss),
    openOnProcessor: (model) => openOnnxSession(runtime, model, ["wasm"], loss),
    wasmBytes: onnxWasmBytes,
    dispose: () => Promise.resolve(),
  };
}
