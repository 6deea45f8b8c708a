import {
  EngineError,
  type Failure,
  type JobOptions,
  type PhotoProvider,
  type PhotoSearch as SearchResult,
  type PictureId,
} from "../../../contract.ts";
import { cleanAttribution, cleanText } from "../../bank/names.ts";
import { busy, fetchBounded } from "./bounded-fetch.ts";
import { commons } from "./commons.ts";
import { type KeptPhoto, KeptSearches } from "./kept-searches.ts";
import { openverse } from "./openverse.ts";
import { type Candidate, type Origins, type Service, SERVICE_ORIGINS } from "./services.ts";

/** Photographs shown for a name; and asked for, as some will not be usable. */
const SHOWN = 12;
const ASKED_FOR = 20;
/** Pictures fetched at once, of both services together. */
const AT_ONCE = 3;

const MOST_LIST_BYTES = 2_000_000;
const MOST_PICTURE_BYTES = 4_000_000;
/** A shorter side says too little. */
const LEAST_SIDE = 64;
/** How much the shape of a small version may differ from the original's, as a share. */
const SHAPE_TOLERANCE = 0.04;
/** Characters of a name that are sent. */
const MOST_CHARACTERS = 80;

/** Opens a picture: its upright size and its SHA-256. @throws EngineError picture-* */
export type Measure = (
  blob: Blob,
  name: string,
  signal: AbortSignal,
) => Promise<{ readonly width: number; readonly height: number; readonly hash: string }>;

interface PhotoSearchOptions {
  readonly measure: Measure;
  readonly kept?: KeptSearches;
  readonly origins?: Origins;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

interface Progress {
  readonly photos: KeptPhoto[];
  readonly failures: Map<PhotoProvider, EngineError>;
}

/**
 * Finds openly licensed photographs by name. A name is searched once: results are kept. A service that asks to be left
 * alone is, and after a reload still.
 */
export class PhotoSearch {
  readonly #measure: Measure;
  readonly #kept: KeptSearches;
  readonly #now: () => number;
  readonly #services: Readonly<Record<PhotoProvider, Service>>;

  constructor({ measure, kept, origins = SERVICE_ORIGINS, now = Date.now }: PhotoSearchOptions) {
    this.#measure = measure;
    this.#kept = kept ?? new KeptSearches();
    this.#now = now;
    this.#services = { openverse: openverse(origins), commons: commons(origins) };
  }

