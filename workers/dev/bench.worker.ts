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

/** What the page asks for. */
interface BenchRequest {
  readonly sizes: readonly string[];
  /** Whether the plain graph runs on WebGPU too. */
  readonly onWebGpu: boolean;
  /** False: no device is opened, and only what runs without one is timed. */
  readonly gpu: boolean;
}

async function bench({ sizes, onWebGpu, gpu: wanted }: BenchRequest): Promise<void> {
  const gpu = wanted ? await openGpu((error) => print(`! ${error.message}`)) : null;
  const wasm = await openRuntime(null, 0);
  const runtimes = [{ name: `WebAssembly, ${wasm.threads} threads`, open: (model: Blob) => wasm.open(model) }];
  if (gpu && onWebGpu) {
    const runtime = await openRuntime(gpu.device, 0);
    runtimes.push({ name: "WebGPU", open: (model) => runtime.open(model) });
  }
  await benchKernels({ gpu, runtimes, sizes, print });
  await wasm.dispose();
  gpu?.destroy();
}

self.addEventListener("message", async ({ data }: MessageEvent<BenchRequest>) => {
  try {
    await bench(data);
    tell({ ended: "done" });
  } catch (cause) {
    print(`! ${cause instanceof Error ? cause.message : String(cause)}`);
    tell({ ended: "failed" });
  }
});
