import { del, get, set } from "idb-keyval";
import type { Failure, JobOptions, ModelId } from "./contract.ts";
import { extractTokens } from "./features/extractor.ts";
import { fromApp } from "./from-app.ts";
import { decodePicture } from "./imaging/decode.ts";
import type { PatchTokens } from "./imaging/patch-tokens.ts";
import { meansUnder } from "./mean-tokens.ts";
import { isWhitening, type ModelProfile, profileOf } from "./model-profile.ts";
import type { FeatureSession, ModelStatistics } from "./models/feature-session.ts";
import type { Bank } from "./references/bank/bank.ts";
import { embedAnchors, type EmbeddingModel, embedReferences } from "./references/embedding.ts";
import { paintAnchors } from "./references/sources/pictogram/anchors.ts";
import type { GlyphPainter } from "./references/sources/pictogram/glyph-painter.ts";

/** What a model knows before it sees any picture of the person's. */
export interface Prepared {
  readonly session: FeatureSession;
  readonly profile: ModelProfile;
}

const profileKey = (model: ModelId): string => `lookalike-profile-3:${model}`;

/** Shows references, common pictograms and samples to the model, and keeps what it saw. */
export class Learning {
  readonly #bank: Bank;
  readonly #base: string;
  readonly #report: (failure: Failure) => void;
  readonly #painter: () => GlyphPainter;

  /**
   * @param base address that the app's files are relative to
   * @param report told of what went wrong without stopping anything
   */
  constructor(bank: Bank, base: string, painter: () => GlyphPainter, report: (failure: Failure) => void) {
    this.#bank = bank;
    this.#base = base;
    this.#painter = painter;
    this.#report = report;
  }

  /**
   * The profile of a model that was just loaded. It is kept: the second time costs nothing.
   * @throws EngineError as the session does
   */
  async prepare(session: FeatureSession, job: JobOptions): Promise<Prepared> {
    const report = job.onProgress;
    const prepareJob: JobOptions = {
      ...job,
      onProgress: ({ done, total }) => report?.({ stage: "prepare-model", done, total }),
    };
    const profile = await this.#profile(session, prepareJob);
    report?.({ stage: "prepare-model", done: 1, total: 1 });
    await this.embedMissing({ session, profile }, job);
    return { session, profile };
  }

  /** Shows all references that the model has not seen to it. */
  async embedMissing({ session }: Prepared, job: JobOptions): Promise<void> {
    if (this.#bank.missingDescriptors(session.info.id).length === 0) return;
    const unreadable = await embedReferences(this.#bank, this.#modelOf(session), job);
    if (unreadable.length === 0) return;
    const message = `${unreadable.length} of the examples could not be read and take no part.`;
    this.#report({ code: "storage-damaged", message, data: { examples: unreadable.length } });
  }

  /** Forgets what was learned about a model's numbers. */
  async forget(model: ModelId): Promise<void> {
    await this.#bank.dropModel(model);
    await ifKept(() => del(profileKey(model)));
  }

  /** Descriptors are kept raw (mean tokens): whitening comes later, so that a better profile needs no model run. */
  #modelOf(session: FeatureSession): EmbeddingModel {
    const { id, patch } = session.info;
    return {
      id,
      patch,
      knownPictogram: (glyph) => session.statistics?.pictograms?.of(glyph) ?? null,
      embed: async (pictures) => {
        const results: (readonly Float32Array<ArrayBuffer>[])[] = [];
        // Pictograms are drawn in whole patches and taken as they are; photographs at the model's own size.
        const sizes = new Set(pictures.map(({ picture, domain }) => (domain === "photo" ? 0 : picture.width)));
        for (const size of sizes) {
          const group = pictures
            .map((one, index) => ({ one, index }))
            .filter(({ one }) => (one.domain === "photo" ? 0 : one.picture.width) === size);
          const grids = await extractTokens(
            session,
            group.map(({ one }) => one.picture),
            size === 0 ? session.preferredLongSide : size,
          );
          group.forEach(({ one: { picture, masks }, index }, at) => {
            const grid = grids[at];
            if (grid) results[index] = meansUnder(grid, picture.width, picture.height, masks);
          });
        }
        return results;
      },
    };
  }

  async #profile(session: FeatureSession, job: JobOptions): Promise<ModelProfile> {
    const estimate = (): Promise<ModelProfile> =>
      profileOf(
        session,
        () => this.#sampleTokens(session, job),
        () => this.#glyphMeans(session, job),
      );
    const { id, dimensions } = session.info;
    // Also for a model that brings its statistics: what follows from them for pictograms takes half a second.
    const kept: unknown = await ifKept(() => get(profileKey(id)));
    if (isProfile(kept, dimensions) && (!session.statistics || isOf(kept, session.statistics))) return kept;
    const profile = await estimate();
    // Without storage it is estimated again next time.
    await ifKept(() => set(profileKey(id), profile));
    return profile;
  }

