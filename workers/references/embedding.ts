import { EngineError, type JobOptions, type ModelId, type ReferenceId } from "../contract.ts";
import type { Runs } from "../imaging/runs.ts";
import { runsOfMask, maskOfRuns } from "../imaging/runs.ts";
import type { Bank, MissingDescriptor } from "./bank/bank.ts";
import type { AnchorDescriptors, Crop, Domain, ReferenceDescriptors } from "./bank/records.ts";
import { decodePicture, type Picture } from "./sources/crop-image.ts";
import { ANCHOR_SET, type PaintedAnchor } from "./sources/pictogram/anchors.ts";
import { pictogramViews } from "./sources/pictogram/views.ts";

/** A picture and the masks in it that are to be described. */
export interface MaskedPicture {
  /** RGBA, alpha 255. */
  readonly picture: Picture;
  /** Run lengths over the picture's pixels, none of them empty. */
  readonly masks: readonly Runs[];
  readonly domain: Domain;
}

/**
 * What a model sees under masks: for each picture, one vector of D numbers for each of its masks. The pictures may be of
 * different sizes; those of one size can share a run of the model. The numbers are stored as they are given; D is the
 * same for every call under one model.
 */
type EmbedPictures = (pictures: readonly MaskedPicture[]) => Promise<readonly (readonly Float32Array<ArrayBuffer>[])[]>;

export interface EmbeddingModel {
  readonly id: ModelId;
  /** Side of a patch in model pixels: pictograms are drawn to fit. */
  readonly patch: number;
  readonly embed: EmbedPictures;
}

export interface EmbeddingOptions extends JobOptions {
  /** How stored crops become pixels. */
  readonly decode?: (image: Blob) => Promise<Picture>;
}

/** References are stored in groups of this size: an interruption costs the work on one group at most. */
const GROUP_SIZE = 4;

/** Surroundings smaller than this share of a crop say nothing. */
const LEAST_SURROUNDINGS = 0.08;

/** The pixels outside a mask, or null when they are too few. */
export function surroundingsOf({ runs, width, height }: Pick<Crop, "runs" | "width" | "height">): Runs | null {
  const outside = maskOfRuns(runs, width * height).map((inside) => 1 - inside);
  const area = outside.reduce((sum, one) => sum + one, 0);
  return area < LEAST_SURROUNDINGS * outside.length ? null : runsOfMask(outside);
}

function stack(vectors: readonly Float32Array<ArrayBuffer>[]): Pick<ReferenceDescriptors, "dimensions" | "views"> {
  const dimensions = vectors[0]?.length ?? 0;
  const views = new Float32Array(dimensions * vectors.length);
  vectors.forEach((vector, at) => views.set(vector, at * dimensions));
  return { dimensions, views };
}

/** The pictures in which a model sees a reference: a photograph as it is, a pictogram in several views. */
async function picturesOf(
  { crop, domain }: MissingDescriptor,
  patch: number,
  decode: NonNullable<EmbeddingOptions["decode"]>,
): Promise<readonly MaskedPicture[]> {
  const picture = await decode(crop.image);
  if (picture.width !== crop.width || picture.height !== crop.height) {
    throw new EngineError("storage-damaged", "The picture of an example does not have the size of its mask.");
  }
  if (domain === "pictogram") {
    return pictogramViews(picture, patch).map((view) => ({ picture: view.picture, masks: [view.runs], domain }));
  }
  const outside = surroundingsOf(crop);
  return [{ picture, masks: outside ? [crop.runs, outside] : [crop.runs], domain }];
}

type Described = ReferenceDescriptors & { readonly referenceId: ReferenceId };

