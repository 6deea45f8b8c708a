import type * as OnnxRuntimeModule from "onnxruntime-web";
import type { InferenceSession, Tensor } from "onnxruntime-web";
import { EngineError } from "../contract.ts";
import type { DeviceLoss } from "./device-loss.ts";
import { Fifo } from "./fifo.ts";
import type { FloatTensor, ModelSession, ValueInfo } from "./inference.ts";
import { toRuntimeError, type RuntimeAction } from "./runtime-failure.ts";
import { watchWasmMemory } from "./wasm-memory.ts";

/** One of ONNX Runtime Web's entries, as imported. */
export type OnnxRuntime = typeof OnnxRuntimeModule;

// The runtime is a singleton of its module, so its queue is one too: every call in this thread goes through it.
const queue = new Fifo();
let memorySize: (() => number) | null = null;

/** Bytes of WebAssembly memory of the runtime in this thread. */
export function onnxWasmBytes(): number {
  return memorySize?.() ?? 0;
}

/**
 * Sets the runtime up; to be called once, before the first session.
 *
 * @param threads - at least 1; more than 1 only when the page is cross-origin isolated.
 * @param wasmUrl - where the WebAssembly file of exactly this entry is.
 */
export function configureOnnx(runtime: OnnxRuntime, threads: number, wasmUrl: string): void {
  // Every failure reaches the caller; the console is for defects of ours.
  runtime.env.logLevel = "fatal";
  runtime.env.wasm.numThreads = threads;
  runtime.env.wasm.wasmPaths = { wasm: new URL(wasmUrl, self.location.href).href };
}

/** Runs a call of the runtime in its turn; when the device is lost the caller is told and the queue goes on. */
function call<Value>(action: RuntimeAction, loss: DeviceLoss | null, work: () => Promise<Value>): Promise<Value> {
  return queue.enqueue(async () => {
    try {
      return await (loss ? loss.guard(work) : work());
    } catch (cause) {
      const error = toRuntimeError(action, cause);
      throw (error.code === "model-failed" && (await loss?.soon())) || error;
    }
  });
}

function describeValue(value: InferenceSession.ValueMetadata): ValueInfo {
  if (!value.isTensor) return { name: value.name, type: "not a tensor", shape: [] };
  return { name: value.name, type: value.type, shape: value.shape };
}

/** An output in memory of its own; frees what the runtime holds of it. */
async function takeFloats(name: string, tensor: Tensor | undefined): Promise<FloatTensor> {
  const data = tensor ? await tensor.getData() : null;
  const dims = tensor ? [...tensor.dims] : [];
  tensor?.dispose();
  if (!(data instanceof Float32Array)) {
    throw new EngineError("model-wrong-contract", `The model's output ${name} does not hold 32-bit floats.`, { name });
  }
  return {
    data:
      data.buffer instanceof ArrayBuffer
        ? new Float32Array(data.buffer, data.byteOffset, data.length)
        : new Float32Array(data),
    dims,
  };
}

class OnnxSession implements ModelSession {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #loss: DeviceLoss | null;
  #closed: Promise<void> | null = null;
  /** The run that the runtime is at, whether or not its caller was let go. */
  #running: Promise<unknown> | null = null;

  constructor(runtime: OnnxRuntime, session: InferenceSession, loss: DeviceLoss | null) {
    this.#runtime = runtime;
    this.#session = session;
    this.#loss = loss;
    this.inputs = session.inputMetadata.map(describeValue);
    this.outputs = session.outputMetadata.map(describeValue);
  }

  run(feeds: Readonly<Record<string, FloatTensor>>, outputs: readonly string[]): Promise<Record<string, FloatTensor>> {
    return call("run", this.#loss, () => {
      if (this.#closed) throw new EngineError("model-failed", "The model was closed.");
      const running = this.#runNow(feeds, outputs).finally(() => {
        if (this.#running === running) this.#running = null;
      });
      this.#running = running;
      return running;
    });
  }

  close(): Promise<void> {
    // Not guarded by the loss: weights are freed on a lost device too. But a run that its caller was let go from may
    // still be under way, and to release a session in its middle would stop the whole runtime.
    this.#closed ??= call("close", null, async () => {
      const release = (): Promise<void> => this.#session.release();
      if (!this.#running) await release();
      else void releaseAfter(this.#running, release);
    });
    return this.#closed;
  }

  async #runNow(
    feeds: Readonly<Record<string, FloatTensor>>,
    outputs: readonly string[],
  ): Promise<Record<string, FloatTensor>> {
    const tensors: Record<string, Tensor> = {};
    for (const [name, { data, dims }] of Object.entries(feeds)) {
      tensors[name] = new this.#runtime.Tensor("float32", data, dims);
    }
    const results = await this.#session.run(tensors, [...outputs]);
    const taken: Record<string, FloatTensor> = {};
    for (const name of outputs) taken[name] = await takeFloats(name, results[name]);
    return taken;
  }
}

/** Frees in its turn what nobody waits for any more, once the runtime has done with it; on a lost device that may be never. */
async function releaseAfter(work: Promise<unknown>, release: () => Promise<void>): Promise<void> {
  await work.catch(() => undefined);
  await queue.enqueue(release).catch(() => undefined);
}

/**
 * Opens a graph in this thread's runtime.
 *
 * @param loss - of the device that the providers name; null on WASM.
 * @throws EngineError as ModelRuntime.open.
 */
export function openOnnxSession(
  runtime: OnnxRuntime,
  model: Blob,
  providers: InferenceSession.SessionOptions["executionProviders"],
  loss: DeviceLoss | null,
): Promise<ModelSession> {
  return call("open", loss, async () => {
    const bytes = new Uint8Array(await model.arrayBuffer());
    const create = (): Promise<InferenceSession> =>
      runtime.InferenceSession.create(bytes, { executionProviders: providers ?? ["wasm"], logSeverityLevel: 4 });
    const session = await (memorySize ? create() : createFirst(create));
    // Nobody waits for it any more.
    if (loss?.lost) void releaseAfter(Promise.resolve(), () => session.release());
    return new OnnxSession(runtime, session, loss);
  });
}

/** Creates the first session, with which the runtime makes its memory. */
async function createFirst(create: () => Promise<InferenceSession>): Promise<InferenceSession> {
  const { value, wasmBytes } = await watchWasmMemory(create);
  memorySize = wasmBytes;
  return value;
}
