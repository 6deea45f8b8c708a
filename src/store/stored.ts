import * as v from "valibot";
import { DETAILS, type BankId, type ModelId, type PictureId } from "../../workers/contract.ts";
import { LANGUAGES } from "./languages.ts";
import { PHOTO_PROVIDERS } from "./photo-services.ts";
import type { Store, StoreState } from "./store.ts";

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** The table of what is stored as a setting: a key that is not here is forgotten on reload. Pictures are apart. */
const STORED = {
  theme: v.picklist(["system", "light", "dark"]),
  device: v.picklist(["auto", "webgpu", "wasm"]),
  threads: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64)),
  threshold: share,
  opacity: share,
  modelId: v.nullable(
    v.pipe(
      v.string(),
      v.transform((id) => id as ModelId),
    ),
  ),
  detail: v.picklist(DETAILS),
  languages: v.array(v.picklist(LANGUAGES.map(({ code }) => code))),
  photoProviders: v.array(v.picklist(PHOTO_PROVIDERS)),
  currentId: v.nullable(
    v.pipe(
      v.string(),
      v.transform((id) => id as PictureId),
    ),
  ),
} as const;

type StoredKey = keyof typeof STORED;
export type StoredState = Partial<Pick<StoreState, StoredKey>>;

const STORAGE_KEY = "lookalike-settings-1";

/** What of `localStorage` is used; tests hand in their own. */
export type SettingsStorage = Pick<Storage, "getItem" | "setItem">;

const isStoredKey = (key: string): key is StoredKey => key in STORED;

/** The stored settings. Whatever is damaged falls back to its default; a refused storage gives nothing. */
export function readSettings(storage: SettingsStorage): StoredState {
  let record: unknown;
  try {
    record = JSON.parse(storage.getItem(STORAGE_KEY) ?? "{}");
  } catch {
    return {};
  }
  if (typeof record !== "object" || record === null) return {};
  const settings: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record)) {
    if (!isStoredKey(key)) continue;
    const parsed = v.safeParse(STORED[key], value);
    if (parsed.success) settings[key] = parsed.output;
  }
  return settings;
}

const TAB_KEY = "lookalike-bank-of-this-tab";

/** The bank that this tab works with is the tab's own: another tab may work with another one. */
export function keepBankOfTab(store: Store, storage: SettingsStorage): void {
  const known = storage.getItem(TAB_KEY);
  store.getState().setSettings({ bankId: known === null ? null : (known as BankId) });
  store.subscribe(({ banks }, before) => {
    if (banks === null || banks.current === before.banks?.current) return;
    try {
      storage.setItem(TAB_KEY, banks.current);
    } catch {
      // Refused: the tab then starts with the bank used last.
    }
  });
}

/**
 * Writes the stored keys whenever one of them changes. What is `forced` for this visit, by the address, is not kept:
 * what was stored before stays, until the person chooses something else. Returns how to stop.
 */
export function keepSettings(store: Store, storage: SettingsStorage, forced: StoredState = {}): () => void {
  const keys = Object.keys(STORED).filter(isStoredKey);
  const stored = readSettings(storage);
  const kept = (state: StoreState, key: StoredKey): unknown =>
    key in forced && state[key] === forced[key] ? stored[key] : state[key];
  return store.subscribe((state, before) => {
    if (keys.every((key) => Object.is(state[key], before[key]))) return;
    try {
      storage.setItem(STORAGE_KEY, JSON.stringify(Object.fromEntries(keys.map((key) => [key, kept(state, key)]))));
    } catch {
      // Refused or full: settings then live as long as the page does, and nothing else depends on them.
    }
  });
}
