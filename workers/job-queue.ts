import { EngineError } from "./contract.ts";

/** What a job may look at while it runs. */
export interface JobContext {
  readonly signal: AbortSignal;
  /** Lets waiting messages (aborts, newer wishes) in; throws "cancelled" when the job was aborted meanwhile. */
  readonly breathe: () => Promise<void>;
}

interface Pending {
  readonly key: string | null;
  readonly controller: AbortController;
}

/** Resolves after messages that wait for this thread have been handled. A timer would be clamped to 4 ms. */
export function nextMacrotask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}

const cancelled = (): EngineError => new EngineError("cancelled", "The job was cancelled.");

/**
 * The engine's one FIFO. ONNX Runtime Web hangs on overlapping runs, so every model call and every GPU job goes through
 * here, one after the other. The tail never rejects: a failed job fails for its caller only. A job with a key cancels
 * those of the same key that wait or run.
 */
export class JobQueue {
  private tail: Promise<unknown> = Promise.resolve();
  private readonly pending = new Set<Pending>();

  /** Jobs that wait or run. */
  get length(): number {
    return this.pending.size;
  }

  /** Runs `work` after all earlier jobs. Rejects with "cancelled" when `signal` aborts before or while it runs. */
  enqueue<Value>(
    key: string | null,
    signal: AbortSignal | undefined,
    work: (context: JobContext) => Promise<Value>,
  ): Promise<Value> {
    if (key !== null) {
      for (const other of this.pending) if (other.key === key) other.controller.abort();
    }
    const entry: Pending = { key, controller: new AbortController() };
    const onAbort = (): void => entry.controller.abort();
    if (signal?.aborted) entry.controller.abort();
    signal?.addEventListener("abort", onAbort, { once: true });
    this.pending.add(entry);

    const { signal: jobSignal } = entry.controller;
    const breathe = async (): Promise<void> => {
      await nextMacrotask();
      if (jobSignal.aborted) throw cancelled();
    };
    const run = async (): Promise<Value> => {
      try {
        await breathe();
        const value = await work({ signal: jobSignal, breathe });
        if (jobSignal.aborted) throw cancelled();
        return value;
      } catch (cause) {
        // Whatever a library throws when its signal fires, the caller sees one code.
        throw jobSignal.aborted ? cancelled() : cause;
      } finally {
        this.pending.delete(entry);
        signal?.removeEventListener("abort", onAbort);
      }
    };
    const result = this.tail.then(run);
    this.tail = result.catch(() => undefined);
    return result;
  }

  /** Aborts everything that waits or runs. */
  abortAll(): void {
    for (const entry of this.pending) entry.controller.abort();
  }
}
