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
const sessions = new Map();
addEventListener("message", async ({ data: { model, threads, dims } }) => {
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = "/runtime/";
  if (!sessions.has(model)) {
    const file = new Uint8Array(await (await fetch("/model/" + model)).arrayBuffer());
    sessions.set(model, await ort.InferenceSession.create(file, { executionProviders: ["wasm"] }));
  }
  const values = Float32Array.from({ length: dims.reduce((a, b) => a * b) }, (_, at) => Math.sin(at * 12.9898) * 2);
  const begun = performance.now();
  const { last_hidden_state: tokens } = await sessions.get(model).run({ pixel_values: new ort.Tensor("float32", values, dims) });
  await tokens.getData();
  postMessage(performance.now() - begun);
});
`;
const PAGE = `<!doctype html><title>Bare runs</title><script type="module">
const worker = new Worker("/worker.js", { type: "module" });
window.runOnce = (model, threads, dims) => new Promise((resolve, reject) => {
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
  worker.postMessage({ model, threads, dims });
});
</script>`;

declare global {
  interface Window {
    /** In the page of bare runs alone: milliseconds of one run. */
    readonly runOnce: (model: number, threads: number, dims: readonly number[]) => Promise<number>;
  }
}

/** One graph and what it is run on. */
export interface BareModel {
  /** Path of the .onnx file. */
  readonly path: string;
  /** Sides of the inputs in model pixels. */
  readonly inputs: readonly { readonly width: number; readonly height: number }[];
}

const TYPES: Readonly<Record<string, string>> = { mjs: "text/javascript", wasm: "application/wasm" };

async function contentOf(
  path: string,
  models: readonly BareModel[],
): Promise<readonly [type: string, body: string | Buffer]> {
  if (path === "/") return ["text/html", PAGE];
  if (path === "/worker.js") return ["text/javascript", WORKER];
  const model = models[Number(/^\/model\/(\d+)$/.exec(path)?.[1])];
  if (model) return ["application/octet-stream", await readFile(model.path)];
  const name = path.replace(/^\/runtime\//, "");
  if (!/^ort[\w.-]*\.(?:mjs|wasm)$/.test(name)) throw new Error(`Nothing is served at ${path}.`);
  return [TYPES[name.split(".").at(-1) ?? ""] ?? "", await readFile(join(RUNTIME, name))];
}

function serve(models: readonly BareModel[]): Promise<Server> {
  const server = createServer((request, response) => {
    contentOf(request.url ?? "/", models).then(
      ([type, body]) => response.writeHead(200, { ...isolationHeaders, "Content-Type": type }).end(body),
      () => response.writeHead(404, { ...isolationHeaders }).end(),
    );
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

/**
 * Runs graphs in ONNX Runtime's WebAssembly build with nothing around them: no decoding, no resizing, no regions. Several
 * graphs take turns in one worker of one page, so that whatever else the machine does slows them all alike.
 *
 * @param models - each input is run once, after one run of the first input that does not count.
 * @returns for each model the milliseconds of each run
 */
export async function bareRuns(browser: Browser, models: readonly BareModel[], threads: number): Promise<number[][]> {
  const server = await serve(models);
  try {
    const page = await browser.newPage();
    await page.addInitScript("globalThis.__name = (work) => work;");
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => "runOnce" in window);
    const shapes = models.map(({ inputs }) => inputs.map(({ width, height }) => [1, 3, height, width]));
    const times = await page.evaluate(
      async ([threadCount, all]) => {
        for (const [model, [first]] of all.entries()) if (first) await window.runOnce(model, threadCount, first);
        const found: number[][] = all.map(() => []);
        const turns = Math.max(...all.map((inputs) => inputs.length));
        for (let turn = 0; turn < turns; turn++) {
          for (const [model, inputs] of all.entries()) {
            const dims = inputs[turn];
            if (dims) found[model]?.push(await window.runOnce(model, threadCount, dims));
          }
        }
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
