import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { contentSecurityPolicy, staticHeaderFile } from "./headers.ts";

test("the header file that ships for static hosts is the one the servers here use", () => {
  expect(readFileSync("public/_headers", "utf8")).toBe(staticHeaderFile());
});

test("the shipped policy lets no inline script and no eval in, and lets requests out to the photograph services alone", () => {
  const policy = contentSecurityPolicy({});
  expect(policy).not.toMatch(/'unsafe-inline'|'unsafe-eval'|nonce-|http:|\*/);
  expect(policy).toContain("default-src 'none'");
  const withOthers = policy.split("; ").filter((directive) => directive.includes("https:"));
  expect(withOthers).toEqual([
    "connect-src 'self' blob: https://api.openverse.org https://commons.wikimedia.org https://upload.wikimedia.org",
  ]);
});
