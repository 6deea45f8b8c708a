import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** The repository's root, with a slash at its end. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** What a build is made from. */
const SOURCES = ["src", "workers", "public", "index.html", "vite.config.ts", "package-lock.json"];

function newestChange(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return /\.test\.tsx?$/.test(path) ? 0 : found.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

/** Builds the app when there is no build or a source is newer than it. @param say told of what takes long */
export async function buildIfStale(say: (line: string) => void): Promise<void> {
  const built = join(ROOT, "dist/index.html");
  const changed = Math.max(...SOURCES.map((name) => newestChange(join(ROOT, name))));
  if (existsSync(built) && statSync(built).mtimeMs > changed) return;
  say("building the app");
  await build({ root: ROOT, logLevel: "warn" });
}
