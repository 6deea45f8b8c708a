import { EngineError } from "../contract.ts";

const GRACE_MS = 100;

/**
 * Lets callers go when a graphics device is lost, since what they wait for may never settle. Whoever waits is held only
 * while they wait: a race against the device's own promise would keep every result for as long as the device lives.
 */
export class DeviceLoss {
  readonly #waiting = new Set<(error: EngineError) => void>();
  #error: EngineError | null = null;

  constructor(device: GPUDevice) {
    void device.lost.then(({ reason, message }) => {
      const data = { reason, message };
      this.#error = new EngineError("gpu-lost", "The graphics device was lost while a model used it.", data);
      for (const reject of this.#waiting) reject(this.#error);
    });
  }

  get lost(): boolean {
    return this.#error !== null;
  }

  /** Does `work`, unless the device is lost already. @throws EngineError gpu-lost at the moment of the loss. */
  guard<Value>(work: () => Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (this.#error) {
        reject(this.#error);
        return;
      }
      this.#waiting.add(reject);
      work()
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(reject));
    });
  }

  /** The loss, if it turns out within a moment: calls can fail before it is announced. */
  soon(): Promise<EngineError | null> {
    return new Promise((resolve) => {
      if (this.#error) {
        resolve(this.#error);
        return;
      }
      this.#waiting.add(resolve);
      setTimeout(() => {
        this.#waiting.delete(resolve);
        resolve(null);
      }, GRACE_MS);
    });
  }
}
