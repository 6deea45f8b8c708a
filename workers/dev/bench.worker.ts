import { openGpu } from "../gpu/device.ts";
import { openRuntime } from "../models/runtime.ts";
import { benchKernels } from "./kernel-bench.ts";

/** What the page is told: lines to show, and in the end whether all went well. */
interface BenchMessage {
  readonly line?: string;
  readonly ended?: "done" | "failed";
}

const tell = (message: BenchMessage): void => self.postMessage(message);
const print = (line: string): void => tell({ line });

async function bench(sizes: readonly string[], onWebGpu: boolean): Promise<void> {
  const gpu = await openGpu((error) => print(`! ${error.message}`));
  const wasm = await openRuntime(null, 0);
  const runtimes = [{ name: `WebAssembly, ${wasm.threads} threads`, open: (model: Blob) => wasm.open(model) }];
  if (onWebGpu) {
    const runtime = await openRuntime(gpu.device, 0);
    runtimes.push({ name: "WebGPU", open: (model) => runtime.open(model) });
  }
  await benchKernels({ gpu, runtimes, sizes, print });
  await wasm.dispose();
  gpu.destroy();
}

self.addEventListener("message", async ({ data }: MessageEvent<{ sizes: readonly string[]; onWebGpu: boolean }>) => {
  try {
    await bench(data.sizes, data.onWebGpu);
    tell({ ended: "done" });
  } catch (cause) {
    print(`! ${cause instanceof Error ? cause.message : String(cause)}`);
    tell({ ended: "failed" });
  }
});
