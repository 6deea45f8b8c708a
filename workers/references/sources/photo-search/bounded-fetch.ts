import { EngineError } from "../../../contract.ts";

/** What one request may take. */
export interface Bounds {
  /** Who is asked, for messages. */
  readonly service: string;
  readonly mostBytes: number;
  /** Beginnings of permitted media types. */
  readonly types: readonly string[];
  readonly signal: AbortSignal;
}

/** A service that does not answer for so long is not waited for. */
const PATIENCE_MS = 20_000;

/** When a service asks to wait without saying how long; and the longest that it is believed. */
const USUAL_WAIT_S = 60;
const LONGEST_WAIT_S = 86_400;

/** Seconds that a Retry-After header asks to wait: a number, or a date. */
export function secondsToWait(header: string | null, now: number): number {
  const text = header?.trim() ?? "";
  const seconds = /^\d+$/u.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
  return Number.isFinite(seconds) ? Math.min(LONGEST_WAIT_S, Math.max(1, Math.ceil(seconds))) : USUAL_WAIT_S;
}

/**
 * Fetches without credentials, without saying from where, and without following anywhere else; at most so many bytes,
 * whatever is claimed.
 * @throws EngineError cancelled; photos-busy (429 and 503) with data.seconds; photos-unreachable; photos-unusable
 */
export async function fetchBounded(address: URL, bounds: Bounds): Promise<Blob> {
  const { service, signal, types, mostBytes } = bounds;
  try {
    const answer = await fetch(address, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      redirect: "error",
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    if (answer.status === 429 || answer.status === 503) {
      throw busy(service, secondsToWait(answer.headers.get("Retry-After"), Date.now()));
    }
    if (!answer.ok) {
      const code = answer.status >= 500 ? "photos-unreachable" : "photos-unusable";
      throw new EngineError(code, `${service} answered with an error (${answer.status}).`, { status: answer.status });
    }
    const type = (answer.headers.get("Content-Type") ?? "").toLowerCase();
    if (!types.some((one) => type.startsWith(one))) {
      throw new EngineError("photos-unusable", `${service} sent something else than what was asked for.`, {
        type: type.slice(0, 100),
      });
    }
    if (Number(answer.headers.get("Content-Length") ?? 0) > mostBytes) throw tooLarge(service);
    return new Blob(await readBytes(answer, service, mostBytes), { type: type.split(";")[0] ?? "" });
  } catch (cause) {
    if (signal.aborted) throw new EngineError("cancelled", "The search for photographs was stopped.");
    if (cause instanceof EngineError) throw cause;
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError("photos-unreachable", `${service} could not be reached.`, { detail }, cause);
  }
}

/** @param seconds how long the service asks to be left alone */
export function busy(service: string, seconds: number): EngineError {
  const wait = seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return new EngineError("photos-busy", `${service} asks to wait ${wait}.`, { seconds });
}

const tooLarge = (service: string): EngineError =>
  new EngineError("photos-unusable", `${service} sent more than a small picture can be.`);

async function readBytes(answer: Response, service: string, mostBytes: number): Promise<Uint8Array<ArrayBuffer>[]> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const reader = answer.body?.getReader();
  for (;;) {
    const next = await reader?.read();
    if (!next?.value) return parts;
    bytes += next.value.length;
    if (bytes > mostBytes) {
      void reader?.cancel().catch(() => undefined);
      throw tooLarge(service);
    }
    parts.push(next.value);
  }
}
