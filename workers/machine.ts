import {
  EngineError,
  type DeviceReason,
  type EngineOptions,
  type EngineStatus,
  type ModelInUse,
  type ModelSource,
} from "./contract.ts";
import { poolOnCpu } from "./features/pooling/pooling.cpu.ts";
import { PoolingPass } from "./features/pooling/pooling.ts";
import { type Gpu, openGpu } from "./gpu/device.ts";
import type { Coverage } from "./imaging/coverage.ts";
import type { Descriptors, PatchTokens } from "./imaging/patch-tokens.ts";
import { GpuMatcher } from "./matching/gpu-matcher.ts";
import { heatOnCpu } from "./matching/heat/heat.cpu.ts";
import { HeatPass } from "./matching/heat/heat.ts";
import type { HeatQuery } from "./matching/heat/layout.ts";
import { CpuMatcher, type Matcher } from "./matching/matcher.ts";
import type { ModelCatalogue } from "./models/catalogue.ts";
import type { FeatureSession } from "./models/feature-session.ts";
import type { ModelRuntime, ModelSession } from "./models/inference.ts";
import { openRuntime } from "./models/runtime.ts";

const DEVICE_REASONS: readonly string[] = ["no-webgpu-api", "no-adapter", "device-failed"] satisfies DeviceReason[];

/** What has a form of its own on the GPU. */
interface Passes {
  readonly pooling: PoolingPass;
  readonly heat: HeatPass;
}

interface Found {
  readonly gpu: Gpu | null;
  readonly reason: DeviceReason;
}

/** A device when the options and the browser allow one; never fails: without one there is a reason. */
async function findGpu(wanted: EngineOptions["device"], onError: (error: EngineError) => void): Promise<Found> {
  if (wanted === "wasm") return { gpu: null, reason: "forced-wasm" };
  try {
    const gpu = await openGpu(onError);
    if (!gpu.software || wanted === "webgpu") return { gpu, reason: "webgpu" };
    gpu.destroy();
    return { gpu: null, reason: "software-adapter" };
  } catch (cause) {
    if (!(cause instanceof EngineError)) throw cause;
    const reason = DEVICE_REASONS.includes(String(cause.data["reason"])) ? cause.data["reason"] : "device-failed";
    return { gpu: null, reason: reason as DeviceReason };
  }
}

/**
 * What everything runs on: one device or none, one model runtime on it, one feature model, and the passes that have a
 * GPU and a CPU form. After a lost device a new machine is made; nothing of the old one is used again.
 */
export class Machine {
  readonly gpu: Gpu | null;
  readonly matcher: Matcher;
  readonly #reason: DeviceReason;
  readonly #passes: Passes | null;
  readonly #runtime: ModelRuntime;
  #session: FeatureSession | null = null;

  private constructor(found: Found, passes: Passes | null, matcher: Matcher, runtime: ModelRuntime) {
    this.gpu = found.gpu;
    this.#reason = found.reason;
    this.#passes = passes;
    this.matcher = matcher;
    this.#runtime = runtime;
  }

  /** @param onError told of graphics errors that belong to no call. */
  static async open(options: EngineOptions, onError: (error: EngineError) => void): Promise<Machine> {
    const found = await findGpu(options.device, onError);
    try {
      const { gpu } = found;
      const passes = gpu ? { pooling: await PoolingPass.create(gpu), heat: await HeatPass.create(gpu) } : null;
      const matcher = gpu ? await GpuMatcher.create(gpu) : new CpuMatcher();
      return new Machine(found, passes, matcher, await openRuntime(gpu?.device ?? null, options.threads));
    } catch (cause) {
      found.gpu?.destroy();
      if (!found.gpu) throw cause;
      // A device that cannot run the kernels or the runtime is no use; everything has a form without it.
      return Machine.openWithout("device-failed", options.threads);
    }
  }

  /** A machine without a GPU, for the reason given. */
  static async openWithout(reason: DeviceReason, threads: number): Promise<Machine> {
    return new Machine({ gpu: null, reason }, null, new CpuMatcher(), await openRuntime(null, threads));
  }

  /** The loaded feature model. @throws EngineError model-missing */
  get session(): FeatureSession {
    if (!this.#session) throw new EngineError("model-missing", "No feature model is loaded.");
    return this.#session;
  }

  get model(): ModelInUse | null {
    return this.#session?.info ?? null;
  }

  get wasmBytes(): number {
    return this.#runtime.wasmBytes();
  }

  /** Loads a model; the one before stays in use when the new one is refused. */
  async load(source: ModelSource, catalogue: ModelCatalogue, signal: AbortSignal): Promise<FeatureSession> {
    const session = await catalogue.openSession(source, this.#runtime, signal);
    const previous = this.#session;
    this.#session = session;
    await previous?.dispose();
    return session;
  }

  /** Opens a graph that is no feature model; it goes with the machine. */
  openModel(model: Blob): Promise<ModelSession> {
    // An imitated device takes minutes to get ready for a graph of this size.
    return this.gpu?.software ? this.#runtime.openOnProcessor(model) : this.#runtime.open(model);
  }

  /** Mean token of every mask, on whatever there is. */
  async pool(tokens: PatchTokens, coverage: Coverage): Promise<Descriptors> {
    return this.#passes ? this.#passes.pooling.pool(tokens, coverage) : poolOnCpu(tokens, coverage);
  }

  /** How like something each of a picture's patches is, on whatever there is. */
  async heat(patches: Descriptors, query: HeatQuery): Promise<Float32Array<ArrayBuffer>> {
    return this.#passes ? this.#passes.heat.compare(patches, query) : heatOnCpu(patches, query);
  }

  /** The status, but for what the machine does not know. */
  status(painter: EngineStatus["painter"], storagePersists: boolean): EngineStatus {
    return {
      device: this.gpu ? "webgpu" : "wasm",
      reason: this.#reason,
      adapter: this.gpu?.adapterDescription ?? "",
      shaderF16: this.gpu?.shaderF16 ?? false,
      runtime: this.#runtime.kind,
      threads: this.#runtime.threads,
      crossOriginIsolated: self.crossOriginIsolated,
      painter,
      model: this.model,
      storagePersists,
    };
  }

  /** Frees everything; also when the device is already gone. */
  async destroy(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    // On a lost device closing may fail: there is nothing left to close then.
    await session?.dispose().catch(() => undefined);
    this.matcher.dispose();
    this.#passes?.heat.dispose();
    await this.#runtime.dispose().catch(() => undefined);
    this.gpu?.destroy();
  }
}
