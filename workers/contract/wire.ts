/** How calls and events cross between page and worker. */

import type { EngineEvent, EngineMethod } from "../contract.ts";
import type { Failure } from "./failures.ts";
import type { Progress } from "./jobs.ts";

/** Number of a call, chosen by the page. */
export type CallId = number;

export type Outcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Failure };

/** What is exposed over comlink: calls by name, so that failures cross whole and no callback is left behind. */
export interface EngineWire {
  /** Registers the one listener; resolves to the name of a Web Lock that the worker holds as long as it lives. */
  connect(listener: (message: WireMessage) => void): Promise<string>;
  call(id: CallId, method: EngineMethod, args: readonly unknown[]): Promise<Outcome<unknown>>;
  abort(id: CallId): void;
}

export type WireMessage =
  | { readonly type: "progress"; readonly call: CallId; readonly progress: Progress }
  | { readonly type: "event"; readonly event: EngineEvent };
