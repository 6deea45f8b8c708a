import { EngineError } from "../contract.ts";
import { Fifo } from "./fifo.ts";
import type { FloatTensor, ModelRuntime, ModelSession, ValueInfo } from "./inference.ts";
import type { HostReply, HostRequest } from "./wasm-host-protocol.ts";

type ReplyOf<Kind extends HostReply["kind"]> = Extract<HostReply, { readonly kind: Kind }>;

function startHost(): Worker {
  return new Worker(new URL("./wasm-host.worker.ts", import.meta.url), { type: "module", name: "lookalike-models" });
}

/** Sends one request and waits for its answer; the host must have nothing else to do. */
function ask<Kind extends HostReply["kind"]>(host: Worker, kind: Kind, request: HostRequest): Promise<ReplyOf<Kind>> {
  return new Promise((resolve, reject) => {
    const listening = new AbortController();
    const { signal } = listening;
    const onMessage = ({ data }: MessageEvent<HostReply>): void => {
      listening.abort();
      if (data.kind === kind) resolve(data as ReplyOf<Kind>);
      else if (data.kind === "failed") {
        reject(new EngineError(data.failure.code, data.failure.message, data.failure.data));
      } else reject(new EngineError("internal", "The model's worker gave an answer of the wrong kind."));
    };
    const onBroken = (event: Event): void => {
      listening.abort();
      const detail = event instanceof ErrorEvent ? event.message : event.type;
      reject(new EngineError("model-failed", "The worker in which models run stopped.", { detail }));
    };
    host.addEventListener("message", onMessage, { signal });
    host.addEventListener("messageerror", onBroken, { signal });
    host.addEventListener("error", onBroken, { signal });
    host.postMessage(request);
  });
}

/** Where a session is: which host (they are replaced after a crash), and its number there. */
interface Place {
  readonly host: Worker;
  readonly session: number;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

/**
 * ONNX Runtime on WebAssembly, in a worker of its own. When the runtime there runs out of memory or breaks, it is ended
 * and a fresh one takes its place at the next call; sessions move over by themselves, since their model is a Blob.
 */
export class WasmRuntime implements ModelRuntime {
  readonly kind = "wasm";
  readonly threads: number;
  readonly #queue = new Fifo();
  #host: Worker | null = null;
  #wasmBytes = 0;
  #disposed = false;

  /** @param threads - at least 1; more than 1 only when the page is cross-origin isolated. */
  constructor(threads: number) {
    this.threads = threads;
  }

  async open(model: Blob): Promise<ModelSession> {
    let place: Place | null = await this.#queue.enqueue(() => this.#place(model));
    const { inputs, outputs } = place;
    return {
      inputs,
      outputs,
      run: (feeds, names) =>
        this.#queue.enqueue(async () => {
          if (!place) throw new EngineError("model-failed", "The model was closed.");
          if (place.host !== this.#host) place = await this.#place(model);
          return this.#run(place, feeds, names);
        }),
      close: () =>
        this.#queue.enqueue(async () => {
          const closing = place;
          place = null;
          if (closing && closing.host === this.#host) {
            await this.#request(closing.host, "closed", { kind: "close", session: closing.session });
          }
        }),
    };
  }

  wasmBytes(): number {
    return this.#wasmBytes;
  }

  dispose(): Promise<void> {
    this.#disposed = true;
    return this.#queue.enqueue(async () => this.#endHost());
  }

  async #place(model: Blob): Promise<Place> {
    if (this.#disposed) throw new EngineError("model-failed", "The model runtime was ended.");
    this.#host ??= startHost();
    const host = this.#host;
    const opened = await this.#request(host, "opened", { kind: "open", threads: this.threads, model });
    return { host, session: opened.session, inputs: opened.inputs, outputs: opened.outputs };
  }

  async #run(
    place: Place,
    feeds: Readonly<Record<string, FloatTensor>>,
    outputs: readonly string[],
  ): Promise<Record<string, FloatTensor>> {
    const ran = await this.#request(place.host, "ran", { kind: "run", session: place.session, feeds, outputs });
    return ran.outputs;
  }

  async #request<Kind extends HostReply["kind"]>(
    host: Worker,
    kind: Kind,
    request: HostRequest,
  ): Promise<ReplyOf<Kind>> {
    try {
      const reply = await ask(host, kind, request);
      this.#wasmBytes = reply.wasmBytes;
      return reply;
    } catch (cause) {
      // A refusal of the file leaves the runtime whole; after anything else its memory cannot be trusted.
      const refused =
        cause instanceof EngineError && (cause.code === "model-not-onnx" || cause.code === "model-wrong-contract");
      if (!refused) this.#endHost();
      throw cause;
    }
  }

  #endHost(): void {
    this.#host?.terminate();
    this.#host = null;
    this.#wasmBytes = 0;
  }
}
