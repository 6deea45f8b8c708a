import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium, type Page } from "playwright";
import { preview } from "vite";
import type { Box, ImagePx, PictureId, RegionChoice } from "../../workers/contract.ts";
import { type Mask, maskOfOutline, overlapOf, type Photograph, readPhotographs } from "../fixtures/coco.ts";
import { chromiumLaunch } from "../serving/chromium.ts";

const USAGE = `tsx e2e/headless/measure-localisation.ts --model model.onnx [--data coco-bank] [--classes 80] [--examples 3]

How well the built app (npm run build) finds, in the photographs of a class, where that class is: by what they have in
common, and, with --examples n, by the masks of the first n. Each class's photographs are given together. Prints the mean
intersection over union with the best of the class's true masks, and the share at 0.5 or more, for the classes with even
and with odd numbers apart, beside controls.`;

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** A photograph shows a class when one of its things covers this share of it. */
const LEAST_SHARE = 0.01;
const FEWEST_PHOTOGRAPHS = 3;
const MOST_PHOTOGRAPHS = 16;
/** Side of the centre box as a share of the picture's. */
const CENTRE = 0.7;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

declare global {
  interface Window {
    /** Photographs that were chosen for measuring. */
    photographs: readonly File[];
  }
}

interface Shown {
  readonly photograph: Photograph;
  /** Its place among the files handed to the page. */
  readonly place: number;
  /** The class's true masks, the largest first. */
  readonly masks: readonly Mask[];
}

const areaOf = (mask: Mask): number => mask.reduce((sum, value) => sum + value, 0);

/** The photographs of every class that has enough of them. */
function shownByClass(photographs: readonly Photograph[], most: number): ReadonlyMap<string, readonly Shown[]> {
  const shown = new Map<string, Shown[]>();
  for (const [place, photograph] of photographs.entries()) {
    const { things, width, height } = photograph;
    for (const name of new Set(things.filter(({ isCrowd }) => !isCrowd).map((thing) => thing.name))) {
      const masks = things
        .filter((thing) => thing.name === name && !thing.isCrowd)
        .map((thing) => thing.mask())
        .sort((a, b) => areaOf(b) - areaOf(a));
      const [largest] = masks;
      if (!largest || areaOf(largest) < LEAST_SHARE * width * height) continue;
      shown.set(name, [...(shown.get(name) ?? []), { photograph, place, masks }]);
    }
  }
  const enough = [...shown]
    .filter(([, list]) => list.length >= FEWEST_PHOTOGRAPHS)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(enough.slice(0, most).map(([name, list]) => [name, list.slice(0, MOST_PHOTOGRAPHS)]));
}

/** Overlap with the best of the true masks. */
function scoreOf(found: Mask, { masks }: Shown): number {
  return Math.max(
    ...masks.map((mask) => {
      const { both, either } = overlapOf(found, mask);
      return either === 0 ? 0 : both / either;
    }),
  );
}

const maskOf = ({ outline }: Pick<RegionChoice, "outline">, { photograph: { width, height } }: Shown): Mask =>
  maskOfOutline(outline, width, height);

function boxMask({ x, y, width, height }: Box<number>, { photograph }: Shown): Mask {
  const mask = new Uint8Array(photograph.width * photograph.height);
  for (let row = y; row < y + height; row += 1) {
    mask.fill(1, row * photograph.width + x, row * photograph.width + x + width);
  }
  return mask;
}

function centreMask(shown: Shown): Mask {
  const { width, height } = shown.photograph;
  const [wide, tall] = [Math.round(CENTRE * width), Math.round(CENTRE * height)];
  const box = { x: (width - wide) >> 1, y: (height - tall) >> 1, width: wide, height: tall };
  return boxMask(box, shown);
}

/** Scores of one way of choosing, by class number. */
class Scores {
  readonly #byClass: number[][] = [];

