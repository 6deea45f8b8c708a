import type { PatchTokens } from "../../imaging/patch-tokens.ts";
import { reducedTokens } from "../../imaging/reduced-tokens.ts";
import type { RegionSet } from "../../imaging/region-set.ts";
import type { WorkingImage } from "../../imaging/working-image.ts";
import type { Proposer } from "../proposer.ts";
import { growTree, prepareTree, RegionTreeProposer } from "../region-tree/region-tree.ts";
import type { RegionTreeSettings } from "../region-tree/region-tree.ts";
import type { RegionNetwork } from "./network.ts";

/**
 * Fitted on photographs of coco-bank, none of which is in any figure: the merge weights on the quarter that the network
 * was not trained on, objectness on half of all. See training/regions/README.md.
 */
const SETTINGS: RegionTreeSettings = {
  superpixels: 2000,
  compactness: 12,
  leaves: 500,
  leafWeights: {
    colour: 0.05,
    texture: 0.15,
    boundary: 0.25,
    tokens: 0.4,
    learnedBoundary: 0.7,
    embedding: 0.45,
    thing: 0.4,
    size: 0.3,
  },
  weights: {
    colour: 0.01,
    texture: 0.15,
    boundary: 0.16,
    tokens: 0.5,
    learnedBoundary: 0.7,
    embedding: 0.49,
    thing: 0.4,
    size: 0.7,
  },
  objectness: {
    inner: -0.002,
    outer: 1.236,
    weakest: 1.959,
    atParent: -0.057,
    rim: 0.54,
    thing: 1.957,
    thingStep: 2.586,
    spread: -1.286,
    parentSpread: -0.448,
    logArea: 0.253,
    logAreaSquared: -0.031,
    sides: -0.339,
    fill: 1.87,
    growth: -0.167,
    // Shifted by 1.5, so that the likeliest nodes come near 1 though few nodes are objects.
    bias: -4.42,
  },
};

/** Patches along a picture's long side that the network was trained on. */
const LONGEST_GRID = 32;

/** The tree of regions as the region network sees them; without tokens the plain tree. */
export class LearnedTreeProposer implements Proposer {
  readonly id: string;
  readonly #network: RegionNetwork;
  readonly #plain = new RegionTreeProposer();

  /** @param model id of the network */
  constructor(network: RegionNetwork, model: string) {
    this.#network = network;
    this.id = `learned-tree-1 ${model}`;
  }

  prepare(image: WorkingImage): void {
    prepareTree(image, SETTINGS);
  }

  async propose(image: WorkingImage, tokens: PatchTokens | null, signal: AbortSignal): Promise<RegionSet> {
    const seen = tokens && reducedTokens(tokens, LONGEST_GRID);
    const maps = seen && (await this.#network.run(image, seen));
    if (maps === null) return this.#plain.propose(image, tokens, signal);
    return growTree(image, seen, maps, SETTINGS, signal);
  }
}
