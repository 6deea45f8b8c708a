import { EngineError } from "../contract.ts";
import { Fifo } from "./fifo.ts";
import type { FloatTensor, ModelRuntime, ModelSession, ValueInfo } from "./inference.ts";
import type { HostReply, HostRequest } from "./wasm-host-protocol.ts";

type ReplyOf<Kind extends HostReply["kind"]> = Extract<HostReply, { readonly kind: Kind }>;

function startHost(): Worker {
  return new Worker(new URL("./wasm-host.worker.ts", import.meta.url), { type: "module", name: "lookalike-models" });
}

interface Broken {
  readonly kind: "broken";
  readonly detail: string;
}

/** Sends one request and waits for its answer; the host must have nothing else to do. */
function ask(host: Worker, request: HostRequest): Promise<HostReply | Broken> {
  return new Promise((resolve) => {
    const listening = new AbortController();
    const { signal } = listening;
    const settle = (reply: HostReply | Broken): void => {
      listening.abort();
      resolve(reply);
    };
    const onBroken = (event: Event): void => {
      settle({ kind: "broken", detail: event instanceof ErrorEvent ? event.message : event.type });
    };
    host.addEventListener("message", ({ data }: MessageEvent<HostReply>) => settle(data), { signal });
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
  /** Whether the host has done anything well. */
  #proven = false;
  #wasmBytes = 0;
  #disposed = false;

  /** @param threads - at least 1; more than 1 only when the page is cross-origin isolated. */
  constructor(threads: number) {
    this.threads = threads;
  }

  openOnProcessor(model: Blob): Promise<ModelSession> {
    return this.open(model);
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
    const reply = await ask(host, request);
    if (reply.kind === kind) {
      this.#wasmBytes = reply.wasmBytes;
      this.#proven = true;
      return reply as ReplyOf<Kind>;
    }
    if (reply.kind === "failed") {
      // A runtime that ran out of memory cannot be trusted, nor can one that never opened anything: its start may have
      // failed, and it would not try again. One that has worked goes on after a model failed in it.
      if (!this.#proven || reply.failure.code === "out-of-memory") this.#endHost();
      throw new EngineError(reply.failure.code, reply.failure.message, reply.failure.data);
    }
    this.#endHost();
    const detail = reply.kind === "broken" ? reply.detail : `answered ${reply.kind} to ${request.kind}`;
    throw new EngineError("model-failed", "The worker in which models run stopped.", { detail });
  }

  #endHost(): void {
    this.#host?.terminate();
    this.#host = null;
    this.#proven = false;
    this.#wasmBytes = 0;
  }
}
