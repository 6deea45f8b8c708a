import { EngineError, type JobOptions, type ModelId, type ReferenceId } from "../contract.ts";
import type { Runs } from "../imaging/runs.ts";
import { runsOfMask } from "../imaging/runs.ts";
import type { Bank, MissingDescriptor } from "./bank/bank.ts";
import type { AnchorDescriptors, Crop, Domain, ReferenceDescriptors } from "./bank/records.ts";
import { type PartMasks, partMasksOf } from "./parts.ts";
import { decodePicture, type Picture } from "./sources/crop-image.ts";
import { cropBoxOf } from "./sources/example.ts";
import { ANCHOR_SET, type PaintedAnchor } from "./sources/pictogram/anchors.ts";
import { glyphOfProvenance } from "./sources/pictogram/pictogram.ts";
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
  /** What is known of a glyph without showing it to the model, D numbers; left out, or null: nothing. */
  readonly knownPictogram?: (glyph: string) => Float32Array<ArrayBuffer> | null;
}

export interface EmbeddingOptions extends JobOptions {
  /** How stored crops become pixels. */
  readonly decode?: (image: Blob) => Promise<Picture>;
}

/** Pictures shown to the model before what it saw is stored: an interruption costs the work on one group at most. */
const GROUP_SIZE = 4;

/** Surroundings smaller than this share of what they and the thing cover say nothing. */
const LEAST_SURROUNDINGS = 0.08;

/**
 * What surrounds the thing: the pixels outside its mask and no farther from its box than the margin of an example's
 * crop, so that a thing in a whole picture is surrounded by what is near it. Null when they are too few.
 */
export function surroundingsOf({ runs, width, height }: Pick<Crop, "runs" | "width" | "height">): Runs | null {
  const near = cropBoxOf(runs, width, height);
  const outside = new Uint8Array(width * height);
  for (let y = near.y; y < near.y + near.height; y += 1) {
    outside.fill(1, y * width + near.x, y * width + near.x + near.width);
  }
  for (let at = 0; at < runs.length; at += 2) {
    const start = runs[at] ?? 0;
    outside.fill(0, start, start + (runs[at + 1] ?? 0));
  }
  const area = outside.reduce((sum, one) => sum + one, 0);
  return area < LEAST_SURROUNDINGS * near.width * near.height ? null : runsOfMask(outside);
}

function stack(vectors: readonly Float32Array<ArrayBuffer>[]): Pick<ReferenceDescriptors, "dimensions" | "views"> {
  const dimensions = vectors[0]?.length ?? 0;
  const views = new Float32Array(dimensions * vectors.length);
  vectors.forEach((vector, at) => views.set(vector, at * dimensions));
  return { dimensions, views };
}

/** Pieces as they are stored; null when there are none. */
export function stackParts({ inside, patches }: PartMasks, vectors: Vectors): ReferenceDescriptors["parts"] {
  return vectors.length === 0 ? null : { vectors: stack(vectors).views, inside, patches: Float32Array.from(patches) };
}

type Described = ReferenceDescriptors & { readonly referenceId: ReferenceId };
type Vectors = readonly Float32Array<ArrayBuffer>[];

/** Pictures that are shown together, and how the vectors under their masks become descriptors of references. */
interface Showing {
  readonly pictures: readonly MaskedPicture[];
  readonly read: (seen: readonly Vectors[]) => readonly Described[];
}

/** A pictogram is seen in several views. */
function showPictogram(referenceId: ReferenceId, picture: Picture, patch: number): Showing {
  return {
    pictures: pictogramViews(picture, patch).map((view) => ({
      picture: view.picture,
      masks: [view.runs],
      domain: "pictogram",
    })),
    read: (seen) => [
      { referenceId, ...stack(seen.flatMap(([thing]) => thing ?? [])), surroundings: null, parts: null },
    ],
  };
}

/** Pictograms of which the model brought what is to be seen in them. */
function answered(references: readonly MissingDescriptor[], { knownPictogram }: EmbeddingModel): Showing | null {
  const [first] = references;
  if (first?.domain !== "pictogram") return null;
  const vector = knownPictogram?.(glyphOfProvenance(first.provenance));
  if (!vector) return null;
  const { referenceId } = first;
  return { pictures: [], read: () => [{ referenceId, ...stack([vector]), surroundings: null, parts: null }] };
}

