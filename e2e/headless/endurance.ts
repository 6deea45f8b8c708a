import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { AppRun } from "./running/app-run.ts";
import { ROOT } from "./running/build.ts";
import { modelPath, numberIn, oneOf, runCommand, UsageError } from "./running/options.ts";
import { typeClasses } from "./running/teach.ts";
import { print } from "./running/terminal.ts";

const USAGE = `npm run endurance -- [--pictures FOLDER] [--count 200] [--every 25] [--model FILE] [--device wasm|webgpu]

Segments so many pictures in a row in one page of the built app, each as a picture of its own (those of the folder over
and over), and prints what the page then holds: GPU objects of ours and their bytes, WebAssembly and JavaScript memory.
Without --pictures the sample scenes are taken, without --model the starter.`;

const NAMES = ["person", "dog", "cat", "chair", "car", "cup", "tree", "book", "bottle", "ball"];

interface Held {
  readonly buffers: number;
  readonly textures: number;
  readonly bytes: number;
  readonly wasmBytes: number;
  /** JavaScript of the page and its workers after a collection; null where the browser does not measure it. */
  readonly scriptBytes: number | null;
}

/** Segments the pictures numbered `from` up to `to` and says what is held afterwards. */
function segmentSome(run: AppRun, from: number, to: number): Promise<Held> {
  return run.page.evaluate(
    async ([first, end]) => {
      const { engine } = window.lookalike;
      const classes = (await engine.bank()).classes.map(({ id }) => id);
      for (let at = first; at < end; at += 1) {
        const blob = window.handed[at % window.handed.length];
        if (!blob) throw new Error("No file was handed over.");
        type Source = Parameters<typeof engine.segment>[0];
        const source: Source = { id: `endurance ${at}` as Source["id"], name: blob.name, blob };
        await engine.segment(source, { classes, threshold: 0.3 });
      }
      const measure = "measureUserAgentSpecificMemory" in performance && performance.measureUserAgentSpecificMemory;
      const memory = typeof measure === "function" ? ((await measure.call(performance)) as { bytes: number }) : null;
      return { ...(await engine.counters()), scriptBytes: memory?.bytes ?? null };
    },
    [from, to] as const,
  );
}

const megabytes = (bytes: number | null): string => (bytes === null ? "?" : (bytes / 1e6).toFixed(1)).padStart(8);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      pictures: { type: "string", default: join(ROOT, "public/samples") },
      count: { type: "string", default: "200" },
      every: { type: "string", default: "25" },
      model: { type: "string", default: "starter" },
      device: { type: "string", default: "wasm" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const folder = resolve(values.pictures);
  if (!existsSync(folder)) throw new UsageError(`There is no folder ${values.pictures}.`);
  const names = readdirSync(folder).filter((name) => /\.(?:jpe?g|png|webp)$/i.test(name) && !name.includes(".mask."));
  if (names.length === 0) throw new UsageError(`There are no pictures in ${values.pictures}.`);
  const count = numberIn("count", values.count, 1, 100_000);
  const every = numberIn("every", values.every, 1, count);
  const device = oneOf("device", values.device, ["wasm", "webgpu"]);
  const run = await AppRun.open({ device, model: modelPath(values.model), say: print });
  try {
    await typeClasses(run, NAMES);
    await run.hand(names.sort().map((name) => join(folder, name)));
    print("pictures  buffers  textures   GPU MB  WASM MB    JS MB  peak of the page, MB");
    for (let done = 0; done < count;) {
      const next = Math.min(count, done + every);
      const held = await segmentSome(run, done, next);
      done = next;
      const cells = [String(done).padStart(8), String(held.buffers).padStart(8), String(held.textures).padStart(9)];
      const bytes = [held.bytes, held.wasmBytes, held.scriptBytes, run.peakMemory()].map(megabytes);
      print([...cells, ...bytes].join(" "));
    }
  } finally {
    await run.close();
  }
  return 0;
}

await runCommand(main);
