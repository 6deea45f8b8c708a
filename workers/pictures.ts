import type { JobOptions, ModelId, PictureId, PictureInfo, PictureSource, Stage } from "./contract.ts";
import { extractTokens } from "./features/extractor.ts";
import { whitenTokens, type Whitening } from "./features/whitening.ts";
import { type Coverage, patchCoverage } from "./imaging/coverage.ts";
import { decodePicture } from "./imaging/decode.ts";
import type { PatchTokens } from "./imaging/patch-tokens.ts";
import type { RegionSet } from "./imaging/region-set.ts";
import { makeThumbnail } from "./imaging/thumbnail.ts";
import type { WorkingImage } from "./imaging/working-image.ts";
import { type JobContext, nextMacrotask } from "./job-queue.ts";
import { LeastRecentlyUsed } from "./least-recently-used.ts";
import type { FeatureSession } from "./models/feature-session.ts";
import type { Proposer } from "./proposals/proposer.ts";

/** Pictures whose pixels and regions are kept: about 15 MB each. */
const PICTURES_KEPT = 12;
/** Bytes of token grids that are kept, 1 to 3 MB each: what is dearest to compute outlives the rest. */
const TOKEN_BYTES_KEPT = 128 << 20;

/** Milliseconds by stage, for the stages that ran. */
export type Timings = Partial<Record<Stage, number>>;

/** A job's view of the world: its queue context, who wants to hear of progress, and where its times go. */
export interface StageContext extends JobContext {
  readonly onProgress: JobOptions["onProgress"];
  readonly timings: Timings;
}

/** Runs one stage: says that it begins, lets messages in, and takes its time. */
export async function runStage<Value>(
  context: StageContext,
  stage: Stage,
  work: () => Value | Promise<Value>,
): Promise<Value> {
  context.onProgress?.({ stage, done: 0, total: 1 });
  await context.breathe();
  const begun = performance.now();
  const value = await work();
  context.timings[stage] = (context.timings[stage] ?? 0) + performance.now() - begun;
  return value;
}

/**
 * Waits for a run on another thread or on the GPU, and works meanwhile. Both are over when it settles, whatever comes of
 * either: no other run may begin before.
 */
async function whileRunning<Value>(run: Promise<Value>, work: () => void): Promise<Value> {
  const [ran, worked] = await Promise.allSettled([run, nextMacrotask().then(work)]);
  if (ran.status === "rejected") throw ran.reason;
  if (worked.status === "rejected") throw worked.reason;
  return ran.value;
}

/** What is known of a picture under one model: everything that does not depend on the classes. */
export interface DescribedPicture {
  readonly image: WorkingImage;
  /** Whitened, not of unit length. */
  readonly tokens: PatchTokens;
  readonly regions: RegionSet;
  readonly coverage: Coverage;
}

interface Kept {
  readonly image: WorkingImage;
  described: { readonly model: ModelId; readonly picture: DescribedPicture } | null;
}

/**
 * Takes pictures from file to described regions and remembers the results: decoded pixels and regions of the pictures
 * used last, token grids (by content and model) of many more. Retyping a class never runs a model again.
 */
export class Pictures {
  private readonly kept = new LeastRecentlyUsed<PictureId, Kept>(PICTURES_KEPT);
  private readonly tokens = new LeastRecentlyUsed<string, PatchTokens>(TOKEN_BYTES_KEPT, ({ data }) => data.byteLength);
  private readonly proposer: Proposer;

  constructor(proposer: Proposer) {
    this.proposer = proposer;
  }

  get size(): number {
    return this.kept.size;
  }

  /** Forgets what was computed under other models. */
  forgetDescriptions(): void {
    this.kept.clear();
    this.tokens.clear();
  }

  /** @throws EngineError picture-*, naming the file. */
  async decode(picture: PictureSource, context: StageContext): Promise<WorkingImage> {
    return (await this.keep(picture, context)).image;
  }

  async inspect(picture: PictureSource, context: StageContext): Promise<PictureInfo> {
    const image = await this.decode(picture, context);
    const { width, height, originalWidth, originalHeight, hash } = image;
    return {
      id: picture.id,
      width,
      height,
      originalWidth,
      originalHeight,
      hash,
      thumbnail: await makeThumbnail(image),
    };
  }

  /** Decode, describe, propose: each only if not done before. */
  async describe(
    picture: PictureSource,
    session: FeatureSession,
    whitening: Whitening,
    context: StageContext,
  ): Promise<DescribedPicture> {
    const kept = await this.keep(picture, context);
    const model = session.info.id;
    if (kept.described?.model === model) return kept.described.picture;
    const { image } = kept;
    const raw = await this.rawTokens(image, session, context, () => this.proposer.prepare(image));
    const described = await runStage(context, "propose", async () => {
      const tokens = whitenTokens(raw, whitening);
      const regions = await this.proposer.propose(image, tokens, context.signal);
      return { image, tokens, regions, coverage: patchCoverage(regions, tokens.rows, tokens.columns) };
    });
    kept.described = { model, picture: described };
    return described;
  }

  /** Takes over patch tokens that the model gave at another time. @param hash of the picture's file */
  rememberTokens(model: ModelId, hash: string, tokens: PatchTokens): void {
    this.tokens.set(`${model} ${hash}`, tokens);
  }

  /**
   * The patch tokens as the model gives them.
   * @param meanwhile work for the time that the model runs; left out when the tokens are known
   */
  async rawTokens(
    image: WorkingImage,
    session: FeatureSession,
    context: StageContext,
    meanwhile: () => void = () => undefined,
  ): Promise<PatchTokens> {
    const key = `${session.info.id} ${image.hash}`;
    const known = this.tokens.get(key);
    if (known) return known;
    const [tokens] = await runStage(context, "describe", () =>
      whileRunning(extractTokens(session, [image]), meanwhile),
    );
    if (!tokens) throw new RangeError("One picture gives one token grid.");
    this.tokens.set(key, tokens);
    return tokens;
  }

  private async keep(picture: PictureSource, context: StageContext): Promise<Kept> {
    const known = this.kept.get(picture.id);
    if (known) return known;
    const image = await runStage(context, "decode", () => decodePicture(picture.blob, picture.name, context.signal));
    const kept: Kept = { image, described: null };
    this.kept.set(picture.id, kept);
    return kept;
  }
}
