import { createStore } from "idb-keyval";
import { onTestFinished } from "vitest";
import type { BankId, ModelId, ReferenceId } from "../../contract.ts";
import { Bank } from "./bank.ts";
import { type BankPlatform, broadcastChannel, type Lock } from "./platform.ts";
import type { ReferenceDraft } from "./records.ts";
import { indexedDbStore } from "./store.ts";

export const MODEL = "model-a" as ModelId;
let databases = 0;

/** A lock among the tabs that share it: first come, first served. */
function sharedLock(): Lock {
  let tail: Promise<unknown> = Promise.resolve();
  return (task) => {
    const turn = tail.then(task);
    tail = turn.catch(() => null);
    return turn;
  };
}

export interface Browser {
  readonly name: string;
  tab(over?: Partial<BankPlatform>): Promise<Bank>;
}

/** Tabs of one browser: one database, one lock, one channel. */
export function browser(): Browser {
  const name = `bank-test-${databases++}`;
  const lock = sharedLock();
  return {
    name,
    async tab(over = {}) {
      const platform = { store: indexedDbStore(name), lock, channel: broadcastChannel(name), ...over };
      const bank = await Bank.open(platform, "tested" as BankId);
      await bank.settled;
      onTestFinished(() => bank.close());
      return bank;
    },
  };
}

export const raw = (name: string): ReturnType<typeof createStore> => createStore(name, "records");

export function draft(provenance = "dog.png"): ReferenceDraft {
  return {
    source: "example",
    provenance,
    domain: "photo",
    crop: {
      image: new Blob([provenance], { type: "image/png" }),
      width: 4,
      height: 3,
      runs: new Uint32Array([1, 2, 5, 2]),
    },
  };
}

export const descriptorFor = (
  referenceId: ReferenceId,
  first = 1,
): Parameters<Bank["storeDescriptors"]>[1][number] => ({
  referenceId,
  dimensions: 2,
  views: new Float32Array([first, 0, 0, first]),
  surroundings: new Float32Array([-1, -1]),
  parts: { vectors: new Float32Array([1, 0, 0, 1]), inside: 1, patches: new Float32Array([3, 2]) },
});
