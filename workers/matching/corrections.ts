import type { RegionSet } from "../imaging/region-set.ts";
import { areaOfRuns, intersectionArea, type Runs } from "../imaging/runs.ts";
import { runsOfRegion } from "../imaging/region-set.ts";
import { type ComposedRegion, type Composition, OTHER } from "./compose.ts";

/** A mask and the class number, or OTHER, that it has been given by hand. */
export interface NamedMask {
  readonly classIndex: number;
  readonly runs: Runs;
}

/** A composition with parts named by hand. */
export interface CorrectedComposition {
  readonly composition: Composition;
  /** For the last regions of the composition, in order: which of the named masks each is. */
  readonly masks: readonly number[];
}

/**
 * Lays masks that were named by hand over a composition, later ones over earlier ones. Each mask that can still be seen
 * becomes a region of its own at the end of the list, as sure as can be; the others lose the pixels below it, and those
 * that lose all are gone. What the match made of the pixels below stays as the region's score, margin and runner-up.
 */
export function applyCorrections(
  composition: Composition,
  regions: RegionSet,
  named: readonly NamedMask[],
): CorrectedComposition {
  if (named.length === 0) return { composition, masks: [] };
  const { width, height, regionMap } = composition;
  const owners = new Uint16Array(regionMap.length);
  for (const [index, { runs }] of named.entries()) {
    for (let at = 0; at < runs.length; at += 2) {
      const start = runs[at] ?? 0;
      owners.fill(index + 1, start, start + (runs[at + 1] ?? 0));
    }
  }
  const below = composition.regions.length;
  const extents = new Extents(below + named.length);
  const covered = Array.from(named, () => new Map<number, number>());
  for (let pixel = 0, x = 0, y = 0; pixel < owners.length; pixel += 1) {
    const owner = owners[pixel] ?? 0;
    const piece = (regionMap[pixel] ?? 0) - 1;
    extents.add(owner === 0 ? piece : below + owner - 1, x, y);
    if (owner > 0) {
      const counts = covered[owner - 1];
      counts?.set(piece, (counts.get(piece) ?? 0) + 1);
    }
    x += 1;
    if (x === width) {
      x = 0;
      y += 1;
    }
  }
  const kept = Array.from({ length: below + named.length }, (_, index) => index).filter(
    (index) => extents.area(index) > 0,
  );
  const numbers = new Uint16Array(below + named.length);
  for (const [number, index] of kept.entries()) numbers[index] = number + 1;
  const map = new Uint16Array(regionMap.length);
  for (let pixel = 0; pixel < map.length; pixel += 1) {
    const owner = owners[pixel] ?? 0;
    map[pixel] = numbers[owner === 0 ? (regionMap[pixel] ?? 0) - 1 : below + owner - 1] ?? 0;
  }
  const corrected = kept.flatMap((index): ComposedRegion[] => {
    const size = { area: extents.area(index), box: extents.box(index) };
    const own = composition.regions[index];
    if (own) return [{ ...own, ...size }];
    const mask = named[index - below];
    const under = composition.regions[mostCovered(covered[index - below])];
    return mask && under ? [{ ...namedRegion(mask, under, regions), ...size }] : [];
  });
  return {
    composition: { width, height, regions: corrected, regionMap: map },
    masks: kept.filter((index) => index >= below).map((index) => index - below),
  };
}

function namedRegion({ classIndex, runs }: NamedMask, under: ComposedRegion, regions: RegionSet): ComposedRegion {
  const agrees = under.classIndex === classIndex;
  return {
    ...under,
    classIndex,
    runnerUp: agrees ? under.runnerUp : under.classIndex,
    confidence: 1,
    nearest: agrees || classIndex === OTHER ? under.nearest : [],
    node: bestNode(regions, runs),
  };
}

function mostCovered(counts: ReadonlyMap<number, number> | undefined): number {
  let best = 0;
  let most = -1;
  for (const [piece, count] of counts ?? []) {
    if (count <= most) continue;
    best = piece;
    most = count;
  }
  return best;
}

/** The region of the set that overlaps a mask best (shared area over joint area). */
export function bestNode(regions: RegionSet, runs: Runs): number {
  const shared = sharedAreas(regions, runs);
  const area = areaOfRuns(runs);
  let best = 0;
  let highest = -1;
  for (let region = 0; region < regions.count; region += 1) {
    const common = shared[region] ?? 0;
    const overlap = common / Math.max(1, area + (regions.areas[region] ?? 0) - common);
    if (overlap <= highest) continue;
    best = region;
    highest = overlap;
  }
  return best;
}

/** N: pixels that each region of the set shares with a mask. */
function sharedAreas(regions: RegionSet, runs: Runs): Float64Array {
  const { count, tree } = regions;
  const shared = new Float64Array(count);
  if (!tree) {
    for (let region = 0; region < count; region += 1) {
      shared[region] = intersectionArea(runsOfRegion(regions, region), runs);
    }
    return shared;
  }
  for (let at = 0; at < runs.length; at += 2) {
    const start = runs[at] ?? 0;
    const end = start + (runs[at + 1] ?? 0);
    for (let pixel = start; pixel < end; pixel += 1) {
      const leaf = tree.leafMap[pixel] ?? 0;
      shared[leaf] = (shared[leaf] ?? 0) + 1;
    }
  }
  // Children come before their parents.
  for (let node = 0; node < count; node += 1) {
    const parent = tree.parent[node] ?? -1;
    if (parent >= 0) shared[parent] = (shared[parent] ?? 0) + (shared[node] ?? 0);
  }
  return shared;
}

/** Areas and boxes of labels, pixel by pixel. */
class Extents {
  readonly #areas: Uint32Array;
  readonly #left: Uint16Array;
  readonly #top: Uint16Array;
  readonly #right: Uint16Array;
  readonly #bottom: Uint16Array;

  constructor(count: number) {
    this.#areas = new Uint32Array(count);
    this.#left = new Uint16Array(count).fill(0xffff);
    this.#top = new Uint16Array(count).fill(0xffff);
    this.#right = new Uint16Array(count);
    this.#bottom = new Uint16Array(count);
  }

  add(label: number, x: number, y: number): void {
    this.#areas[label] = (this.#areas[label] ?? 0) + 1;
    if (x < (this.#left[label] ?? 0)) this.#left[label] = x;
    if (y < (this.#top[label] ?? 0)) this.#top[label] = y;
    if (x >= (this.#right[label] ?? 0)) this.#right[label] = x + 1;
    if (y >= (this.#bottom[label] ?? 0)) this.#bottom[label] = y + 1;
  }

  area(label: number): number {
    return this.#areas[label] ?? 0;
  }

  box(label: number): ComposedRegion["box"] {
    const [x, y] = [this.#left[label] ?? 0, this.#top[label] ?? 0];
    return [x, y, (this.#right[label] ?? 0) - x, (this.#bottom[label] ?? 0) - y];
  }
}
