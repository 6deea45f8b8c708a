import type { Detail, ModelId } from "../contract.ts";
import type { FeatureSession } from "./feature-session.ts";

/** Long side at fine detail over that at standard detail; see docs/method.md for what it brings and costs. */
const FINE = 46 / 32;

/** The id under which a model's descriptions are kept at a detail. @param base its id at standard detail */
export function idAt(base: ModelId, detail: Detail): ModelId {
  return detail === "fine" ? (`${base} fine` as ModelId) : base;
}

/** The session at a detail: the same graph, shown pictures of another size, known under an id of its own. */
export function atDetail(session: FeatureSession, detail: Detail): FeatureSession {
  const { info, preferredLongSide } = session;
  if (detail === info.detail) return session;
  const scale = detail === "fine" ? FINE : 1 / FINE;
  const patches = Math.round((scale * preferredLongSide) / info.patch);
  return {
    ...session,
    info: { ...info, id: idAt(info.base, detail), detail },
    preferredLongSide: patches * info.patch,
  };
}
