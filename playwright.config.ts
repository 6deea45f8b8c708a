import { defineConfig } from "@playwright/test";
import { chromiumLaunch } from "./e2e/serving/chromium.ts";

const PORT = Number(process.env["PORT_BASE"] ?? 4183);
const PORT_WITHOUT_ISOLATION = PORT + 1;

/** The built app in a real Chromium. One worker: a second one would only fight the first for two cores. */
export default defineConfig({
  testDir: "e2e/specs",
  outputDir: ".cache/e2e",
  timeout: 240_000,
  expect: { timeout: 30_000 },
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env["CI"]),
  reporter: [["list"], ["json", { outputFile: ".cache/reports/e2e.json" }]],
  use: {
    baseURL: `http://127.0.0.1:${PORT}`,
    viewport: { width: 1280, height: 800 },
    launchOptions: chromiumLaunch(),
    screenshot: "only-on-failure",
  },
  webServer: [
    {
      command: `npx vite preview --host 127.0.0.1 --port ${PORT} --strictPort`,
      port: PORT,
      reuseExistingServer: false,
    },
    {
      command: `npx vite preview --host 127.0.0.1 --port ${PORT_WITHOUT_ISOLATION} --strictPort`,
      port: PORT_WITHOUT_ISOLATION,
      env: { LOOKALIKE_ISOLATION: "off" },
      reuseExistingServer: false,
    },
  ],
});
