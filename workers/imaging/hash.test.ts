import { expect, test } from "vitest";
import { sha256 } from "./hash.ts";

test("the hash of three letters is the one in the standard's own example (FIPS 180-4)", async () => {
  const hash = await sha256(new TextEncoder().encode("abc"));
  expect(hash).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
