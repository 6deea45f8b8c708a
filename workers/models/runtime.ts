import type { ModelRuntime } from "./inference.ts";

// More threads than this gain little for models of this size and take cores from the page.
const MOST_THREADS = 8;

/**
 * How many WebAssembly threads to use: `wanted`, or for 0 as many as there are cores, at most 8. One without
 * cross-origin isolation, because shared memory needs it.
 */
export function threadCount(wanted: number, isolated: boolean, cores: number): number {
  if (!isolated) return 1;
  return Math.max(1, Math.min(MOST_THREADS, Math.floor(wanted > 0 ? wanted : cores)));
}

/**
 * Starts ONNX Runtime: on `device` when there is one, else on WebAssembly in a worker of its own. Only the build in use
 * is fetched, and not before the first model is opened.
 *
 * @param wantedThreads - 0 lets the runtime choose.
 * @throws EngineError model-failed when the runtime cannot be loaded.
 */
export async function openRuntime(device: GPUDevice | null, wantedThreads: number): Promise<ModelRuntime> {
  const threads = threadCount(wantedThreads, self.crossOriginIsolated, navigator.hardwareConcurrency);
  if (device) {
    const { openGpuRuntime } = await import("./gpu-runtime.ts");
    return openGpuRuntime(device, threads);
  }
  const { WasmRuntime } = await import("./wasm-runtime.ts");
  return new WasmRuntime(threads);
}
