import { clear, createStore, del, get, set, type UseStore } from "idb-keyval";
import * as v from "valibot";
import type { Attribution, PhotoProvider } from "../../../contract.ts";

/** A photograph as it is kept. */
export interface KeptPhoto {
  readonly provider: PhotoProvider;
  readonly attribution: Attribution;
  readonly blob: Blob;
  readonly width: number;
  readonly height: number;
  /** SHA-256 of the blob, hexadecimal. */
  readonly hash: string;
}

export interface KeptSearch {
  /** Milliseconds since 1970. */
  readonly asked: number;
  readonly photos: readonly KeptPhoto[];
}

/** Results older than this are asked for anew. */
const KEPT_FOR_MS = 30 * 86_400_000;

const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const searchSchema = v.object({
  version: v.literal(1),
  asked: v.pipe(v.number(), v.finite()),
  photos: v.array(
    v.object({
      provider: v.picklist(["openverse", "commons"]),
      attribution: v.object({
        provider: v.string(),
        title: v.string(),
        author: v.string(),
        licence: v.string(),
        licenceUrl: v.string(),
        pageUrl: v.string(),
      }),
      blob: v.instance(Blob),
      width: side,
      height: side,
      hash: v.pipe(v.string(), v.regex(/^[\da-f]{64}$/u)),
    }),
  ),
});

const waitKey = (provider: PhotoProvider): string => `wait:${provider}`;

/** What the services answered, and until when they want to be left alone, in IndexedDB; where that is refused, nothing. */
export class KeptSearches {
  readonly #store: UseStore | null;

  constructor(databaseName = "lookalike-photo-search") {
    this.#store = openStore(databaseName);
  }

  async read(key: string, now: number): Promise<KeptSearch | null> {
    const value = await this.#tried((store) => get<unknown>(`search:${key}`, store));
    const parsed = v.safeParse(searchSchema, value);
    if (parsed.success && now - parsed.output.asked < KEPT_FOR_MS && parsed.output.asked <= now) return parsed.output;
    // Old, or damaged: it can be had again.
    if (value !== undefined) await this.#tried((store) => del(`search:${key}`, store));
    return null;
  }

  async keep(key: string, search: KeptSearch): Promise<void> {
    await this.#tried((store) => set(`search:${key}`, { version: 1, ...search }, store));
  }

  /** Until when a service must not be asked, milliseconds since 1970. */
  async waitOf(provider: PhotoProvider): Promise<number> {
    const value = await this.#tried((store) => get<unknown>(waitKey(provider), store));
    return typeof value === "number" && Number.isFinite(value) ? value : 0;
  }

  async keepWait(provider: PhotoProvider, until: number): Promise<void> {
    await this.#tried((store) => set(waitKey(provider), until, store));
  }

  /** Forgets all results; a service that asked to be left alone is left alone all the same. */
  async forget(): Promise<void> {
    const waits = await Promise.all(
      (["openverse", "commons"] as const).map(async (one) => [one, await this.waitOf(one)] as const),
    );
    await this.#tried((store) => clear(store));
    for (const [provider, until] of waits) if (until > 0) await this.keepWait(provider, until);
  }

  /** Keeping is a courtesy to the services; a refused or full disk must not end a search. */
  async #tried<Value>(use: (store: UseStore) => Promise<Value>): Promise<Value | undefined> {
    try {
      return this.#store ? await use(this.#store) : undefined;
    } catch {
      return undefined;
    }
  }
}

function openStore(databaseName: string): UseStore | null {
  try {
    return createStore(databaseName, "searches");
  } catch {
    return null;
  }
}
