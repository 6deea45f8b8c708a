import { cpus, loadavg, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium, type Page } from "playwright";
import { preview } from "vite";
import { chromiumLaunch } from "../serving/chromium.ts";

const USAGE = `npm run measure:bank -- [--classes 1000] [--references 16] [--pieces 11] [--dimensions 384] [--runs 5]

Measures a large bank in the built app (npm run build), in a headless Chromium on WebAssembly: how long it takes to open,
how long the frames of scrolling its lists are, what adding one reference costs, and how long a picture takes that is
compared with all of it. The bank's descriptors are random: times do not depend on what they say.`;

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SCROLL_MS = 3000;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

interface Size {
  readonly classes: number;
  readonly references: number;
  readonly dimensions: number;
  /** Pieces of every reference and of what is near it that a model saw. */
  readonly pieces: number;
}

const atShare = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
};
const round = (value: number): string => (value < 10 ? value.toFixed(1) : String(Math.round(value)));
const spread = (values: readonly number[]): string =>
  `${round(atShare(values, 0.5))} ms (${round(Math.min(...values))} to ${round(Math.max(...values))})`;

async function openApp(page: Page, address: string): Promise<void> {
  await page.goto(`${address}?debug&device=wasm`);
  await page.waitForFunction(() => window.lookalike?.store.getState().phase === "ready", null, { timeout: 300_000 });
}

/** Writes a bank into the records of today's bank, as the engine stores them, with a picture for every reference. */
async function fillBank(page: Page, size: Size): Promise<void> {
  await page.evaluate(async ({ classes, references, dimensions, pieces }) => {
    const model = window.lookalike.store.getState().status?.model?.id ?? "";
    const canvas = new OffscreenCanvas(96, 96);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("There is no canvas to draw on.");
    const pictures: Blob[] = [];
    for (let hue = 0; hue < 360; hue += 10) {
      context.fillStyle = `hsl(${hue} 60% 55%)`;
      context.fillRect(0, 0, 96, 96);
      pictures.push(await canvas.convertToBlob({ type: "image/webp" }));
    }
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open("lookalike-bank");
      opening.addEventListener("success", () => resolve(opening.result));
      opening.addEventListener("error", () => reject(opening.error));
    });
    // Numbers of 16 bits about zero.
    const random = Uint16Array.from(
      { length: 1 << 20 },
      () => 0x3000 + Math.random() * 0x0fff + (Math.random() < 0.5 ? 0x8000 : 0),
    );
    const halves = (rows = 1): Uint16Array => {
      const start = Math.floor(Math.random() * (random.length - rows * dimensions));
      return random.slice(start, start + rows * dimensions);
    };
    const version = 2;
    for (let first = 0; first < classes; first += 50) {
      const records = database.transaction("records", "readwrite").objectStore("records");
      for (let index = first; index < Math.min(first + 50, classes); index += 1) {
        const classId = `c${index}`;
        const order = index * (references + 1);
        const colour = `#${(index * 7919).toString(16).padStart(6, "0").slice(-6)}`;
        records.put({ kind: "class", version, id: classId, name: `class ${index}`, colour, order }, `class:${classId}`);
        for (let at = 0; at < references; at += 1) {
          const id = `r${index}-${at}`;
          const reference = {
            kind: "reference",
            version,
            id,
            classId,
            source: "example",
            domain: "photo",
            enabled: true,
          };
          records.put(
            {
              ...reference,
              provenance: `photograph ${index}-${at}.jpg`,
              order: order + at + 1,
              subcategory: null,
              attribution: null,
              picture: null,
            },
            `reference:${id}`,
          );
          const image = pictures[(index + at) % pictures.length];
          const crop = { kind: "crop", version, referenceId: id, image, width: 96, height: 96 };
          records.put({ ...crop, runs: Uint32Array.of(0, 4000) }, `crop:${id}`);
          const seen = { kind: "descriptor", version, referenceId: id, modelId: model, dimensions };
          const parts = {
            vectors: halves(pieces),
            inside: Math.min(4, pieces),
            patches: new Float32Array(pieces).fill(9),
          };
          records.put(
            { ...seen, views: halves(), surroundings: halves(), parts: pieces > 0 ? parts : null },
            `descriptor:${id}:${model}`,
          );
        }
      }
      await new Promise((resolve) => records.transaction.addEventListener("complete", resolve));
    }
    // Raised, so that whoever reads on from an earlier revision reads everything.
    const records = database.transaction("records", "readwrite").objectStore("records");
    records.put({ revision: 1000, log: [] }, "head");
    await new Promise((resolve) => records.transaction.addEventListener("complete", resolve));
    database.close();
  }, size);
}

