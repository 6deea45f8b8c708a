import { SERVICE_ORIGINS } from "../../workers/references/sources/photo-search/services.ts";

/**
 * The response headers of the app, in one place: the development server, the preview server and the header file for
 * static hosts (docs/hosting.md) are all made from these.
 */

/** Cross-origin isolation: without it WebAssembly runs on one thread. */
export const isolationHeaders = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
} as const;

/**
 * The one style that React Aria writes into the page: on iOS, while a dialog is open, it keeps what is behind from
 * scrolling (usePreventScroll). Allowed by its hash, here because a hash would switch 'unsafe-inline' off in development.
 */
const SCROLL_LOCK_STYLE = "'sha256-gYiS/BvZvRcK27JIXTuwhZ3hs2+VJ1X+2gUlE+farlg='";

/** Where photographs are searched, once the person has agreed: the only other origins that anything is asked of. */
const photoServices = Object.values(SERVICE_ORIGINS).join(" ");

/**
 * The Content-Security-Policy. Scripts, workers, styles and fonts come from the app's own origin, and so do the answers
 * to requests, but for the services that photographs are searched with; pictures
 * also from blobs that the page made itself. `wasm-unsafe-eval` is what compiling WebAssembly needs, and allows no
 * script. A development server adds its one nonce and its web socket.
 */
export function contentSecurityPolicy(options: { nonce?: string; development?: boolean }): string {
  const nonce = options.nonce ? ` 'nonce-${options.nonce}'` : "";
  const socket = options.development ? " ws:" : "";
  return [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval'${nonce}`,
    "worker-src 'self'",
    `style-src 'self' ${options.development ? "'unsafe-inline'" : SCROLL_LOCK_STYLE}`,
    "img-src 'self' blob: data:",
    "font-src 'self'",
    `connect-src 'self' blob: ${photoServices}${socket}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The header file that static hosts of the Netlify and Cloudflare Pages kind read: public/_headers. */
export function staticHeaderFile(): string {
  const headers = { "Content-Security-Policy": contentSecurityPolicy({}), ...isolationHeaders };
  const lines = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`);
  return ["/*", ...lines, "/*.wasm", "  Content-Type: application/wasm", ""].join("\n");
}
