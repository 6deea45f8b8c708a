import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { contentSecurityPolicy, isolationHeaders } from "./e2e/serving/headers.ts";

// React's hot reloading injects one inline script in development; the nonce lets that one through and nothing else.
const DEVELOPMENT_NONCE = "lookalike-dev";

const headers = (policy: string, isolated: boolean): Record<string, string> => ({
  "Content-Security-Policy": policy,
  ...(isolated ? isolationHeaders : {}),
});

// LOOKALIKE_ISOLATION=off serves without COOP/COEP: how a static host without headers behaves.
const isolated = process.env["LOOKALIKE_ISOLATION"] !== "off";

export default defineConfig(({ command }) => ({
  base: "./",
  plugins: [react()],
  ...(command === "serve" ? { html: { cspNonce: DEVELOPMENT_NONCE } } : {}),
  worker: { format: "es" },
  optimizeDeps: { exclude: ["onnxruntime-web"] },
  server: { headers: headers(contentSecurityPolicy({ nonce: DEVELOPMENT_NONCE, development: true }), isolated) },
  preview: { port: 4173, headers: headers(contentSecurityPolicy({}), isolated) },
  build: { target: "es2023", assetsInlineLimit: 0, modulePreload: { polyfill: false }, sourcemap: false },
}));
