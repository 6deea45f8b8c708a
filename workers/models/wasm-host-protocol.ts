import type { Failure } from "../contract.ts";
import type { FloatTensor, ValueInfo } from "./inference.ts";

/** What the engine's thread asks of the thread in which WASM models run. One request at a time. */
export type HostRequest =
  | { readonly kind: "open"; readonly threads: number; readonly model: Blob }
  | {
      readonly kind: "run";
      readonly session: number;
      readonly feeds: Readonly<Record<string, FloatTensor>>;
      readonly outputs: readonly string[];
    }
  | { readonly kind: "close"; readonly session: number };

/** The answer to a request, of the kind that fits it or "failed". */
export type HostReply = { readonly wasmBytes: number } & (
  | {
      readonly kind: "opened";
      readonly session: number;
      readonly inputs: readonly ValueInfo[];
      readonly outputs: readonly ValueInfo[];
    }
  | { readonly kind: "ran"; readonly outputs: Record<string, FloatTensor> }
  | { readonly kind: "closed" }
  | { readonly kind: "failed"; readonly failure: Failure }
);
