import { EngineError } from "../contract.ts";
import { GpuCounters } from "./counters.ts";

/** Features that make things faster or can be measured with, taken when the adapter offers them; none is needed. */
const WANTED_FEATURES: readonly GPUFeatureName[] = ["shader-f16", "timestamp-query", "subgroups"];

/** Limits raised to what the adapter has: models and banks want large buffers, kernels large workgroups. */
const RAISED_LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxTextureDimension2D",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeWorkgroupsPerDimension",
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/**
 * The one GPU device of the engine with what is known about it. Passed to whoever needs it; there is no global.
 * Destroying it is idempotent and frees everything made from it.
 */
export class Gpu {
  readonly device: GPUDevice;
  /** As the browser gives it, for people: may be empty. */
  readonly adapterDescription: string;
  /** Whether shaders may use 16-bit floats. */
  readonly shaderF16: boolean;
  /** A processor that plays graphics card: right for painting and for tests, slower than WASM for models. */
  readonly software: boolean;
  readonly counters = new GpuCounters();
  #destroyed = false;

  constructor(device: GPUDevice, adapterDescription: string, software = false) {
    this.device = device;
    this.adapterDescription = adapterDescription;
    this.shaderF16 = device.features.has("shader-f16");
    this.software = software;
  }

  /** Settles when the device is gone: reason "destroyed" after destroy(), else "unknown". Never rejects. */
  get lost(): Promise<GPUDeviceLostInfo> {
    return this.device.lost;
  }

  get destroyed(): boolean {
    return this.#destroyed;
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.device.destroy();
  }
}

/**
 * Opens a device with the adapter's own limits. The only place that touches `navigator.gpu`.
 * @param onError told of validation and memory errors that no error scope caught: defects worth a notice.
 * @throws EngineError "gpu-unavailable"; data.reason is "no-webgpu-api", "no-adapter" or "device-failed".
 */
export async function openGpu(onError?: (error: EngineError) => void): Promise<Gpu> {
  const adapter = await requestAdapter();
  const device = await requestDevice(adapter);
  if (onError) {
    device.addEventListener("uncapturederror", (event) => {
      const code = event.error instanceof GPUOutOfMemoryError ? "out-of-memory" : "internal";
      onError(new EngineError(code, `The graphics device reported: ${event.error.message}`));
    });
  }
  return new Gpu(device, describeAdapter(adapter.info), adapter.info.isFallbackAdapter);
}

/** The texture format that canvases take without a conversion on this system. Only asked where there is a device. */
export function preferredCanvasFormat(): GPUTextureFormat {
  return navigator.gpu.getPreferredCanvasFormat();
}

async function requestAdapter(): Promise<GPUAdapter> {
  // The types promise `navigator.gpu`; browsers without WebGPU, and insecure origins, lack it.
  const api: GPU | undefined = navigator.gpu;
  if (!api) {
    throw new EngineError("gpu-unavailable", "This browser has no WebGPU.", { reason: "no-webgpu-api" });
  }
  let adapter: GPUAdapter | null;
  try {
    adapter = await api.requestAdapter({ powerPreference: "high-performance" });
  } catch (error) {
    throw new EngineError("gpu-unavailable", "The graphics adapter refused.", { reason: "no-adapter" }, error);
  }
  if (!adapter) {
    throw new EngineError("gpu-unavailable", "There is no graphics adapter for WebGPU.", { reason: "no-adapter" });
  }
  return adapter;
}

async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const requiredFeatures = WANTED_FEATURES.filter((feature) => adapter.features.has(feature));
  const requiredLimits: Record<string, number> = {};
  for (const limit of RAISED_LIMITS) {
    const value: unknown = adapter.limits[limit];
    if (typeof value === "number") requiredLimits[limit] = value;
  }
  try {
    return await adapter.requestDevice({ label: "lookalike", requiredFeatures, requiredLimits });
  } catch (error) {
    throw new EngineError(
      "gpu-unavailable",
      "The graphics adapter gave no device.",
      { reason: "device-failed", adapter: describeAdapter(adapter.info) },
      error,
    );
  }
}

function describeAdapter(info: GPUAdapterInfo | undefined): string {
  // Early browsers with WebGPU have no such property.
  if (!info) return "";
  const named = info.description || info.device;
  return [info.vendor, info.architecture, named].filter((part) => part !== "").join(" ");
}