  /**
   * See PhotoCalls.searchPhotos. Progress counts photographs, in stage "search-photos".
   * @throws EngineError cancelled; photos-busy, photos-unreachable or photos-unusable when no service answered
   */
  async search(raw: string, providers: readonly PhotoProvider[], job: JobOptions): Promise<SearchResult> {
    const name = [...cleanText(raw).text].slice(0, MOST_CHARACTERS).join("").trim();
    const asked = [...new Set(providers)].sort();
    if (name === "" || asked.length === 0) return { photos: [], asked: this.#now(), failures: [] };
    const key = `${asked.join("+")}:${name.toLowerCase()}`;
    const known = await this.#kept.read(key, this.#now());
    if (known) return { photos: known.photos.map(foundPhoto), asked: known.asked, failures: [] };

    const signal = job.signal ?? new AbortController().signal;
    const progress: Progress = { photos: [], failures: new Map() };
    const lists = await Promise.all(asked.map((one) => this.#list(one, name, signal, progress)));
    await this.#fetchPictures(interleaved(lists), progress, { ...job, signal });
    const failures = [...progress.failures.values()];
    const [first] = failures;
    if (first && progress.photos.length === 0) throw first;
    const result = { asked: this.#now(), photos: progress.photos };
    // What one service lacks is asked for again another time.
    if (failures.length === 0) await this.#kept.keep(key, result);
    return { photos: result.photos.map(foundPhoto), asked: result.asked, failures: failures.map(failureOf) };
  }

  forget(): Promise<void> {
    return this.#kept.forget();
  }

  /** What a service lists; its failure is noted, as the others may answer. */
  async #list(
    provider: PhotoProvider,
    name: string,
    signal: AbortSignal,
    { failures }: Progress,
  ): Promise<readonly Candidate[]> {
    const service = this.#services[provider];
    try {
      const wait = (await this.#kept.waitOf(provider)) - this.#now();
      if (wait > 0) throw busy(service.name, Math.ceil(wait / 1000));
      const bounds = { service: service.name, mostBytes: MOST_LIST_BYTES, types: ["application/json"], signal };
      const answer = await fetchBounded(service.searchAddress(name, ASKED_FOR), bounds);
      return service.read(parsed(await answer.text(), service.name));
    } catch (cause) {
      await this.#note(provider, cause, failures);
      return [];
    }
  }

  /** Fetches pictures, a few at once, until there are enough. */
  async #fetchPictures(
    candidates: readonly Candidate[],
    progress: Progress,
    job: JobOptions & { readonly signal: AbortSignal },
  ): Promise<void> {
    const { photos, failures } = progress;
    const total = Math.min(SHOWN, candidates.length);
    const waiting = candidates.entries();
    const ranks = new Map<KeptPhoto, number>();
    let under = 0;
    const worker = async (): Promise<void> => {
      for (const [rank, candidate] of waiting) {
        // A service that failed is not bothered again.
        if (failures.has(candidate.provider)) continue;
        under += 1;
        const photo = await this.#fetchPicture(candidate, job.signal, failures);
        under -= 1;
        if (photo && photos.length < SHOWN && !photos.some(({ hash }) => hash === photo.hash)) {
          ranks.set(photo, rank);
          photos.push(photo);
        }
        job.onProgress?.({ stage: "search-photos", done: Math.min(photos.length, total), total });
        if (photos.length + under >= SHOWN) return;
      }
    };
    job.onProgress?.({ stage: "search-photos", done: 0, total });
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (photos.length < SHOWN && !job.signal.aborted) await worker();
    // As the services ranked them, not as they happened to come.
    photos.sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
  }

  /** One picture; null for one that is not what was said of it. */
  async #fetchPicture(
    candidate: Candidate,
    signal: AbortSignal,
    failures: Progress["failures"],
  ): Promise<KeptPhoto | null> {
    const { provider, address, claimed } = candidate;
    const attribution = cleanAttribution(candidate.attribution);
    const service = this.#services[provider].name;
    try {
      const types = ["image/jpeg", "image/png", "image/webp"];
      const blob = await fetchBounded(address, { service, mostBytes: MOST_PICTURE_BYTES, types, signal });
      const { width, height, hash } = await this.#measure(blob, attribution?.title ?? "", signal);
      if (!attribution || Math.min(width, height) < LEAST_SIDE || !isAsClaimed({ width, height }, claimed)) return null;
      return { provider, attribution, blob, width, height, hash };
    } catch (cause) {
      const isOnlyThisOne =
        cause instanceof EngineError && (cause.code === "photos-unusable" || cause.code.startsWith("picture-"));
      if (!isOnlyThisOne) await this.#note(provider, cause, failures);
      return null;
    }
  }

  /** Notes what is wrong with a service. @throws EngineError cancelled, and what is no failure of a service */
  async #note(provider: PhotoProvider, cause: unknown, failures: Progress["failures"]): Promise<void> {
    if (!(cause instanceof EngineError) || !cause.code.startsWith("photos-")) throw cause;
    failures.set(provider, cause);
    if (cause.code === "photos-busy") {
      await this.#kept.keepWait(provider, this.#now() + 1000 * Number(cause.data["seconds"] ?? 0));
    }
  }
}

function parsed(text: string, service: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EngineError("photos-unusable", `${service} sent an answer that cannot be read.`, {}, cause);
  }
}

/** One of each list in turn. */
function interleaved(lists: readonly (readonly Candidate[])[]): readonly Candidate[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list[at] ?? [])).flat();
}

/** Whether a picture has the size, or the shape, that was said of it. A turned original may be told either way. */
function isAsClaimed(
  real: { readonly width: number; readonly height: number },
  claimed: Candidate["claimed"],
): boolean {
  if (!claimed) return true;
  if (claimed.of === "small") {
    return Math.abs(real.width - claimed.width) <= 1 && Math.abs(real.height - claimed.height) <= 1;
  }
  const shape = real.width / real.height;
  const near = (other: number): boolean => Math.abs(shape / other - 1) <= SHAPE_TOLERANCE;
  return near(claimed.width / claimed.height) || near(claimed.height / claimed.width);
}

/** Whatever is found under one hash is one picture to the engine's caches. */
const foundPhoto = ({
  provider,
  attribution,
  blob,
  width,
  height,
  hash,
}: KeptPhoto): SearchResult["photos"][number] => ({
  source: { id: `photo-${hash}` as PictureId, name: attribution.title || attribution.provider, blob },
  provider,
  attribution,
  width,
  height,
});

const failureOf = ({ code, message, data }: EngineError): Failure => ({ code, message, data });
