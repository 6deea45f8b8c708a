import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Sha256, sha256OfBlob } from "./sha256.ts";

const bytes = (length: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);
const expected = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

describe("SHA-256 in pieces", () => {
  it("agrees with Node's at every length around the block and padding borders", () => {
    for (const length of [0, 1, 3, 54, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, 1000, 100_003]) {
      const hash = new Sha256();
      hash.update(bytes(length));
      expect(hash.digest(), `${length} bytes`).toBe(expected(bytes(length)));
    }
  });

  it("does not depend on how the bytes are cut", () => {
    const data = bytes(5000);
    for (const step of [1, 7, 63, 64, 65, 200, 4999]) {
      const hash = new Sha256();
      for (let at = 0; at < data.length; at += step) hash.update(data.subarray(at, at + step));
      expect(hash.digest(), `pieces of ${step}`).toBe(expected(data));
    }
  });

  it("gives the same for a Blob read at once and read in pieces", async () => {
    const data = bytes(9_000_001);
    const blob = new Blob([data]);
    expect(await sha256OfBlob(blob)).toBe(expected(data));
    expect(await sha256OfBlob(blob, 0)).toBe(expected(data));
  });
});
