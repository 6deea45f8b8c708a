/** Milliseconds spent on one kind of run at most, once there are enough. */
const BUDGET = 1500;
const FEWEST_RUNS = 3;
/** A first run that takes longer, milliseconds, is the only one. */
const LONGEST_RUN = 20_000;
const MOST_RUNS = 51;

/** The median of some numbers; NaN of none. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** Median milliseconds of a run, after one that does not count (it compiles and fills caches) unless it took very long. */
export async function medianTime(run: () => unknown): Promise<number> {
  const started = performance.now();
  await run();
  const first = performance.now() - started;
  if (first > LONGEST_RUN) return first;
  const times: number[] = [];
  let spent = 0;
  while (times.length < FEWEST_RUNS || (spent < BUDGET && times.length < MOST_RUNS)) {
    const begun = performance.now();
    await run();
    times.push(performance.now() - begun);
    spent += times.at(-1) ?? 0;
  }
  return median(times);
}

/** A device is kept busy for so long, milliseconds, that asking it to begin and to end weighs little. */
const BUSY = 40;
const MOST_IN_A_BATCH = 200;

/**
 * Median milliseconds that the device itself takes for what `encode` records: so many are submitted at once that the way
 * to the device and back is shared out among them.
 */
export async function medianDeviceTime(
  device: GPUDevice,
  encode: (encoder: GPUCommandEncoder) => void,
): Promise<number> {
  const batch = async (size: number): Promise<void> => {
    const encoder = device.createCommandEncoder({ label: "bench" });
    for (let i = 0; i < size; i += 1) encode(encoder);
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
  };
  const single = await medianTime(() => batch(1));
  const size = Math.max(1, Math.min(MOST_IN_A_BATCH, Math.round(BUSY / single)));
  return size === 1 ? single : (await medianTime(() => batch(size))) / size;
}
