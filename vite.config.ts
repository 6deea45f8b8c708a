import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { contentSecurityPolicy, isolationHeaders } from "./e2e/serving/headers.ts";

// React's hot reloading injects one inline script in development; the nonce lets that one through and nothing else.
const DEVELOPMENT_NONCE = "lookalike-dev";

const headers = (policy: string, isolated: boolean): Record<string, string> => ({
  "Content-Security-Policy": policy,
  ...(isolated ? isolationHeaders : {}),
});

// LOOKALIKE_ISOLATION=off serves without COOP/COEP: how a static host without headers behaves.
const isolated = process.env["LOOKALIKE_ISOLATION"] !== "off";

/**
 * React Aria's own words for screen readers come in 34 languages, all of them in the page's script. The page speaks English
 * and says so (`<html lang>`): words in the browser's language between its own would be read out as if they were English.
 */
const onlyEnglish: Plugin = {
  name: "only-english",
  load: {
    filter: {
      id: /[\\/]react-(?:aria|stately|aria-components)[\\/].*[\\/]intl[\\/](?:.*[\\/])?(?!en-US)[a-z]{2}-[A-Z]{2}\.m?js$/,
    },
    handler: () => "export default undefined;",
  },
};

export default defineConfig(({ command }) => ({
  base: "./",
  plugins: [onlyEnglish, react()],
  ...(command === "serve" ? { html: { cspNonce: DEVELOPMENT_NONCE } } : {}),
  worker: { format: "es" },
  optimizeDeps: { exclude: ["onnxruntime-web"] },
  server: { headers: headers(contentSecurityPolicy({ nonce: DEVELOPMENT_NONCE, development: true }), isolated) },
  preview: { port: 4173, headers: headers(contentSecurityPolicy({}), isolated) },
  build: { target: "es2023", assetsInlineLimit: 0, modulePreload: { polyfill: false }, sourcemap: false },
}));
