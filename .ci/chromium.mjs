// Finds a Chromium for the browser tests, or installs one: an existing one, else Playwright's, else Debian's.
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./install.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** Absolute path of an executable of one of the known names on PATH, or undefined. */
function onPath() {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    for (const name of NAMES) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here: the next name.
      }
    }
  }
  return undefined;
}

async function ofPlaywright() {
  const { chromium } = await import("playwright");
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}

/** Path of a Chromium that can be started; LOOKALIKE_CHROMIUM names one by hand. Throws when none can be had. */
export async function findOrInstallChromium() {
  const named = process.env["LOOKALIKE_CHROMIUM"];
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`LOOKALIKE_CHROMIUM names ${named}, which does not exist.`);
  }
  const existing = onPath() ?? (await ofPlaywright());
  if (existing) return existing;
  console.log("No Chromium found: asking Playwright for one…");
  run("npx", ["playwright", "install", "--with-deps", "chromium"], { stdio: "ignore", timeout: 300_000 });
  const downloaded = await ofPlaywright();
  if (downloaded) return downloaded;
  if (existsSync("/usr/bin/apt-get") && process.getuid?.() === 0) {
    console.log("Playwright's download failed: installing Debian's chromium…");
    const quiet = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }, stdio: "ignore" };
    run("apt-get", ["update"], quiet);
    run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], quiet);
    const installed = onPath();
    if (installed) return installed;
  }
  throw new Error("No Chromium could be found or installed. Install one, or name it in LOOKALIKE_CHROMIUM.");
}
