import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { contentSecurityPolicy, staticHeaderFile } from "./headers.ts";

test("the header file that ships for static hosts is the one the servers here use", () => {
  expect(readFileSync("public/_headers", "utf8")).toBe(staticHeaderFile());
});

test("the shipped policy lets no inline script, no eval and no other origin in", () => {
  const policy = contentSecurityPolicy({});
  expect(policy).not.toMatch(/'unsafe-inline'|'unsafe-eval'|nonce-|https?:|\*/);
  expect(policy).toContain("default-src 'none'");
});
