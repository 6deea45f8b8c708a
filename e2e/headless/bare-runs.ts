import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import type { Browser } from "playwright";
import { isolationHeaders } from "../serving/headers.ts";

const RUNTIME = dirname(createRequire(import.meta.url).resolve("onnxruntime-web"));

/** In a worker, as the app has it: a runtime on the thread of a page may not wait and would spin instead. */
const WORKER = `
import * as ort from "/runtime/ort.wasm.min.mjs";
let session;
addEventListener("message", async ({ data: { threads, dims } }) => {
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = "/runtime/";
  if (!session) {
    const model = new Uint8Array(await (await fetch("/model.onnx")).arrayBuffer());
    session = await ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
  }
  const values = Float32Array.from({ length: dims.reduce((a, b) => a * b) }, (_, at) => Math.sin(at * 12.9898) * 2);
  const begun = performance.now();
  const { last_hidden_state: tokens } = await session.run({ pixel_values: new ort.Tensor("float32", values, dims) });
  await tokens.getData();
  postMessage(performance.now() - begun);
});
`;
const PAGE = `<!doctype html><title>Bare runs</title><script type="module">
const worker = new Worker("/worker.js", { type: "module" });
window.runOnce = (threads, dims) => new Promise((resolve, reject) => {
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
  worker.postMessage({ threads, dims });
});
</script>`;

declare global {
  interface Window {
    /** In the page of bare runs alone: milliseconds of one run. */
    readonly runOnce: (threads: number, dims: readonly number[]) => Promise<number>;
  }
}

const TYPES: Readonly<Record<string, string>> = { mjs: "text/javascript", wasm: "application/wasm" };

async function contentOf(path: string, model: string): Promise<readonly [type: string, body: string | Buffer]> {
  if (path === "/") return ["text/html", PAGE];
  if (path === "/worker.js") return ["text/javascript", WORKER];
  if (path === "/model.onnx") return ["application/octet-stream", await readFile(model)];
  const name = path.replace(/^\/runtime\//, "");
  if (!/^ort[\w.-]*\.(?:mjs|wasm)$/.test(name)) throw new Error(`Nothing is served at ${path}.`);
  return [TYPES[name.split(".").at(-1) ?? ""] ?? "", await readFile(join(RUNTIME, name))];
}

function serve(model: string): Promise<Server> {
  const server = createServer((request, response) => {
    contentOf(request.url ?? "/", model).then(
      ([type, body]) => response.writeHead(200, { ...isolationHeaders, "Content-Type": type }).end(body),
      () => response.writeHead(404, { ...isolationHeaders }).end(),
    );
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

/**
 * Runs a graph in ONNX Runtime's WebAssembly build with nothing around it: no decoding, no resizing, no regions.
 *
 * @param inputs - sides of the inputs in model pixels; each is run once, after one run that does not count.
 * @returns milliseconds of each run
 */
export async function bareRuns(
  browser: Browser,
  model: string,
  threads: number,
  inputs: readonly { readonly width: number; readonly height: number }[],
): Promise<number[]> {
  const server = await serve(model);
  try {
    const page = await browser.newPage();
    await page.addInitScript("globalThis.__name = (work) => work;");
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => "runOnce" in window);
    const shapes = inputs.map(({ width, height }) => [1, 3, height, width]);
    const times = await page.evaluate(
      async ([threadCount, all]) => {
        const [first] = all;
        if (first) await window.runOnce(threadCount, first);
        const found: number[] = [];
        for (const dims of all) found.push(await window.runOnce(threadCount, dims));
        return found;
      },
      [threads, shapes] as const,
    );
    await page.close();
    return times;
  } finally {
    server.close();
  }
}