/** Milliseconds from the wish for the bank to the frame that shows it, and until all of it was read. */
function openings(page: Page, runs: number): Promise<{ readonly shown: number[]; readonly whole: number[] }> {
  return page.evaluate(async (count) => {
    const { engine, store } = window.lookalike;
    const [large] = (await engine.banks()).banks;
    if (!large) throw new Error("There is no bank.");
    const empty = await engine.newBank("Empty");
    const times = { shown: [] as number[], whole: [] as number[] };
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let run = 0; run < count; run += 1) {
      await engine.useBank(empty.current);
      while (store.getState().bank.classes.length > 0) await frame();
      const from = performance.now();
      const whole = engine.useBank(large.id).then(() => performance.now() - from);
      while (store.getState().bank.classes.length === 0) await frame();
      await frame();
      times.shown.push(performance.now() - from);
      times.whole.push(await whole);
    }
    return times;
  }, runs);
}

/** Milliseconds by stage of a sample that is compared with all classes: the first time, and with one class less. */
function matching(page: Page): Promise<readonly Readonly<Record<string, number>>[]> {
  return page.evaluate(async () => {
    const { engine, store } = window.lookalike;
    const answer = await fetch("samples/breakfast.webp");
    type Source = Parameters<typeof engine.segment>[0];
    const source: Source = { id: "measured" as Source["id"], name: "breakfast.webp", blob: await answer.blob() };
    const ids = store.getState().bank.classes.map(({ id }) => id);
    const found: Record<string, number>[] = [];
    for (const classes of [ids, ids.slice(1), ids.slice(2)]) {
      const from = performance.now();
      const { timings } = await engine.segment(source, { classes, threshold: 0.3 });
      found.push({ ...timings, job: performance.now() - from });
    }
    return found;
  });
}

/** Pixels a second of a wheel that is turned in earnest. */
const WHEEL = 4000;

/**
 * Lengths of the frames while an element scrolls.
 * @param speed pixels a second; null: from end to end and back in the time that is measured, as a scroll bar is dragged
 */
function scrolling(page: Page, selector: string, speed: number | null): Promise<readonly number[]> {
  return page.evaluate(
    async ({ what, duration, wanted }) => {
      const element = document.querySelector(what);
      if (!element) throw new Error(`There is no ${what} to scroll.`);
      const frames: number[] = [];
      const from = performance.now();
      let last = from;
      while (last - from < duration) {
        const now = await new Promise<number>((resolve) => requestAnimationFrame(() => resolve(performance.now())));
        frames.push(now - last);
        last = now;
        const length = element.scrollHeight - element.clientHeight;
        const phase = ((now - from) / duration) * 2;
        const dragged = length * (phase < 1 ? phase : 2 - phase);
        element.scrollTop = wanted === null ? dragged : Math.min(length, (wanted * (now - from)) / 1000);
      }
      return frames.slice(1);
    },
    { what: selector, duration: SCROLL_MS, wanted: speed },
  );
}

/** Frames of a list at rest, under the wheel and under a dragged scroll bar: half of them, and 95 of 100, are no longer. */
async function printScrolling(page: Page, what: string, selector: string): Promise<void> {
  for (const [how, speed] of [
    ["at rest", 0],
    [`at ${WHEEL} pixels a second`, WHEEL],
    ["from end to end and back", null],
  ] as const) {
    const frames = await scrolling(page, selector, speed);
    print(`${what} ${how}: median ${round(atShare(frames, 0.5))}, 95 % ${round(atShare(frames, 0.95))} ms a frame`);
  }
}

