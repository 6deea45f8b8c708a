import { EngineError } from "../contract.ts";
import { sha256OfBlob } from "./sha256.ts";

/**
 * Fetches a file that ships with the app. A server that answers unknown paths with a page does not have it either.
 * @param what - the thing that the file belongs to, such as "starter model", for messages.
 * @throws EngineError model-missing, cancelled.
 */
export async function fetchShipped(url: URL, what: string, signal: AbortSignal | undefined): Promise<Blob> {
  const data = { url: url.pathname };
  try {
    const response = await fetch(url, signal ? { signal } : {});
    const isPage = response.headers.get("content-type")?.startsWith("text/html") ?? false;
    if (response.ok && !isPage) return await response.blob();
    const { status } = response;
    throw new EngineError("model-missing", `The ${what} is not where the app is.`, { ...data, status });
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    if (signal?.aborted) throw new EngineError("cancelled", `Loading the ${what} was cancelled.`);
    throw new EngineError("model-missing", `The ${what} could not be fetched.`, data, cause);
  }
}

/** The same, held against its checksum. @throws EngineError also model-damaged. */
export async function fetchVerified(
  url: URL,
  sha256: string,
  what: string,
  signal: AbortSignal | undefined,
): Promise<Blob> {
  const blob = await fetchShipped(url, what, signal);
  if ((await sha256OfBlob(blob)) !== sha256) {
    const data = { url: url.pathname, bytes: blob.size };
    throw new EngineError("model-damaged", `A file of the ${what} does not match its checksum.`, data);
  }
  return blob;
}
