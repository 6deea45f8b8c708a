import type { PictureDescription } from "../../../workers/contract.ts";
import { whitenTokens, type Whitening } from "../../../workers/features/whitening.ts";
import { patchCoverage } from "../../../workers/imaging/coverage.ts";
import type { PatchTokens } from "../../../workers/imaging/patch-tokens.ts";
import { type RegionSet, regionSetOfMasks, regionSetOfTree } from "../../../workers/imaging/region-set.ts";
import type { WorkingImage } from "../../../workers/imaging/working-image.ts";
import type { DescribedPicture } from "../../../workers/pictures.ts";
import { textHash } from "../datasets/content-hash.ts";
import type { AppRun } from "./app-run.ts";
import { codeVersion } from "./code-version.ts";
import { DiskCache, type Kept } from "./disk-cache.ts";

/** What decides the pixels and the tokens of a picture. */
const SEEING = [
  "workers/imaging/decode.ts",
  "workers/imaging/resize.ts",
  "workers/imaging/working-image.ts",
  "workers/features/extractor.ts",
  "workers/models/feature-session.ts",
];

/** What decides its regions, besides its tokens and their whitening. */
const PROPOSING = [
  "workers/imaging/coverage.ts",
  "workers/imaging/region-set.ts",
  "workers/imaging/runs.ts",
  "workers/features/whitening.ts",
  "workers/pictures.ts",
  "workers/proposals/learned",
  "workers/proposals/region-tree",
  "workers/region-finding.ts",
  "public/models/regions/model.json",
];

type SeenArrays = "pixels" | "tokens";
const SEEN_ARRAYS: readonly SeenArrays[] = ["pixels", "tokens"];
const REGION_ARRAYS = ["scores", "parent", "leafMap", "runs", "offsets"] as const;
type RegionArrays = (typeof REGION_ARRAYS)[number];

type Timings = PictureDescription["timings"];

/** Pixels and tokens of a picture; bytes: RGBA, then tokens. */
interface SeenFacts extends Omit<PictureDescription, SeenArrays | RegionArrays | "leaves"> {
  readonly lengths: readonly number[];
}

/** Regions of a picture; bytes: its arrays one after the other. */
interface RegionFacts {
  readonly leaves: number;
  readonly timings: Timings;
  readonly lengths: readonly number[];
}

/** What the engine knows of a picture before it is compared with any class. */
export interface KeptDescription {
  readonly seen: Kept<SeenFacts>;
  readonly regions: Kept<RegionFacts>;
}

/**
 * Descriptions of pictures on disk, in two parts: what the model saw, which is dear, and the regions, which depend on the
 * whitening too. When only regions are missing, the engine is spared the model.
 */
export class DescriptionCache {
  readonly #seen: DiskCache<SeenFacts>;
  readonly #regions: DiskCache<RegionFacts>;
  readonly #model: string;
  readonly #whitening: string;

  /** @param model what identifies the model and what it runs on. @param whitening hash of its numbers */
  constructor(root: string, model: string, whitening: string) {
    this.#seen = new DiskCache(root, "tokens", codeVersion(SEEING));
    this.#regions = new DiskCache(root, "regions", codeVersion(PROPOSING));
    this.#model = model;
    this.#whitening = whitening;
  }

  has(picture: string): boolean {
    return this.#seen.has(this.#seenKey(picture)) && this.#regions.has(this.#regionsKey(picture));
  }

  /** @param picture hash of its file. @throws Error when it is not there */
  read(picture: string): KeptDescription {
    const seen = this.#seen.read(this.#seenKey(picture));
    const regions = this.#regions.read(this.#regionsKey(picture));
    if (!seen || !regions) throw new Error("A description is gone from the cache.");
    return { seen, regions };
  }

  /** Tells the engine what the model saw in a picture. @param picture hash of its file. @throws Error when it is not there */
  async hand(run: AppRun, picture: string): Promise<void> {
    await handTokens(run, this.read(picture).seen);
  }

  /** Lets the engine describe the file at a place among those handed to the page. @throws Error as the engine says */
  async describe(run: AppRun, at: number, picture: string): Promise<void> {
    const known = this.#seen.read(this.#seenKey(picture));
    if (known) await handTokens(run, known);
    const { seen, regions } = await describeHanded(run, at);
    if (!known) this.#seen.write(this.#seenKey(picture), seen);
    this.#regions.write(this.#regionsKey(picture), regions);
  }

  #seenKey(picture: string): string {
    return textHash(`${this.#model} ${picture}`);
  }

  #regionsKey(picture: string): string {
    return textHash(`${this.#model} ${this.#whitening} ${picture}`);
  }
}