/** What one more reference costs: the whole call, and rows of the page that were made anew. */
function adding(
  page: Page,
  runs: number,
): Promise<{ readonly call: number[]; readonly rename: number[]; touched: number }> {
  return page.evaluate(async (count) => {
    const { engine, store } = window.lookalike;
    const canvas = new OffscreenCanvas(64, 64);
    canvas.getContext("2d")?.fillRect(8, 8, 40, 40);
    const blob = await canvas.convertToBlob({ type: "image/png" });
    const call: number[] = [];
    const rename: number[] = [];
    let touched = 0;
    for (let run = 0; run < count; run += 1) {
      const before = store.getState().bank.classes;
      const owner = before[500 % before.length];
      if (!owner) throw new Error("There is no class.");
      const id = `measured-${run}` as Parameters<typeof engine.addReference>[1]["id"];
      const from = performance.now();
      await engine.addReference(owner.id, { id, name: "measured.png", blob }, { kind: "whole" });
      call.push(performance.now() - from);
      const after = store.getState().bank.classes;
      touched = Math.max(touched, after.filter((entry, at) => entry !== before[at]).length);
      const renaming = performance.now();
      await engine.changeClass(owner.id, { name: `renamed ${run}` });
      rename.push(performance.now() - renaming);
    }
    return { call, rename, touched };
  }, runs);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      classes: { type: "string", default: "1000" },
      references: { type: "string", default: "16" },
      pieces: { type: "string", default: "11" },
      dimensions: { type: "string", default: "" },
      runs: { type: "string", default: "5" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return;
  }
  const server = await preview({ root: ROOT, preview: { port: 0, host: "127.0.0.1" } });
  const browser = await chromium.launch(chromiumLaunch());
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    // tsx names functions by a helper that pages do not have.
    await page.addInitScript("globalThis.__name ??= (given) => given;");
    const address = server.resolvedUrls?.local[0] ?? "";
    await openApp(page, address);
    // Without a wish, what the model in use gives: then one more reference fits to the others.
    const own = await page.evaluate(() => window.lookalike.store.getState().status?.model?.dimensions ?? 384);
    const size: Size = {
      classes: Number(values.classes),
      references: Number(values.references),
      dimensions: Number(values.dimensions) || own,
      pieces: Number(values.pieces),
    };
    await fillBank(page, size);
    await openApp(page, address);
    const [cpu] = cpus();
    print(
      `${size.classes} classes x ${size.references} references, ${size.dimensions} numbers a descriptor, fp16, ${size.pieces} pieces each`,
    );
    print(`${cpus().length} x ${cpu?.model ?? "?"}, ${Math.round(totalmem() / 1e9)} GB, Chromium ${browser.version()}`);
    print(`load average while measuring: ${loadavg().map(round).join(" ")}\n`);
    const { shown, whole } = await openings(page, Number(values.runs));
    print(`open, from IndexedDB to the frame that shows it: ${spread(shown)}`);
    print(`open, until all descriptors are there: ${spread(whole)}`);
    await printScrolling(page, "the panel", ".tab-panel");
    await page.getByRole("button", { name: "All classes and references" }).click();
    await page.waitForSelector(".bank-rows");
    await printScrolling(page, "the bank's classes", ".bank-rows");
    await page.keyboard.press("Escape");
    const { call, rename, touched } = await adding(page, Number(values.runs));
    print(
      `add one reference, with a run of the model: ${spread(call)}; ${touched} of ${size.classes} rows rendered anew`,
    );
    print(`rename one class: ${spread(rename)}`);
    for (const [at, timings] of (await matching(page)).entries()) {
      const stages = Object.entries(timings).map(([stage, time]) => `${stage} ${round(time)}`);
      print(`segment a sample with ${size.classes - at} classes: ${stages.join(", ")} ms`);
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

await main();
