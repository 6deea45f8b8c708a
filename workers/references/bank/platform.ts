import { indexedDbStore, type RecordStore } from "./store.ts";

/** What tells other tabs that something was written. */
export interface Channel {
  post(revision: number): void;
  /** The one listener for what other tabs post. */
  listen(listener: () => void): void;
  close(): void;
}

/** Runs a task while no other tab runs one. */
export type Lock = <Value>(task: () => Promise<Value>) => Promise<Value>;

/** What the bank needs of the browser; tests hand in their own. */
export interface BankPlatform {
  readonly store: RecordStore;
  /** Null where there are no Web Locks; the store's own check of revisions then stands alone. */
  readonly lock: Lock | null;
  readonly channel: Channel | null;
}

const NAME = "lookalike-bank";

export function broadcastChannel(name: string): Channel {
  const channel = new BroadcastChannel(name);
  return {
    post: (revision) => channel.postMessage(revision),
    listen: (listener) => channel.addEventListener("message", listener),
    close: () => channel.close(),
  };
}

/** The browser's own IndexedDB, Web Locks and BroadcastChannel, as far as there are any. */
export function browserPlatform(): BankPlatform {
  // Web Locks are missing outside secure contexts, whatever the types say.
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  return {
    store: indexedDbStore(NAME),
    lock: locks ? async (task) => await locks.request(NAME, task) : null,
    channel: "BroadcastChannel" in globalThis ? broadcastChannel(NAME) : null,
  };
}
