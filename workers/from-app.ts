import { EngineError } from "./contract.ts";

/** Fetches something that ships with the app. @throws EngineError app-file-missing */
export async function fromApp<Value>(what: string, load: () => Promise<Value>): Promise<Value> {
  try {
    return await load();
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw new EngineError("app-file-missing", `Could not fetch ${what}.`, { detail: String(cause) }, cause);
  }
}
