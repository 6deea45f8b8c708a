import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { PictureDescription } from "../../../workers/contract.ts";
import { whitenTokens, type Whitening } from "../../../workers/features/whitening.ts";
import { patchCoverage } from "../../../workers/imaging/coverage.ts";
import { type RegionSet, regionSetOfMasks, regionSetOfTree } from "../../../workers/imaging/region-set.ts";
import type { WorkingImage } from "../../../workers/imaging/working-image.ts";
import type { DescribedPicture } from "../../../workers/pictures.ts";
import type { AppRun } from "./app-run.ts";
import type { DiskCache, Kept } from "./disk-cache.ts";

/** What decides what the engine knows of a picture before it is compared with any class. */
export const DESCRIBING = [
  "workers/imaging",
  "workers/features/extractor.ts",
  "workers/features/statistics.ts",
  "workers/features/whitening.ts",
  "workers/learning.ts",
  "workers/model-profile.ts",
  "workers/models",
  "workers/pictures.ts",
  "workers/proposals",
];

const ARRAYS = ["pixels", "tokens", "scores", "parent", "leafMap", "runs", "offsets"] as const;
type Arrays = (typeof ARRAYS)[number];

/** A description without its numbers, and how many bytes each of its arrays has. */
export interface DescriptionFacts extends Omit<PictureDescription, Arrays> {
  readonly lengths: readonly number[];
}

export type DescriptionCache = DiskCache<DescriptionFacts>;
export type KeptDescription = Kept<DescriptionFacts>;

/** SHA-256 of a file, hexadecimal. */
export const fileHash = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

/** Lets the engine describe the file at a place among those handed to the page. @throws Error as the engine says */
export async function describeHanded(run: AppRun, at: number): Promise<KeptDescription> {
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
        const size = { width, height, originalWidth, originalHeight };
        return { facts: { model, hash, ...size, rows, columns, dimensions, leaves, timings, lengths } };
      } catch (cause) {
        return { failure: cause instanceof Error ? cause.message : String(cause) };
      }
    },
    [at, [...ARRAYS]] as const,
  );
  if (!result.facts) throw new Error(result.failure);
  return { facts: result.facts, bytes: Uint8Array.from(run.take(`picture ${at}`)) };
}

/** A description as the stages after it want it. */
export function describedPicture({ facts, bytes }: KeptDescription, whitening: Whitening): DescribedPicture {
  const parts = new Map<Arrays, ArrayBuffer>();
  let from = 0;
  for (const [index, name] of ARRAYS.entries()) {
    const length = facts.lengths[index] ?? 0;
    parts.set(name, bytes.slice(from, from + length).buffer);
    from += length;
  }
  const part = (name: Arrays): ArrayBuffer => parts.get(name) ?? new ArrayBuffer();
  const { width, height, originalWidth, originalHeight, hash, rows, columns, dimensions } = facts;
  const image = { width, height, originalWidth, originalHeight, hash, pixels: new Uint8ClampedArray(part("pixels")) };
  const raw = { rows, columns, dimensions, data: new Float32Array(part("tokens")) };
  const tokens = whitenTokens(raw, whitening);
  const regions = regionsOf(facts, part);
  return { image: image as WorkingImage, tokens, regions, coverage: patchCoverage(regions, rows, columns) };
}

function regionsOf({ width, height, leaves }: DescriptionFacts, part: (name: Arrays) => ArrayBuffer): RegionSet {
  const scores = new Float32Array(part("scores"));
  const parent = new Int32Array(part("parent"));
  if (leaves > 0) {
    return regionSetOfTree(width, height, { leaves, parent, leafMap: new Uint16Array(part("leafMap")) }, scores);
  }
  const [runs, offsets] = [new Uint32Array(part("runs")), new Uint32Array(part("offsets"))];
  const masks = Array.from(scores, (_, index) => runs.slice(2 * (offsets[index] ?? 0), 2 * (offsets[index + 1] ?? 0)));
  return regionSetOfMasks(width, height, masks, scores);
}
