import { existsSync, readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium, type Browser, type Page } from "playwright";
import { preview } from "vite";
import { chromiumLaunch } from "../serving/chromium.ts";
import { bareRuns } from "./bare-runs.ts";

const USAGE = `npm run measure:models -- --model file.onnx [--patch 14] [--patches 32] [--turns 9] [--threads 2] [--dist dist]

Compares the starter with another feature model on WebAssembly, in one page, taking turns: on square pictures of so many
patches a side, and on the starter's own size beside so many of the other's. Then opens the built app (npm run build) twice
in one browser, and says how long the starter took the second time, when its files came from the browser's cache.`;

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const STARTER = join(ROOT, "public/models/starter/model.onnx");
const STARTER_PATCH = 16;

/** Patches along the long side of the pictures that the starter is shown. */
function ownPatches(): number {
  const manifest = JSON.parse(readFileSync(join(dirname(STARTER), "model.json"), "utf8")) as {
    readonly input: { readonly preferredLongSide: number };
  };
  return manifest.input.preferredLongSide / STARTER_PATCH;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
}

const milliseconds = (values: readonly number[]): string =>
  `${quantile(values, 0.5).toFixed(0).padStart(6)} ms (${quantile(values, 0).toFixed(0)} to ${quantile(values, 1).toFixed(0)})`;

interface Race {
  /** Patches a side of the starter's pictures. */
  readonly mine: number;
  readonly other: string;
  readonly patch: number;
  /** Patches a side of the other model's pictures. */
  readonly patches: number;
  readonly turns: number;
  readonly threads: number;
}

async function race(browser: Browser, { mine, other, patch, patches, turns, threads }: Race): Promise<void> {
  const square = (side: number) => Array.from({ length: turns }, () => ({ width: side, height: side }));
  const [starter = [], rival = []] = await bareRuns(
    browser,
    [
      { path: STARTER, inputs: square(STARTER_PATCH * mine) },
      { path: other, inputs: square(patch * patches) },
    ],
    threads,
  );
  const ratios = rival.map((time, turn) => time / (starter[turn] ?? Number.NaN));
  print(`${threads} threads, ${turns} turns in one page: median (least to most)`);
  print(`  starter, ${`${mine} x ${mine} patches`.padEnd(30)}${milliseconds(starter)}`);
  print(`  ${`${basename(other)}, ${patches} x ${patches} patches`.padEnd(39)}${milliseconds(rival)}`);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(ratios, share).toFixed(2));
  print(`  the starter is ${middle} times as fast (median of the turns' ratios; quartiles ${low} and ${high})`);
}

/** Opens the app and waits until it can segment; returns milliseconds from the first byte on. */
async function openApp(page: Page, address: string): Promise<number> {
  await page.goto(`${address}?debug&device=wasm`);
  await page.waitForFunction(() => window.lookalike?.store.getState().phase === "ready", null, { timeout: 120_000 });
  return page.evaluate(() => performance.now());
}

async function fromCache(browser: Browser, dist: string, repeats: number): Promise<void> {
  if (!existsSync(join(resolve(ROOT, dist), "index.html"))) throw new Error("Build the app first: npm run build.");
  const server = await preview({
    root: ROOT,
    build: { outDir: dist },
    preview: { host: "127.0.0.1", port: 4190, strictPort: false },
    logLevel: "warn",
  });
  try {
    const address = server.resolvedUrls?.local[0] ?? "";
    const page = await browser.newPage();
    await page.addInitScript("globalThis.__name = (work) => work;");
    const first = await openApp(page, address);
    const again: number[] = [];
    const loads: number[] = [];
    for (let turn = 0; turn < repeats; turn++) {
      again.push(await openApp(page, address));
      // The same again alone: fetched from the cache, checked by its SHA-256, made a session.
      loads.push(
        await page.evaluate(async () => {
          const begun = performance.now();
          await window.lookalike.engine.useModel({ kind: "starter" });
          return performance.now() - begun;
        }),
      );
    }
    print(`from opening the page to ready, first visit: ${first.toFixed(0)} ms`);
    print(`from opening the page to ready, later visits:${milliseconds(again)}`);
    print(`loading the starter from the cache:          ${milliseconds(loads)}`);
  } finally {
    await server.close();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: "string" },
      patch: { type: "string", default: "14" },
      patches: { type: "string", default: "32" },
      turns: { type: "string", default: "9" },
      threads: { type: "string", default: "2" },
      dist: { type: "string", default: "dist" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help || values.model === undefined) {
    print(USAGE);
    return;
  }
  const other = resolve(values.model);
  if (!existsSync(other)) throw new Error(`There is no model at ${values.model}.`);
  const browser = await chromium.launch(chromiumLaunch());
  try {
    const machine = `${cpus().length} x ${cpus()[0]?.model ?? "?"}, ${(totalmem() / 1e9).toFixed(0)} GB`;
    print(`machine ${machine}, load ${loadavg()[0]?.toFixed(1)}; Chromium ${browser.version()}`);
    const [patch = 14, patches = 32, turns = 9, threads = 2] = [
      values.patch,
      values.patches,
      values.turns,
      values.threads,
    ].map(Number);
    for (const mine of new Set([patches, ownPatches()])) {
      await race(browser, { mine, other, patch, patches, turns, threads });
    }
    await fromCache(browser, values.dist, 5);
  } finally {
    await browser.close();
  }
}

await main();
