import { describe, expect, test } from "vitest";
import type { ImagePx, OriginalPx } from "../../contract.ts";
import type { PatchTokens } from "../../imaging/patch-tokens.ts";
import { maskOfRuns } from "../../imaging/runs.ts";
import { runsOfRegion } from "../../imaging/region-set.ts";
import type { RegionSet } from "../../imaging/region-set.ts";
import type { WorkingImage } from "../../imaging/working-image.ts";
import { prepareTree, REGION_TREE_SETTINGS, RegionTreeProposer } from "./region-tree.ts";

type Colour = readonly [number, number, number];

/** A picture from a function of its pixels. */
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

function noise(width: number, height: number): WorkingImage {
  let state = 1;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
  return picture(width, height, () => [next(), next(), next()]);
}

const propose = (image: WorkingImage, tokens: PatchTokens | null = null) =>
  new RegionTreeProposer().propose(image, tokens, new AbortController().signal);

/** Best overlap of any proposal with a mask. */
function bestOverlap(regions: RegionSet, mask: readonly number[]): number {
  let best = 0;
  for (let index = 0; index < regions.count; index++) {
    const pixels = maskOfRuns(runsOfRegion(regions, index), mask.length);
    let [shared, joint] = [0, 0];
    for (const [pixel, bit] of mask.entries()) {
      shared += bit & (pixels[pixel] ?? 0);
      joint += bit | (pixels[pixel] ?? 0);
    }
    best = Math.max(best, shared / joint);
  }
  return best;
}

/** What is wrong with a tree, in words. */
function faultsOf(regions: RegionSet, image: WorkingImage): string[] {
  const { tree, count } = regions;
  if (tree === null) return ["no tree"];
  const leafAreas = new Uint32Array(tree.leaves);
  for (const leaf of tree.leafMap) leafAreas[leaf] = (leafAreas[leaf] ?? 0) + 1;
  const sums = new Uint32Array(count);
  let climbing = true;
  for (const [node, parent] of tree.parent.entries()) {
    if (node < tree.leaves) sums[node] = regions.areas[node] ?? 0;
    if (parent < 0) continue;
    climbing &&= parent > node && parent >= tree.leaves;
    sums[parent] = (sums[parent] ?? 0) + (sums[node] ?? 0);
  }
  const checks: Record<string, boolean> = {
    size: regions.width === image.width && regions.height === image.height,
    "1 to 2000 nodes": count >= 1 && count <= 2000,
    "leaf areas": leafAreas.every((area, leaf) => area > 0 && area === regions.areas[leaf]),
    "children before parents": climbing,
    "parents are the sum of their children": sums.every((sum, node) => sum === regions.areas[node]),
    "one root": tree.parent.filter((parent) => parent < 0).length === 1,
    "scores from 0 to 1": regions.scores.every((score) => score >= 0 && score <= 1),
  };
  return Object.keys(checks).filter((name) => checks[name] !== true);
}

/** Whether every leaf is one 4-connected piece. */
function leavesAreConnected(regions: RegionSet): boolean {
  const map = regions.tree?.leafMap ?? new Uint16Array(0);
  const { width } = regions;
  const seen = new Uint8Array(map.length);
  const met = new Set<number>();
  for (let start = 0; start < map.length; start++) {
    if (seen[start] === 1) continue;
    const label = map[start] ?? 0;
    if (met.has(label)) return false;
    met.add(label);
    const stack = [start];
    seen[start] = 1;
    for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) {
      const x = pixel % width;
      const beside = [x > 0 ? pixel - 1 : -1, x < width - 1 ? pixel + 1 : -1, pixel - width, pixel + width];
      for (const other of beside) {
        if (map[other] !== label || seen[other] === 1) continue;
        seen[other] = 1;
        stack.push(other);
      }
    }
  }
  return true;
}

