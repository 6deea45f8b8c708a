import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ImagePx, OriginalPx } from "../../contract.ts";
import { openGpu } from "../../gpu/device.ts";
import type { PatchTokens } from "../../imaging/patch-tokens.ts";
import type { RegionSet } from "../../imaging/region-set.ts";
import type { WorkingImage } from "../../imaging/working-image.ts";
import type { ModelRuntime, ModelSession } from "../../models/inference.ts";
import { loadRegionModel } from "../../models/region-model.ts";
import { openRuntime } from "../../models/runtime.ts";
import { LearnedTreeProposer } from "./learned-tree.ts";
import type { RegionMaps } from "./maps.ts";
import { RegionNetwork } from "./network.ts";

type Colour = readonly [number, number, number];

function picture(width: number, height: number, colourAt: (x: number, y: number) => Colour): WorkingImage {
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) pixels.set([...colourAt(x, y), 255], 4 * (y * width + x));
  }
  return {
    width: width as ImagePx,
    height: height as ImagePx,
    originalWidth: width as OriginalPx,
    originalHeight: height as OriginalPx,
    pixels,
    hash: "",
  };
}

/** Tokens that point one way inside a rectangle of patches and another way outside, with a little of their own each. */
function tokens(rows: number, columns: number, dimensions: number, inside: (row: number, column: number) => boolean) {
  const data = new Float32Array(rows * columns * dimensions);
  for (let patch = 0; patch < rows * columns; patch++) {
    const way = inside(Math.floor(patch / columns), patch % columns) ? 0 : 1;
    for (let d = 0; d < dimensions; d++) {
      data[patch * dimensions + d] = (d % 2 === way ? 1 : 0) + 0.2 * Math.sin(patch * dimensions + d);
    }
  }
  return { rows, columns, dimensions, data } satisfies PatchTokens;
}

const NEVER = new AbortController().signal;
const inDisc = (x: number, y: number): boolean => (x - 190) ** 2 + (y - 130) ** 2 < 70 ** 2;
const DISC = picture(384, 256, (x, y) => (inDisc(x, y) ? [200, 80 + (x & 7), 60] : [70, 110, 140 + (y & 7)]));
const DISC_TOKENS = tokens(16, 24, 96, (row, column) => inDisc(column * 16 + 8, row * 16 + 8));

let runtime: ModelRuntime;
let session: ModelSession;
let model: Blob;

beforeAll(async () => {
  ({ file: model } = await loadRegionModel(new URL("/", location.href).href));
  runtime = await openRuntime(null, 0);
  session = await runtime.open(model);
});
afterAll(async () => {
  await runtime.dispose();
});

const propose = (image: WorkingImage, seen: PatchTokens | null): Promise<RegionSet> =>
  new LearnedTreeProposer(new RegionNetwork(session), "test").propose(image, seen, NEVER);

/** Best overlap of a region with the disc. */
function bestOverlap({ tree, width, count, areas }: RegionSet): number {
  const shared = new Float64Array(count);
  let disc = 0;
  for (const [pixel, leaf] of (tree?.leafMap ?? []).entries()) {
    if (!inDisc(pixel % width, Math.floor(pixel / width))) continue;
    disc += 1;
    shared[leaf] = (shared[leaf] ?? 0) + 1;
  }
  let best = 0;
  for (let node = 0; node < count; node++) {
    const both = shared[node] ?? 0;
    best = Math.max(best, both / (disc + (areas[node] ?? 0) - both));
    const parent = tree?.parent[node] ?? -1;
    if (parent >= 0) shared[parent] = (shared[parent] ?? 0) + both;
  }
  return best;
}

describe("the learned tree", () => {
  test("has a thing of its own colour and tokens as one node", async () => {
    expect(bestOverlap(await propose(DISC, DISC_TOKENS))).toBeGreaterThan(0.95);
  });

  test("takes tokens of any number of dimensions, and of any length", async () => {
    const seen = tokens(16, 24, 20, (row, column) => inDisc(column * 16 + 8, row * 16 + 8));
    const scaled = { ...seen, data: seen.data.map((value) => 40 * value) };
    const [one, other] = [await propose(DISC, seen), await propose(DISC, scaled)];
    expect(bestOverlap(one)).toBeGreaterThan(0.9);
    expect(bestOverlap(other)).toBeGreaterThan(0.9);
  });

  test.each([
    ["a flat picture", picture(300, 200, () => [90, 90, 90]), 12, 18],
    ["single-pixel lines", picture(300, 200, (x) => (x % 2 === 0 ? [0, 0, 0] : [255, 255, 255])), 12, 18],
    ["noise", picture(300, 200, (x, y) => [(x * 7919 + y * 104_729) % 256, (x * y) % 256, (x ^ y) % 256]), 12, 18],
    ["a panorama of twenty rows", picture(1024, 5, (x) => [x % 256, 100, 50]), 1, 32],
    ["one pixel", picture(1, 1, () => [1, 2, 3]), 1, 1],
  ] as const)("%s gives a tree with regions from one to a thousand", async (_, image, rows, columns) => {
    const regions = await propose(
      image,
      tokens(rows, columns, 8, (row) => row % 3 === 0),
    );
    expect(regions.count).toBeGreaterThanOrEqual(1);
    expect(regions.count).toBeLessThanOrEqual(1000);
    expect(regions.scores.every((score) => score >= 0 && score <= 1)).toBe(true);
    expect(regions.areas[regions.count - 1]).toBe(image.width * image.height);
  });

  test("tokens that are no numbers give the plain tree", async () => {
    const broken = { ...DISC_TOKENS, data: DISC_TOKENS.data.map(() => Number.NaN) };
    expect(bestOverlap(await propose(DISC, broken))).toBeGreaterThan(0.9);
  });

  test("the network says the same on WASM and on WebGPU", async () => {
    const small = picture(48, 32, (x, y) => (x > 20 ? [220, 40, 40] : [30, 60, 200 + (y & 15)]));
    const seen = tokens(2, 3, 24, (_, column) => column >= 2);
    const gpu = await openGpu();
    const other = await openRuntime(gpu.device, 1);
    const found: (RegionMaps | null)[] = [];
    for (const opened of [session, await other.open(model)])
      found.push(await new RegionNetwork(opened).run(small, seen));
    await other.dispose();
    gpu.destroy();
    const [wasm, webgpu] = found;
    for (const part of ["boundary", "thing", "embedding"] as const) {
      const [a, b] = [wasm?.[part], webgpu?.[part]];
      expect(a?.length).toBeGreaterThan(0);
      expect(a?.every((value, index) => Math.abs(value - (b?.[index] ?? Number.NaN)) < 2e-3)).toBe(true);
    }
    // Many pipelines to compile, which takes a software adapter minutes on a busy machine.
  }, 400_000);
});