/** Shows a group of references to the model in one call; unreadable ones are added to `unreadable`. */
async function describeGroup(
  group: readonly MissingDescriptor[],
  { patch, embed }: EmbeddingModel,
  decode: NonNullable<EmbeddingOptions["decode"]>,
  unreadable: Set<ReferenceId>,
): Promise<readonly Described[]> {
  const shown: { readonly referenceId: ReferenceId; readonly pictures: readonly MaskedPicture[] }[] = [];
  for (const reference of group) {
    try {
      const pictures = await picturesOf(reference, patch, decode);
      if (pictures.length > 0) {
        shown.push({ referenceId: reference.referenceId, pictures });
        continue;
      }
    } catch (error) {
      if (!(error instanceof EngineError && error.code === "storage-damaged")) {
        throw error;
      }
    }
    unreadable.add(reference.referenceId);
  }
  const seen = await embed(shown.flatMap(({ pictures }) => pictures));
  const described: Described[] = [];
  let next = 0;
  for (const { referenceId, pictures } of shown) {
    const vectors = seen.slice(next, next + pictures.length);
    next += pictures.length;
    const { dimensions, views } = stack(vectors.flatMap(([thing]) => thing ?? []));
    described.push({ referenceId, dimensions, views, surroundings: vectors[0]?.[1] ?? null });
  }
  return described;
}

function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new EngineError("cancelled", "Learning from the examples was stopped.");
  }
}

/**
 * Lets a model see all enabled references that it has not seen, class after class, and stores what it saw as it goes:
 * called again after an interruption, it goes on where it was; after a change of model it does all of them. Progress
 * counts references, in stage "embed-references".
 * @returns references whose crop could not be read; they stay without descriptors
 * @throws EngineError cancelled, storage-full, and whatever `embed` throws; what was done before stays stored
 */
export async function embedReferences(
  bank: Bank,
  model: EmbeddingModel,
  { signal, onProgress, decode = decodePicture }: EmbeddingOptions = {},
): Promise<readonly ReferenceId[]> {
  const unreadable = new Set<ReferenceId>();
  let done = 0;
  for (;;) {
    // Asked again after every group: references may have come or gone meanwhile.
    const missing = bank.missingDescriptors(model.id).filter(({ referenceId }) => !unreadable.has(referenceId));
    onProgress?.({ stage: "embed-references", done, total: done + missing.length });
    if (missing.length === 0) {
      return [...unreadable];
    }
    stopIfAborted(signal);
    const group = missing.slice(0, GROUP_SIZE);
    await bank.storeDescriptors(model.id, await describeGroup(group, model, decode, unreadable));
    done += group.length;
  }
}

/** Anchors shown to the model in one call. One view of each: there are many, and none needs to be met exactly. */
const ANCHOR_GROUP = 8;

/**
 * What a model sees in the anchors: from the bank, or embedded now and kept there.
 * @param paint draws the anchors; called only when needed
 * @throws EngineError cancelled, storage-full, and whatever `embed` and `paint` throw
 */
export async function embedAnchors(
  bank: Bank,
  model: EmbeddingModel,
  paint: () => Promise<readonly PaintedAnchor[]>,
  { signal, onProgress }: JobOptions = {},
): Promise<AnchorDescriptors> {
  const known = bank.anchorsOf(model.id, ANCHOR_SET);
  if (known) {
    return known;
  }
  const painted = await paint();
  const names: string[] = [];
  const vectors: Float32Array<ArrayBuffer>[] = [];
  for (let first = 0; first < painted.length; first += ANCHOR_GROUP) {
    stopIfAborted(signal);
    onProgress?.({ stage: "embed-references", done: first, total: painted.length });
    const shown = painted
      .slice(first, first + ANCHOR_GROUP)
      .flatMap(({ name, picture }) => pictogramViews(picture, model.patch, 1).map((view) => ({ name, view })));
    const seen = await model.embed(
      shown.map(({ view }) => ({ picture: view.picture, masks: [view.runs], domain: "pictogram" })),
    );
    shown.forEach(({ name }, at) => {
      names.push(name);
      vectors.push(...(seen[at] ?? []));
    });
  }
  const { dimensions, views } = stack(vectors);
  const found = { dimensions, vectors: views, names };
  await bank.storeAnchors(model.id, ANCHOR_SET, found);
  return found;
}