describe("the region tree", () => {
  test("finds shapes of their own colour to within a few pixels, each as one node", async () => {
    const inDisc = (x: number, y: number) => (x - 60) ** 2 + (y - 50) ** 2 < 900;
    const inBar = (x: number, y: number) => x >= 110 && x < 170 && y >= 80 && y < 100;
    const image = picture(200, 130, (x, y) => {
      if (inDisc(x, y)) return [200, 60 + (x & 3), 40];
      return inBar(x, y) ? [40, 70, 190 - (y & 3)] : [120 + ((x + y) & 3), 150, 110];
    });
    const regions = await propose(image);
    expect(faultsOf(regions, image)).toEqual([]);
    const mask = (inside: (x: number, y: number) => boolean) =>
      Array.from({ length: 200 * 130 }, (_, i) => (inside(i % 200, Math.floor(i / 200)) ? 1 : 0));
    expect(bestOverlap(regions, mask(inDisc))).toBeGreaterThan(0.95);
    expect(bestOverlap(regions, mask(inBar))).toBeGreaterThan(0.95);
  });

  test("tokens join what colour keeps apart", async () => {
    // Four stripes of two colours; the tokens say that the left two stripes are one thing and the right two another.
    const image = picture(160, 80, (x) => (Math.floor(x / 40) % 2 === 0 ? [190, 90, 90] : [90, 90, 190]));
    const data = new Float32Array(4 * 8 * 2);
    for (let patch = 0; patch < 32; patch++) data[2 * patch + (patch % 8 < 4 ? 0 : 1)] = 1;
    const leftHalf = Array.from({ length: 160 * 80 }, (_, i) => (i % 160 < 80 ? 1 : 0));
    const regions = await new RegionTreeProposer().propose(
      image,
      { rows: 4, columns: 8, dimensions: 2, data },
      new AbortController().signal,
    );
    expect(bestOverlap(regions, leftHalf)).toBe(1);
  });

  test("leaves are connected in a noisy picture", async () => {
    const image = noise(150, 90);
    const regions = await propose(image);
    expect(faultsOf(regions, image)).toEqual([]);
    expect(leavesAreConnected(regions)).toBe(true);
  });

  test("a flat picture is one region", async () => {
    const image = picture(300, 200, () => [90, 120, 30]);
    const regions = await propose(image);
    expect(faultsOf(regions, image)).toEqual([]);
    expect(regions.count).toBe(1);
  });

  test.each([
    ["one pixel", picture(1, 1, () => [9, 9, 9])],
    ["one row", picture(300, 1, (x) => [x & 255, 0, 0])],
    ["one column", picture(1, 300, (_, y) => [0, y & 255, 0])],
    ["a panorama of five rows", noise(1024, 5)],
    ["lines one pixel wide", picture(128, 96, (x) => ((x & 1) === 0 ? [0, 0, 0] : [255, 255, 255]))],
    ["white", picture(64, 64, () => [255, 255, 255])],
    ["black", picture(64, 64, () => [0, 0, 0])],
  ])("a sound tree comes of %s", async (_, image) => {
    expect(faultsOf(await propose(image), image)).toEqual([]);
    const tokens = { rows: 3, columns: 5, dimensions: 4, data: new Float32Array(60) };
    expect(faultsOf(await propose(image, tokens), image)).toEqual([]);
  });

  test("tokens that are not finite do not reach the tree", async () => {
    const image = noise(64, 64);
    const data = new Float32Array(64).fill(Number.NaN);
    const regions = await propose(image, { rows: 4, columns: 4, dimensions: 4, data });
    expect(faultsOf(regions, image)).toEqual([]);
  });

  test("the same picture gives the same tree", async () => {
    const [first, second] = [await propose(noise(90, 60)), await propose(noise(90, 60))];
    expect(first).toEqual(second);
  });

  test.each([
    ["at full size", 90, 60],
    ["in half size", 530, 40],
  ])("a picture that was prepared gives the same tree, however often it is asked for, %s", async (_, width, height) => {
    const proposer = new RegionTreeProposer();
    const { signal } = new AbortController();
    const image = noise(width, height);
    proposer.prepare(image);
    const first = await proposer.propose(image, null, signal);
    const second = await proposer.propose(image, null, signal);
    const unprepared = await propose(noise(width, height));
    expect(first).toEqual(unprepared);
    expect(second).toEqual(unprepared);
  });

  test("what was prepared with other settings is not taken", async () => {
    const image = noise(90, 60);
    prepareTree(image, { ...REGION_TREE_SETTINGS, superpixels: 12 });
    expect(await propose(image)).toEqual(await propose(noise(90, 60)));
  });

  test("an aborted signal stops it with the code cancelled", async () => {
    const controller = new AbortController();
    controller.abort();
    const proposed = new RegionTreeProposer().propose(noise(8, 8), null, controller.signal);
    await expect(proposed).rejects.toMatchObject({ code: "cancelled" });
  });
});
