/**
 * Runs jobs one after the other. ONNX Runtime Web hangs for ever on overlapping runs and refuses overlapping session
 * creation, so each copy of the runtime has one of these. The tail never rejects: a failed job fails for its caller only.
 */
export class Fifo {
  #tail: Promise<unknown> = Promise.resolve();

  /** Starts `job` when all earlier ones have settled; settles as the job does. */
  enqueue<Value>(job: () => Promise<Value>): Promise<Value> {
    const result = this.#tail.then(job);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