  add(classNumber: number, score: number): void {
    (this.#byClass[classNumber] ??= []).push(score);
  }

  of(parity: 0 | 1 | null): string {
    const all = this.#byClass.flatMap((scores, number) => (parity === null || number % 2 === parity ? scores : []));
    const mean = all.reduce((sum, score) => sum + score, 0) / all.length;
    const hits = all.filter((score) => score >= 0.5).length / all.length;
    return `${mean.toFixed(3)} ${hits.toFixed(3)} (${all.length})`;
  }
}

type Place = number;

/** Regions that the engine chooses in photographs given together. */
function localise(page: Page, places: readonly Place[], className: string | null): Promise<(RegionChoice | null)[]> {
  return page.evaluate(
    async ([wanted, name]) => {
      const { engine } = window.lookalike;
      const { classes } = await engine.bank();
      const owner = classes.find((one) => one.name === name)?.id ?? null;
      const sources = wanted.flatMap((place) => {
        const file = window.photographs[place];
        return file ? [{ id: `photograph ${place}` as PictureId, name: file.name, blob: file }] : [];
      });
      return (await engine.localise(sources, owner)).map(({ choice }) => choice);
    },
    [places, className] as const,
  );
}

/** The region that a click in the middle of the picture gives. */
function regionInMiddle(page: Page, { place, photograph }: Shown): Promise<RegionChoice | null> {
  return page.evaluate(
    async ([at, x, y]) => {
      const file = window.photographs[at];
      if (!file) return null;
      const source = { id: `photograph ${at}` as PictureId, name: file.name, blob: file };
      const [first] = await window.lookalike.engine.proposalsAt(source, { x: x as ImagePx, y: y as ImagePx });
      return first ?? null;
    },
    [place, photograph.width / 2, photograph.height / 2] as const,
  );
}

/** Runs of a mask, as the engine takes them. */
function runsOf(mask: Mask): number[] {
  const runs: number[] = [];
  for (let at = 0; at < mask.length; at += 1) {
    if (!mask[at]) continue;
    const start = at;
    while (mask[at]) at += 1;
    runs.push(start, at - start);
  }
  return runs;
}

/** Makes the largest thing of a photograph an example of a class. */
async function teach(page: Page, name: string, { photograph, place, masks }: Shown): Promise<void> {
  const { width, height } = photograph;
  await page.evaluate(
    async ([className, at, grid, runs]) => {
      const file = window.photographs[at];
      if (!file) throw new Error("There is no such photograph.");
      const source = { id: `photograph ${at}` as PictureId, name: file.name, blob: file };
      await window.lookalike.engine.importReferences(source, {
        ...grid,
        masks: [{ className, runs: Uint32Array.from(runs) }],
      });
    },
    [name, place, { width, height }, runsOf(masks[0] ?? new Uint8Array())] as const,
  );
}

async function openApp(page: Page, address: string, model: string, files: readonly string[]): Promise<void> {
  // tsx keeps function names by a helper of its own, which functions that run in the page would miss.
  await page.addInitScript("globalThis.__name = (work) => work;");
  await page.goto(`${address}?debug&device=wasm`);
  await page.waitForFunction(() => window.lookalike?.store.getState().phase === "ready", null, { timeout: 300_000 });
  for (const [id, paths] of [
    ["model", [model]],
    ["photographs", files],
  ] as const) {
    await page.evaluate((name) => {
      const input = document.createElement("input");
      Object.assign(input, { type: "file", multiple: true, hidden: true, id: name });
      document.body.append(input);
    }, id);
    await page.locator(`#${id}`).setInputFiles([...paths]);
  }
  await page.evaluate(async () => {
    const [model, photographs] = ["model", "photographs"].map((id) => document.getElementById(id));
    if (!(model instanceof HTMLInputElement) || !(photographs instanceof HTMLInputElement)) return;
    window.photographs = [...(photographs.files ?? [])];
    const file = model.files?.[0];
    if (file) await window.lookalike.engine.useModel({ kind: "file", file });
  });
}

async function measure(page: Page, photographs: readonly Photograph[], most: number, examples: number): Promise<void> {
  const methods = {
    "the whole picture": new Scores(),
    "the box in the middle": new Scores(),
    "the region in the middle": new Scores(),
    "most salient region": new Scores(),
    "what they have in common": new Scores(),
    [`like ${examples} examples`]: new Scores(),
  };
  const [whole, centre, middle, salient, consensus, taught] = Object.values(methods);
  const classes = shownByClass(photographs, most);
  print(`${classes.size} classes with at least ${FEWEST_PHOTOGRAPHS} photographs, at most ${MOST_PHOTOGRAPHS} taken`);
  for (const [number, [name, list]] of [...classes].entries()) {
    const chosen = await localise(
      page,
      list.map(({ place }) => place),
      null,
    );
    for (const [at, shown] of list.entries()) {
      const { width, height } = shown.photograph;
      whole?.add(number, scoreOf(boxMask({ x: 0, y: 0, width, height }, shown), shown));
      centre?.add(number, scoreOf(centreMask(shown), shown));
      const inMiddle = await regionInMiddle(page, shown);
      middle?.add(number, inMiddle ? scoreOf(maskOf(inMiddle, shown), shown) : 0);
      const [alone] = await localise(page, [shown.place], null);
      salient?.add(number, alone ? scoreOf(maskOf(alone, shown), shown) : 0);
      const found = chosen[at];
      consensus?.add(number, found ? scoreOf(maskOf(found, shown), shown) : 0);
    }
    const [first, rest] = [list.slice(0, examples), list.slice(examples)];
    if (examples === 0 || rest.length === 0) continue;
    for (const shown of first) await teach(page, name, shown);
    for (const shown of rest) {
      const [found] = await localise(page, [shown.place], name);
      taught?.add(number, found ? scoreOf(maskOf(found, shown), shown) : 0);
    }
  }
  print(`${"".padEnd(28)} ${"even classes".padEnd(20)} ${"odd classes".padEnd(20)} all`);
  for (const [label, scores] of Object.entries(methods)) {
    if (scores === taught && examples === 0) continue;
    print(`${label.padEnd(28)} ${scores.of(0).padEnd(20)} ${scores.of(1).padEnd(20)} ${scores.of(null)}`);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: "string" },
      data: { type: "string", default: "coco-bank" },
      classes: { type: "string", default: "1000" },
      examples: { type: "string", default: "0" },
      dist: { type: "string", default: "dist" },
      port: { type: "string", default: "4192" },
    },
  });
  if (values.model === undefined) {
    print(USAGE);
    return;
  }
  if (!existsSync(join(ROOT, values.dist, "index.html"))) throw new Error("Build the app first: npm run build.");
  const photographs = readPhotographs(values.data);
  const server = await preview({
    root: ROOT,
    build: { outDir: values.dist },
    preview: { host: "127.0.0.1", port: Number(values.port), strictPort: false },
    logLevel: "warn",
  });
  const browser = await chromium.launch(chromiumLaunch());
  try {
    const page = await browser.newPage();
    const files = photographs.map(({ path }) => path);
    await openApp(page, server.resolvedUrls?.local[0] ?? "", resolve(values.model), files);
    print(`machine    ${cpus().length} x ${cpus()[0]?.model ?? "?"}`);
    print(`model      ${basename(values.model)}; photographs of ${values.data}`);
    await measure(page, photographs, Number(values.classes), Number(values.examples));
  } finally {
    await browser.close();
    await server.close();
  }
}

await main();
