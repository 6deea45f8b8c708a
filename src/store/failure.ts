import { ADVICE, EngineError, type Failure } from "../../workers/contract.ts";

/** Whatever was thrown, as a failure of the closed set; what is none of ours becomes "internal". */
export function toFailure(cause: unknown): Failure {
  if (cause instanceof EngineError) return { code: cause.code, message: cause.message, data: cause.data };
  return { code: "internal", message: "Something unexpected happened.", data: { detail: String(cause) } };
}

/** What the person can do next. */
export function adviceFor(failure: Failure): string {
  return ADVICE[failure.code];
}

/** True when the person, or a newer wish, stopped it: nothing to report. */
export function isCancelled(cause: unknown): boolean {
  return cause instanceof EngineError && cause.code === "cancelled";
}
