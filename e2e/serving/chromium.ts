import { existsSync } from "node:fs";

/**
 * How Chromium is started for tests: headless, as root if need be, with a software WebGPU adapter and software
 * compositing (without the last five flags a worker's WebGPU canvas never presents), and with no requests of its own.
 */
export function chromiumLaunch(): { executablePath?: string; args: string[] } {
  const named = process.env["LOOKALIKE_CHROMIUM"];
  const executablePath = named ?? (existsSync("/usr/bin/chromium") ? "/usr/bin/chromium" : undefined);
  return {
    ...(executablePath ? { executablePath } : {}),
    args: [
      "--no-sandbox",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-quic",
      "--no-first-run",
      "--enable-unsafe-webgpu",
      "--use-webgpu-adapter=swiftshader",
      "--enable-features=Vulkan",
      "--use-vulkan=swiftshader",
      "--use-angle=swiftshader",
      "--enable-gpu",
      "--ignore-gpu-blocklist",
    ],
  };
}
