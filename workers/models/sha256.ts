/**
 * SHA-256 of data that comes in pieces (FIPS 180-4). The browser's own digest wants all bytes at once, and is missing on
 * pages served without TLS.
 */

const BLOCK = 64;
const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19];

/** The first 64 primes; the round constants are the fractions of their cube roots. */
function firstPrimes(count: number): number[] {
  const primes = [...PRIMES];
  for (let candidate = 23; primes.length < count; candidate += 2) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}

/** First 32 bits of the fraction of a root. Exact for these primes: double precision leaves more than 40 such bits. */
const fractionBits = (root: number): number => Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;

const ROUND_CONSTANTS = Int32Array.from(firstPrimes(64), (prime) => fractionBits(Math.cbrt(prime)));
const INITIAL_STATE = Int32Array.from(PRIMES, (prime) => fractionBits(Math.sqrt(prime)));

const rotate = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

/** Takes pieces of any length and gives the digest of all of them in order. */
export class Sha256 {
  readonly #state = INITIAL_STATE.slice();
  readonly #schedule = new Int32Array(64);
  readonly #block = new Uint8Array(BLOCK);
  #filled = 0;
  #bytes = 0;

  update(piece: Uint8Array): void {
    this.#bytes += piece.length;
    let at = 0;
    if (this.#filled > 0) {
      at = Math.min(BLOCK - this.#filled, piece.length);
      this.#block.set(piece.subarray(0, at), this.#filled);
      this.#filled += at;
      if (this.#filled < BLOCK) return;
      this.#compress(this.#block, 0);
      this.#filled = 0;
    }
    for (; at + BLOCK <= piece.length; at += BLOCK) this.#compress(piece, at);
    this.#block.set(piece.subarray(at));
    this.#filled = piece.length - at;
  }

  /** 64 hexadecimal digits in lower case. No piece may follow. */
  digest(): string {
    const bits = this.#bytes * 8;
    const padding = new Uint8Array((this.#filled < 56 ? 64 : 128) - this.#filled);
    padding[0] = 0x80;
    const view = new DataView(padding.buffer);
    view.setUint32(padding.length - 8, Math.floor(bits / 2 ** 32));
    view.setUint32(padding.length - 4, bits % 2 ** 32);
    this.update(padding);
    return Array.from(this.#state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  #compress(bytes: Uint8Array, start: number): void {
    const w = this.#schedule;
    for (let t = 0, at = start; t < 16; t++, at += 4) {
      w[t] =
        ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    }
    for (let t = 16; t < 64; t++) {
      const early = w[t - 15] ?? 0;
      const late = w[t - 2] ?? 0;
      const sigma0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
      const sigma1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
      w[t] = (sigma1 + (w[t - 7] ?? 0) + sigma0 + (w[t - 16] ?? 0)) | 0;
    }
    const state = this.#state;
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    for (let t = 0; t < 64; t++) {
      const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const choice = (e & f) ^ (~e & g);
      const temporary1 = (h + sum1 + choice + (ROUND_CONSTANTS[t] ?? 0) + (w[t] ?? 0)) | 0;
      const sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const majority = (a & b) ^ (a & c) ^ (b & c);
      h = g;
      g = f;
      f = e;
      e = (d + temporary1) | 0;
      d = c;
      c = b;
      b = a;
      a = (temporary1 + sum0 + majority) | 0;
    }
    const step = [a, b, c, d, e, f, g, h];
    for (let index = 0; index < 8; index++) state[index] = ((state[index] ?? 0) + (step[index] ?? 0)) | 0;
  }
}

// Above this the bytes are not brought into memory at once.
const WHOLE_LIMIT = 192 * 2 ** 20;
const PIECE = 4 * 2 ** 20;

/**
 * SHA-256 of a Blob: by the browser when it can and the Blob is not too large for memory, else piece by piece.
 *
 * @param wholeLimit - bytes up to which the Blob may be read at once.
 * @returns 64 hexadecimal digits in lower case.
 */
export async function sha256OfBlob(blob: Blob, wholeLimit: number = WHOLE_LIMIT): Promise<string> {
  if (blob.size <= wholeLimit && "subtle" in crypto) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  const hash = new Sha256();
  for (let at = 0; at < blob.size; at += PIECE) {
    hash.update(new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer()));
  }
  return hash.digest();
}
