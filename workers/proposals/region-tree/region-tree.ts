import { EngineError } from "../../contract.ts";
import { patchCoverage } from "../../imaging/coverage.ts";
import type { PatchTokens } from "../../imaging/patch-tokens.ts";
import { regionSetOfTree } from "../../imaging/region-set.ts";
import type { RegionSet } from "../../imaging/region-set.ts";
import type { WorkingImage } from "../../imaging/working-image.ts";
import { pixelMaps } from "../learned/maps.ts";
import type { RegionMaps } from "../learned/maps.ts";
import type { Proposer } from "../proposer.ts";
import { adjacencyOf } from "./adjacency.ts";
import { blurred, labOfPixels } from "./lab.ts";
import type { LabPixels } from "./lab.ts";
import { halved, refined } from "./halving.ts";
import type { Pixels } from "./halving.ts";
import { mergeRegions } from "./merging.ts";
import type { MergeWeights } from "./merging.ts";
import { PLAIN_OBJECTNESS, scoreObjectness } from "./objectness.ts";
import type { ObjectnessWeights } from "./objectness.ts";
import { statisticsOf } from "./statistics.ts";
import { superpixels } from "./superpixels.ts";

/** What of the tree can be tuned. */
export interface RegionTreeSettings {
  /** Superpixels before any merging; most flat ones melt into their neighbours before the tree begins. */
  readonly superpixels: number;
  /** L*a*b* units that weigh as much as one superpixel's width. */
  readonly compactness: number;
  /** The tree has at most twice as many nodes, less one. */
  readonly leaves: number;
  /** How superpixels melt into leaves: with little regard to size, so that small things stay leaves of their own. */
  readonly leafWeights: MergeWeights;
  /** How leaves grow into things. */
  readonly weights: MergeWeights;
  readonly objectness: ObjectnessWeights;
}

/** Of the tree that needs no weights. */
export const REGION_TREE_SETTINGS: RegionTreeSettings = {
  superpixels: 1400,
  compactness: 12,
  leaves: 400,
  leafWeights: {
    colour: 0.5,
    texture: 0.5,
    boundary: 0.5,
    tokens: 0.5,
    learnedBoundary: 0,
    embedding: 0,
    thing: 0,
    size: 0.2,
  },
  weights: {
    colour: 0.12,
    texture: 0.36,
    boundary: 0.57,
    tokens: 0.8,
    learnedBoundary: 0,
    embedding: 0,
    thing: 0,
    size: 0.7,
  },
  objectness: PLAIN_OBJECTNESS,
};

/** A tree of regions from colour, edges and, with a feature model, patch tokens. Needs no weights of its own. */
export class RegionTreeProposer implements Proposer {
  readonly id = "region-tree-1";
  readonly #settings: RegionTreeSettings;

  constructor(settings: RegionTreeSettings = REGION_TREE_SETTINGS) {
    this.#settings = settings;
  }

  prepare(image: WorkingImage): void {
    prepareTree(image, this.#settings);
  }

  /** Children before parents, leaves first, at most 2 * leaves - 1 nodes. Throws "cancelled" between phases. */
  async propose(image: WorkingImage, tokens: PatchTokens | null, signal: AbortSignal): Promise<RegionSet> {
    return growTree(image, tokens, null, this.#settings, signal);
  }
}

/** Pictures with a longer side are looked at in half size; borders are found to the pixel afterwards. */
const LONGEST_AT_FULL_SIZE = 512;

/** A picture's superpixels and what they were found in: all that does not depend on tokens. */
interface Surface {
  readonly settings: RegionTreeSettings;
  /** The picture, or its half-size copy. */
  readonly source: Pixels;
  readonly lab: LabPixels;
  readonly smooth: LabPixels;
  /** Superpixel of every pixel; belongs to the tree that grows of it. */
  readonly labels: Uint16Array<ArrayBuffer>;
  readonly count: number;
}

/** Surfaces that wait for their tokens. */
const prepared = new WeakMap<WorkingImage, Surface>();

/** Finds the superpixels of a picture, for a tree that grows later with the same settings. */
export function prepareTree(image: WorkingImage, settings: RegionTreeSettings): void {
  prepared.set(image, surfaceOf(image, settings));
}

function surfaceOf(image: WorkingImage, settings: RegionTreeSettings): Surface {
  const source = Math.max(image.width, image.height) > LONGEST_AT_FULL_SIZE ? halved(image) : image;
  const { width, height } = source;
  const lab = labOfPixels(source.pixels);
  const smooth = blurred(lab, width, height);
  const { labels, count } = superpixels(smooth, width, height, settings.superpixels, settings.compactness);
  return { settings, source, lab, smooth, labels, count };
}

function takeSurface(image: WorkingImage, settings: RegionTreeSettings): Surface {
  const known = prepared.get(image);
  prepared.delete(image);
  return known?.settings === settings ? known : surfaceOf(image, settings);
}

/** The tree of a picture, by what is known of it. Throws "cancelled" between phases. */
export function growTree(
  image: WorkingImage,
  tokens: PatchTokens | null,
  maps: RegionMaps | null,
  settings: RegionTreeSettings,
  signal: AbortSignal,
): RegionSet {
  stopIfAborted(signal);
  const { source, lab, smooth, labels, count } = takeSurface(image, settings);
  stopIfAborted(signal);
  const { width, height } = source;
  const learned = maps === null ? null : pixelMaps(maps, width, height);
  const adjacency = adjacencyOf(labels, count, smooth, width, height, learned?.boundary ?? null);
  const flat = { leaves: count, parent: new Int32Array(count).fill(-1), leafMap: labels };
  const coverage =
    tokens === null
      ? null
      : patchCoverage(regionSetOfTree(width, height, flat, new Float32Array(count)), tokens.rows, tokens.columns);
  const statistics = statisticsOf(labels, count, lab, width, tokens, coverage, learned);
  stopIfAborted(signal);
  const hierarchy = mergeRegions(adjacency, statistics, settings.leafWeights, settings.weights, settings.leaves);
  stopIfAborted(signal);
  for (let pixel = 0; pixel < labels.length; pixel++) labels[pixel] = hierarchy.leafOf[labels[pixel] ?? 0] ?? 0;
  const leafMap = source === image ? labels : refined(labels, source, image);
  const { leaves, parent } = hierarchy;
  const scores = new Float32Array(parent.length);
  const regions = regionSetOfTree(image.width, image.height, { leaves, parent, leafMap }, scores);
  scoreObjectness(regions, hierarchy, settings.objectness, scores);
  return regions;
}

function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new EngineError("cancelled", "Finding regions was stopped.");
}
