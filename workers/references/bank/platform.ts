import type { RecordStore } from "./store.ts";

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

export function broadcastChannel(name: string): Channel {
  const channel = new BroadcastChannel(name);
  return {
    post: (revision) => channel.postMessage(revision),
    listen: (listener) => channel.addEventListener("message", listener),
    close: () => channel.close(),
  };
}

/** A Web Lock of that name; null outside secure contexts, where there are none, whatever the types say. */
export function browserLock(name: string): Lock | null {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  return locks ? async (task) => await locks.request(name, task) : null;
}
