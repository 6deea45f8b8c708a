import { cpus, loadavg, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium, type Page } from "playwright";
import { createServer } from "vite";
import { chromiumLaunch } from "../serving/chromium.ts";

const USAGE = `npm run bench -- [--sizes small,medium,large,tree] [--onnx webgpu|wasm] [--gpu on|off] [--port 4193]

Times the kernels, their CPU twins and a plain ONNX MatMul + TopK in a headless Chromium, all in one run. Chromium is
started with its software WebGPU adapter, which is a processor: for a graphics card open src/dev/bench.html of
"npm run dev" in a browser that has one, or see "npm run bench:node".`;

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const EVERY = 500;
const print = (text: string): void => void process.stdout.write(text);

/** Prints the page's lines as they come, until it says how it ended. */
async function follow(page: Page): Promise<string> {
  let printed = 0;
  for (;;) {
    const { text, state } = await page.evaluate(() => ({
      text: document.getElementById("lines")?.textContent ?? "",
      state: document.body.dataset["state"],
    }));
    print(text.slice(printed));
    printed = text.length;
    if (state !== undefined) return state;
    await page.waitForTimeout(EVERY);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sizes: { type: "string", default: "small,medium,large" },
      onnx: { type: "string", default: "webgpu" },
      gpu: { type: "string", default: "on" },
      port: { type: "string", default: "4193" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(`${USAGE}\n`);
    return;
  }
  const server = await createServer({
    root: ROOT,
    server: { host: "127.0.0.1", port: Number(values.port), hmr: false },
    logLevel: "warn",
  });
  await server.listen();
  const browser = await chromium.launch(chromiumLaunch());
  try {
    const [cpu] = cpus();
    print(
      `machine    ${cpus().length} x ${cpu?.model ?? "?"}, ${(totalmem() / 1e9).toFixed(0)} GB, load ${loadavg()[0]?.toFixed(1)}\n`,
    );
    print(`browser    Chromium ${browser.version()}\n`);
    const page = await browser.newPage();
    const query = new URLSearchParams({ sizes: values.sizes, onnx: values.onnx, gpu: values.gpu });
    await page.goto(`${server.resolvedUrls?.local[0] ?? ""}src/dev/bench.html?${query}`);
    if ((await follow(page)) !== "done") process.exitCode = 1;
  } finally {
    await browser.close();
    await server.close();
  }
}

await main();