  /** Mean tokens of common pictograms: what an unknown model's mean over pictograms is estimated on. */
  async #glyphMeans(session: FeatureSession, job: JobOptions): Promise<readonly Float32Array<ArrayBuffer>[]> {
    const { dimensions } = session.info;
    const paint = () => fromApp("the pictograms", () => paintAnchors(this.#painter()));
    const seen = await embedAnchors(this.#bank, this.#modelOf(session), paint, job);
    return seen.names.map((_, index) => seen.vectors.slice(index * dimensions, (index + 1) * dimensions));
  }

  /** Token grids of the sample scenes: what an unknown model's statistics are estimated on. */
  async #sampleTokens(session: FeatureSession, { signal, onProgress }: JobOptions): Promise<readonly PatchTokens[]> {
    const names = await fromApp("the list of samples", () => sampleFiles(this.#base));
    const grids: PatchTokens[] = [];
    const never = new AbortController().signal;
    for (const [index, name] of names.entries()) {
      onProgress?.({ stage: "prepare-model", done: index, total: names.length });
      const file = await fromApp(`the sample ${name}`, async () => {
        const answer = await fetch(new URL(`samples/${name}`, this.#base), signal ? { signal } : {});
        return answer.blob();
      });
      const image = await decodePicture(file, name, signal ?? never);
      grids.push(...(await extractTokens(session, [image])));
    }
    return grids;
  }
}

/** Where IndexedDB is refused the call may throw before there is a promise: nothing is kept then. */
async function ifKept<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

function isProfile(value: unknown, dimensions: number): value is ModelProfile {
  if (typeof value !== "object" || value === null || !("photo" in value) || !("pictogram" in value)) return false;
  if (!("isGuess" in value) || typeof value.isGuess !== "boolean") return false;
  return isWhitening(value.photo, dimensions) && isWhitening(value.pictogram, dimensions);
}

/** Whether a profile was made of these statistics: an app of another version may bring others under the same name. */
function isOf({ photo, pictogram }: ModelProfile, { photoMean, pictogramMean, whitening }: ModelStatistics): boolean {
  const same = (a: Float32Array, b: Float32Array): boolean => a.every((value, at) => value === b[at]);
  return (
    same(photo.mean, photoMean) &&
    same(photo.matrix, whitening) &&
    (pictogramMean === null || same(pictogram.mean, pictogramMean))
  );
}

async function sampleFiles(base: string): Promise<readonly string[]> {
  const answer = await fetch(new URL("samples/samples.json", base));
  const list: unknown = await answer.json();
  if (typeof list !== "object" || list === null || !("samples" in list) || !Array.isArray(list.samples)) return [];
  return list.samples.flatMap((one: unknown) =>
    typeof one === "object" && one !== null && "file" in one && typeof one.file === "string" ? [one.file] : [],
  );
}
