import type { PatchTokens } from "./imaging/patch-tokens.ts";
import type { RegionSet } from "./imaging/region-set.ts";
import type { WorkingImage } from "./imaging/working-image.ts";
import { EngineError, type Failure } from "./contract.ts";
import type { ModelSession } from "./models/inference.ts";
import { loadRegionModel, type RegionModel } from "./models/region-model.ts";
import { LearnedTreeProposer } from "./proposals/learned/learned-tree.ts";
import { RegionNetwork } from "./proposals/learned/network.ts";
import type { Proposer } from "./proposals/proposer.ts";
import { RegionTreeProposer } from "./proposals/region-tree/region-tree.ts";
import { toFailure } from "./wire-host.ts";

/** Opens a graph on the machine in use. */
type OpenModel = (model: Blob) => Promise<ModelSession>;

/**
 * Finds regions by the network that ships with the app; where it cannot be had, by the tree that needs none, and says so
 * once. The network is fetched when it is first wanted and opened anew for every machine.
 */
export class RegionFinding implements Proposer {
  readonly id = "regions";
  readonly #base: string;
  readonly #report: (failure: Failure) => void;
  readonly #plain = new RegionTreeProposer();
  #model: Promise<RegionModel | null> | null = null;
  #open: OpenModel | null = null;
  #learned: { readonly proposer: Proposer; readonly session: ModelSession } | null = null;

  /** @param base address that the app's files are relative to */
  constructor(base: string, report: (failure: Failure) => void) {
    this.#base = base;
    this.#report = report;
  }

  /** From now on graphs are opened so. What was opened before went with its machine. */
  useMachine(open: OpenModel): void {
    this.#open = open;
    this.#learned = null;
  }

  /** Nothing before the first picture's regions: the network is still to be opened, and no two things may run at once. */
  prepare(image: WorkingImage): void {
    this.#learned?.proposer.prepare(image);
  }

  async propose(image: WorkingImage, tokens: PatchTokens | null, signal: AbortSignal): Promise<RegionSet> {
    const proposer = await this.#proposer();
    return proposer.propose(image, tokens, signal);
  }

  async #proposer(): Promise<Proposer> {
    if (this.#learned) return this.#learned.proposer;
    const model = await (this.#model ??= this.#fetch());
    if (!model || !this.#open) return this.#plain;
    try {
      const session = await this.#open(model.file);
      this.#learned = { session, proposer: new LearnedTreeProposer(new RegionNetwork(session), model.id) };
      return this.#learned.proposer;
    } catch (cause) {
      // A lost device is the engine's affair: the job is done again on the next machine.
      if (cause instanceof EngineError && cause.code === "gpu-lost") throw cause;
      return this.#goWithout(cause);
    }
  }

  async #fetch(): Promise<RegionModel | null> {
    try {
      return await loadRegionModel(this.#base);
    } catch (cause) {
      this.#goWithout(cause);
      return null;
    }
  }

  #goWithout(cause: unknown): Proposer {
    this.#model = Promise.resolve(null);
    const failure = toFailure(cause);
    const message = `${failure.message} Regions are found by colour and edges alone.`;
    this.#report({ ...failure, message });
    return this.#plain;
  }
}
