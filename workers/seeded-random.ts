/** Numbers 0 <= x < 1 that are the same in every run: for cases that both a kernel and its CPU twin must pass. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Numbers of -1 .. 1. */
export function randomNumbers(length: number, random: () => number): Float32Array<ArrayBuffer> {
  return new Float32Array(length).map(() => 2 * random() - 1);
}