/** Spares the engine the model for a picture. */
async function handTokens(run: AppRun, seen: Kept<SeenFacts>): Promise<void> {
  const { hash, rows, columns, dimensions } = seen.facts;
  run.offer("tokens", Buffer.from(rawTokens({ seen }).data.buffer));
  await run.page.evaluate(
    async ([key, size]) => {
      const data = new Float32Array(await (await fetch("/measured/tokens")).arrayBuffer());
      await window.lookalike.engine.rememberTokens(key, { ...size, data });
    },
    [hash, { rows, columns, dimensions }] as const,
  );
}

async function describeHanded(run: AppRun, at: number): Promise<KeptDescription> {
  const result = await run.page.evaluate(
    async ([index, names]) => {
      const { engine } = window.lookalike;
      const blob = window.handed[index];
      if (!blob) return { failure: "The file was not handed over." };
      type Source = Parameters<typeof engine.describePicture>[0];
      const source: Source = { id: `handed ${index}` as Source["id"], name: blob.name, blob };
      try {
        const description = await engine.describePicture(source);
        const parts = names.map((name) => description[name]);
        await fetch(`/measured/picture ${index}`, { method: "PUT", body: new Blob(parts) });
        const { model, hash, width, height, originalWidth, originalHeight } = description;
        const { rows, columns, dimensions, leaves, timings } = description;
        const lengths = parts.map((part) => part.byteLength);
        const seen = { model, hash, width, height, originalWidth, originalHeight, rows, columns, dimensions };
        return { facts: { seen, leaves, timings, lengths } };
      } catch (cause) {
        return { failure: cause instanceof Error ? cause.message : String(cause) };
      }
    },
    [at, [...SEEN_ARRAYS, ...REGION_ARRAYS]] as const,
  );
  if (!result.facts) throw new Error(result.failure);
  const { seen, leaves, timings, lengths } = result.facts;
  const bytes = Uint8Array.from(run.take(`picture ${at}`));
  const [pixels = 0, tokens = 0, ...rest] = lengths;
  const { propose, ...before } = timings;
  return {
    seen: { facts: { ...seen, timings: before, lengths: [pixels, tokens] }, bytes: bytes.slice(0, pixels + tokens) },
    regions: {
      facts: { leaves, timings: propose === undefined ? {} : { propose }, lengths: rest },
      bytes: bytes.slice(pixels + tokens),
    },
  };
}

/** The bytes of each array of a kept thing. */
function partsOf({ facts, bytes }: Kept<{ readonly lengths: readonly number[] }>): ArrayBuffer[] {
  let from = 0;
  return facts.lengths.map((length) => bytes.slice(from, (from += length)).buffer);
}

/** A picture's tokens as the model gave them. */
export function rawTokens({ seen }: Pick<KeptDescription, "seen">): PatchTokens {
  const { rows, columns, dimensions } = seen.facts;
  return { rows, columns, dimensions, data: new Float32Array(partsOf(seen)[1] ?? new ArrayBuffer()) };
}

/** A description as the stages after it want it. */
export function describedPicture({ seen, regions: kept }: KeptDescription, whitening: Whitening): DescribedPicture {
  const { width, height, originalWidth, originalHeight, hash } = seen.facts;
  const pixels = new Uint8ClampedArray(partsOf(seen)[0] ?? new ArrayBuffer());
  const image = { width, height, originalWidth, originalHeight, hash, pixels } as WorkingImage;
  const tokens = whitenTokens(rawTokens({ seen }), whitening);
  const regions = regionsOf(width, height, kept);
  return { image, tokens, regions, coverage: patchCoverage(regions, tokens.rows, tokens.columns) };
}

function regionsOf(width: number, height: number, kept: Kept<RegionFacts>): RegionSet {
  const none = new ArrayBuffer();
  const [scoreBytes = none, parent = none, leafMap = none, runBytes = none, offsetBytes = none] = partsOf(kept);
  const scores = new Float32Array(scoreBytes);
  const { leaves } = kept.facts;
  if (leaves > 0) {
    const tree = { leaves, parent: new Int32Array(parent), leafMap: new Uint16Array(leafMap) };
    return regionSetOfTree(width, height, tree, scores);
  }
  const [runs, offsets] = [new Uint32Array(runBytes), new Uint32Array(offsetBytes)];
  const masks = Array.from(scores, (_, index) => runs.slice(2 * (offsets[index] ?? 0), 2 * (offsets[index + 1] ?? 0)));
  return regionSetOfMasks(width, height, masks, scores);
}