/** A photograph is seen as it is, once for all references that are masks in it. */
function showPhotograph(references: readonly { referenceId: ReferenceId; crop: Crop }[], picture: Picture): Showing {
  const masks: Runs[] = [];
  const places = references.map(({ referenceId, crop }) => {
    const outside = surroundingsOf(crop);
    const thing = masks.push(crop.runs) - 1;
    const parts = partMasksOf(crop.runs, crop.width, crop.height);
    const firstPart = masks.push(...parts.masks) - parts.masks.length;
    return { referenceId, thing, outside: outside ? masks.push(outside) - 1 : -1, parts, firstPart };
  });
  return {
    pictures: [{ picture, masks, domain: "photo" }],
    read: ([seen = []]) =>
      places.flatMap(({ referenceId, thing, outside, parts: cut, firstPart }) => {
        const vector = seen[thing];
        if (!vector) return [];
        const parts = stackParts(cut, seen.slice(firstPart, firstPart + cut.masks.length));
        return [{ referenceId, ...stack([vector]), surroundings: seen[outside] ?? null, parts }];
      }),
  };
}

/** References of one picture, and how to show it. @throws EngineError storage-damaged */
async function showingOf(
  bank: Bank,
  references: readonly MissingDescriptor[],
  patch: number,
  decode: NonNullable<EmbeddingOptions["decode"]>,
): Promise<Showing> {
  const crops: { referenceId: ReferenceId; crop: Crop }[] = [];
  for (const { referenceId } of references) {
    // One that was removed meanwhile needs no descriptors.
    if (bank.has(referenceId)) crops.push({ referenceId, crop: await bank.crop(referenceId) });
  }
  const [first] = crops;
  if (!first) return { pictures: [], read: () => [] };
  const picture = await decode(first.crop.image);
  if (crops.some(({ crop }) => picture.width !== crop.width || picture.height !== crop.height)) {
    throw new EngineError("storage-damaged", "The picture of an example does not have the size of its mask.");
  }
  return references[0]?.domain === "pictogram"
    ? showPictogram(first.referenceId, picture, patch)
    : showPhotograph(crops, picture);
}

/** Shows a group of pictures to the model in one call; references of unreadable ones are added to `unreadable`. */
async function describeGroup(
  bank: Bank,
  group: readonly (readonly MissingDescriptor[])[],
  model: EmbeddingModel,
  decode: NonNullable<EmbeddingOptions["decode"]>,
  unreadable: Set<ReferenceId>,
): Promise<readonly Described[]> {
  const { patch, embed } = model;
  const shown: Showing[] = [];
  for (const references of group) {
    const known = answered(references, model);
    if (known) {
      shown.push(known);
      continue;
    }
    const showing = await showingOf(bank, references, patch, decode).catch((error: unknown) => {
      if (error instanceof EngineError && error.code === "storage-damaged") return null;
      throw error;
    });
    if (showing) shown.push(showing);
    else for (const { referenceId } of references) unreadable.add(referenceId);
  }
  const wanted = shown.flatMap(({ pictures }) => pictures);
  const seen = wanted.length > 0 ? await embed(wanted) : [];
  let next = 0;
  return shown.flatMap(({ pictures, read }) => {
    const vectors = seen.slice(next, next + pictures.length);
    next += pictures.length;
    return read(vectors);
  });
}

/** The first pictures of the list, each with all references of the list that are masks in it. */
function firstPictures(
  missing: readonly MissingDescriptor[],
  count: number,
): readonly (readonly MissingDescriptor[])[] {
  const pictures = new Map<string, MissingDescriptor[]>();
  for (const reference of missing) {
    const { domain, picture, referenceId } = reference;
    const key = domain === "photo" && picture !== null ? picture : referenceId;
    const known = pictures.get(key);
    if (known) known.push(reference);
    else if (pictures.size < count) pictures.set(key, [reference]);
  }
  return [...pictures.values()];
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
    const group = firstPictures(missing, GROUP_SIZE);
    await bank.storeDescriptors(model.id, await describeGroup(bank, group, model, decode, unreadable));
    done += group.flat().length;
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
