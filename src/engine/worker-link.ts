import { proxy, releaseProxy, transfer, wrap } from "comlink";
import {
  EngineError,
  type CallId,
  type EngineEvent,
  type EngineMethod,
  type EngineWire,
  type Outcome,
  type Progress,
  type WireMessage,
} from "../../workers/contract.ts";

/** A worker as the page made it; tests hand in their own. */
export interface WorkerPort {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: string, listener: (event: Event) => void): void;
  removeEventListener(type: string, listener: (event: Event) => void): void;
  terminate(): void;
}

interface PendingCall {
  readonly reject: (error: EngineError) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

interface LinkOptions {
  /** Milliseconds without any message, while calls are pending, after which the worker counts as stuck. */
  readonly patience: number;
  readonly onEvent: (event: EngineEvent) => void;
  /** Called once, when the worker is gone for whatever reason but `close`. */
  readonly onLost: (error: EngineError) => void;
}

/** Things that are moved to the worker instead of copied. */
function movable(args: readonly unknown[]): Transferable[] {
  if (typeof OffscreenCanvas === "undefined") return [];
  return args.filter((value): value is OffscreenCanvas => value instanceof OffscreenCanvas);
}

/**
 * One worker's life, from its start to its end. comlink never rejects the calls of a dead worker: this does, whether
 * the worker failed to load, died (its Web Lock becomes free) or stopped answering (the watchdog).
 */
export class WorkerLink {
  private readonly worker: WorkerPort;
  private readonly wire: ReturnType<typeof wrap<EngineWire>>;
  private readonly options: LinkOptions;
  private readonly pending = new Map<CallId, PendingCall>();
  private readonly lifeWatch = new AbortController();
  private readonly connected: Promise<void>;
  private nextCall: CallId = 1;
  private lastSign = performance.now();
  private watchdog: ReturnType<typeof setInterval> | null = null;
  private over: EngineError | null = null;

  constructor(worker: WorkerPort, options: LinkOptions) {
    this.worker = worker;
    this.options = options;
    worker.addEventListener("error", this.onWorkerError);
    worker.addEventListener("messageerror", this.onWorkerError);
    this.wire = wrap<EngineWire>(worker);
    this.connected = this.wire.connect(proxy((message: WireMessage) => this.onMessage(message))).then((lock) => {
      this.watchLife(lock);
    });
  }

  /** Calls a method; rejects with an EngineError, also when the worker dies meanwhile. */
  async call(
    method: EngineMethod,
    args: readonly unknown[],
    signal: AbortSignal | undefined,
    onProgress: ((progress: Progress) => void) | undefined,
  ): Promise<unknown> {
    if (this.over) throw this.over;
    if (signal?.aborted) throw new EngineError("cancelled", "The job was cancelled.");
    const id = this.nextCall;
    this.nextCall += 1;
    const onAbort = (): void => void this.wire.abort(id);
    const outcome = await new Promise<Outcome<unknown>>((resolve, reject) => {
      if (this.pending.size === 0) this.lastSign = performance.now();
      this.pending.set(id, { reject, onProgress });
      this.keepWatch();
      signal?.addEventListener("abort", onAbort, { once: true });
      this.connected
        .then(async () => resolve(await this.wire.call(id, method, transfer([...args], movable(args)))))
        .catch((cause: unknown) => {
          reject(new EngineError("internal", "A message could not be sent to the engine.", { detail: String(cause) }));
        });
    }).finally(() => {
      signal?.removeEventListener("abort", onAbort);
      this.pending.delete(id);
      this.lastSign = performance.now();
    });
    if (outcome.ok) return outcome.value;
    const { code, message, data } = outcome.failure;
    throw new EngineError(code, message, data);
  }

  /** Ends the worker. Pending calls are rejected with "cancelled"; nothing is reported as lost. */
  close(): void {
    this.end(new EngineError("cancelled", "The engine was closed."));
  }

  private readonly onWorkerError = (event: Event): void => {
    const detail = event instanceof ErrorEvent ? event.message : event.type;
    this.lose(new EngineError("engine-lost", "The engine stopped working.", { detail }));
  };

  private onMessage(message: WireMessage): void {
    this.lastSign = performance.now();
    if (message.type === "event") this.options.onEvent(message.event);
    else this.pending.get(message.call)?.onProgress?.(message.progress);
  }

  private watchLife(lock: string): void {
    if (lock === "" || this.over) return;
    navigator.locks
      .request(lock, { signal: this.lifeWatch.signal }, () => {
        this.lose(new EngineError("engine-lost", "The engine stopped unexpectedly."));
      })
      // Aborted by `end`: the worker was closed on purpose.
      .catch(() => undefined);
  }

  private keepWatch(): void {
    this.watchdog ??= setInterval(
      () => {
        if (this.pending.size === 0) {
          this.stopWatch();
        } else if (performance.now() - this.lastSign > this.options.patience) {
          this.lose(new EngineError("engine-stuck", "The engine gave no sign of life."));
        }
      },
      Math.min(1000, this.options.patience / 4),
    );
  }

  private stopWatch(): void {
    if (this.watchdog !== null) clearInterval(this.watchdog);
    this.watchdog = null;
  }

  private lose(error: EngineError): void {
    if (this.over) return;
    this.end(error);
    this.options.onLost(error);
  }

  private end(error: EngineError): void {
    if (this.over) return;
    this.over = error;
    this.stopWatch();
    this.lifeWatch.abort();
    this.worker.removeEventListener("error", this.onWorkerError);
    this.worker.removeEventListener("messageerror", this.onWorkerError);
    for (const call of this.pending.values()) call.reject(error);
    this.pending.clear();
    this.wire[releaseProxy]();
    this.worker.terminate();
  }
}
