import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromiumLaunch } from "./e2e/serving/chromium.ts";

/**
 * Two projects. `unit` runs in Node: everything without a GPU or a DOM. `gpu` runs `*.gpu.test.ts` in Chromium on
 * whatever WebGPU adapter there is, a software one included, and fails when there is none.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          environment: "node",
          include: ["{src,workers,e2e}/**/*.test.ts"],
          exclude: ["**/*.gpu.test.ts", "**/node_modules/**"],
          // For what hangs, not for what is slow: the machine may be busy.
          testTimeout: 120_000,
          // Its entry for Node is CommonJS in a package that says "module"; inlined, its real module is taken.
          server: { deps: { inline: ["wgsl_reflect"] } },
        },
      },
      {
        // Found at the start, not in mid-run: a late find reloads the page under the tests.
        optimizeDeps: { exclude: ["onnxruntime-web"], include: ["valibot", "comlink", "idb-keyval"] },
        test: {
          name: "gpu",
          include: ["workers/**/*.gpu.test.ts"],
          testTimeout: 120_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chromiumLaunch() }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
