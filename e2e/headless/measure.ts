import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium, type Page } from "playwright";
import { preview } from "vite";
import { modelSize } from "../../workers/features/extractor.ts";
import { chromiumLaunch } from "../serving/chromium.ts";
import { bareRuns } from "./bare-runs.ts";
import { measureSlider } from "./measure-slider.ts";

const USAGE = `npm run measure -- [--model file.onnx] [--pictures folder] [--count 10] [--dist dist]

Measures the built app (npm run build) in a headless Chromium on WebAssembly: milliseconds per stage, the whole job over
bare runs of the same graph, and from a move of the slider to the new paint. Without --model the starter is measured,
without --pictures the sample scenes are.`;

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const NAMES = ["person", "dog", "cat", "chair", "car", "cup", "tree", "book", "bottle", "ball"];
const PREFERRED_PATCHES = 32;

interface Timed {
  readonly milliseconds: number;
  readonly stages: Readonly<Record<string, number>>;
  readonly width: number;
  readonly height: number;
  readonly regions: number;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

function picturesOf(folder: string, count: number): string[] {
  const names = readdirSync(folder).filter((name) => /\.(?:jpe?g|png|webp)$/i.test(name) && !name.includes(".mask."));
  return names
    .sort()
    .slice(0, count)
    .map((name) => join(folder, name));
}

/** Opens the app and waits until it has its model: the starter, or the given file dropped in. */
async function openApp(page: Page, address: string, model: string | undefined): Promise<void> {
  await page.goto(`${address}?debug&device=wasm`);
  await page.waitForFunction(() => window.lookalike?.store.getState().phase === "ready", null, { timeout: 300_000 });
  if (model === undefined) return;
  await choose(page, [model]);
  await page.evaluate(async () => {
    const [file] = window.measured;
    if (file) await window.lookalike.engine.useModel({ kind: "file", file });
  });
}

declare global {
  interface Window {
    /** Files that were chosen for measuring. */
    measured: readonly File[];
  }
}

/** Hands files to the page, where `window.measured` holds them. */
async function choose(page: Page, paths: readonly string[]): Promise<void> {
  await page.evaluate(() => {
    const input = document.createElement("input");
    Object.assign(input, { type: "file", multiple: true, hidden: true, id: "measured" });
    document.body.append(input);
  });
  await page.locator("#measured").setInputFiles([...paths]);
  await page.evaluate(() => {
    const input = document.getElementById("measured");
    if (!(input instanceof HTMLInputElement)) throw new Error("There is no field for files.");
    window.measured = [...(input.files ?? [])];
    input.remove();
  });
}

/** Segments every chosen picture once, from its file to the labels, with the same classes. */
function timeJobs(page: Page, names: readonly string[]): Promise<Timed[]> {
  return page.evaluate(async (wanted) => {
    const { engine } = window.lookalike;
    const classes = [];
    for (const name of wanted) classes.push((await engine.addClass(name)).id);
    const all = [];
    for (const [at, file] of window.measured.entries()) {
      type Source = Parameters<typeof engine.segment>[0];
      const source: Source = { id: `measured ${at}` as Source["id"], name: file.name, blob: file };
      const begun = performance.now();
      const { timings, width, height, regions } = await engine.segment(source, { classes, threshold: 0.3 });
      const milliseconds = performance.now() - begun;
      all.push({ milliseconds, stages: { ...timings }, width, height, regions: regions.length });
    }
    return all;
  }, names);
}

function printStages(jobs: readonly Timed[]): void {
  const stages = new Set(jobs.flatMap((job) => Object.keys(job.stages)));
  for (const stage of stages) {
    const times = jobs.flatMap((job) => job.stages[stage] ?? []);
    print(`  ${stage.padEnd(10)} ${median(times).toFixed(1).padStart(9)} ms`);
  }
  print(
    `  ${"whole job".padEnd(10)} ${median(jobs.map((job) => job.milliseconds))
      .toFixed(1)
      .padStart(9)} ms`,
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: "string" },
      pictures: { type: "string", default: join(ROOT, "public/samples") },
      count: { type: "string", default: "10" },
      dist: { type: "string", default: "dist" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return;
  }
  const model = values.model === undefined ? undefined : resolve(values.model);
  const paths = picturesOf(resolve(values.pictures), Number(values.count) + 1);
  if (!existsSync(join(resolve(ROOT, values.dist), "index.html")))
    throw new Error("Build the app first: npm run build.");
  const server = await preview({
    root: ROOT,
    build: { outDir: values.dist },
    preview: { host: "127.0.0.1", port: 4190, strictPort: false },
    logLevel: "warn",
  });
  const address = server.resolvedUrls?.local[0] ?? "";
  const browser = await chromium.launch(chromiumLaunch());
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    // tsx keeps function names by a helper of its own, which functions that run in the page would miss.
    await page.addInitScript("globalThis.__name = (work) => work;");
    await openApp(page, address, model);
    const status = await page.evaluate(async () => window.lookalike.store.getState().status);
    if (!status?.model) throw new Error("The app has no model.");
    const { patch, dimensions, bytes } = status.model;
    const [cpu] = cpus();
    print(
      `machine    ${cpus().length} x ${cpu?.model ?? "?"}, ${(totalmem() / 1e9).toFixed(0)} GB, load ${loadavg()[0]?.toFixed(1)}`,
    );
    print(`browser    Chromium ${browser.version()}, WebAssembly, ${status.threads} threads`);
    print(
      `model      ${model === undefined ? status.model.name : basename(model)}, ${(bytes / 1e6).toFixed(1)} MB, patch ${patch}, ${dimensions} numbers`,
    );

    await choose(page, paths);
    // The first job compiles and warms up; it does not count.
    const jobs = (await timeJobs(page, NAMES)).slice(1);
    const regions = median(jobs.map((job) => job.regions));
    print(
      `pictures   ${jobs.length} of ${basename(values.pictures)}, ${NAMES.length} classes, ${regions} regions (median)`,
    );
    print("median milliseconds by stage");
    printStages(jobs);

    const longSide = preferredLongSide(patch, model);
    const inputs = jobs.map((job) => modelSize(job, patch, longSide));
    const [bare = []] = await bareRuns(browser, [{ path: model ?? starterFile(), inputs }], status.threads);
    const sum = (times: readonly number[]): number => times.reduce((total, time) => total + time, 0);
    const ratio = sum(jobs.map((job) => job.milliseconds)) / sum(bare);
    print(`  ${"bare run".padEnd(10)} ${median(bare).toFixed(1).padStart(9)} ms`);
    print(`whole jobs over bare runs of the same graph: ${ratio.toFixed(2)}`);
    print(await measureSlider(page, paths[0] ?? ""));
  } finally {
    await browser.close();
    await server.close();
  }
}

const STARTER = join(ROOT, "public/models/starter");
const starterFile = (): string => join(STARTER, "model.onnx");

/** The long side at which the app runs the model: what the starter says, else 32 patches. */
function preferredLongSide(patch: number, model: string | undefined): number {
  if (model !== undefined) return PREFERRED_PATCHES * patch;
  const manifest = JSON.parse(readFileSync(join(STARTER, "model.json"), "utf8")) as {
    readonly input: { readonly preferredLongSide: number };
  };
  return manifest.input.preferredLongSide;
}

await main();
