import { useEffect, useState } from "react";
import type { Localised, PictureId, Progress } from "../../workers/contract.ts";
import { useApp } from "../actions/app-context.tsx";
import { isCancelled, toFailure } from "../store/failure.ts";
import type { PendingExample } from "../store/view.ts";

/** Most pictures that are looked at together: what more of them have in common takes long and says little more. */
const TOGETHER = 16;

interface Consensus {
  readonly found: ReadonlyMap<PictureId, Localised>;
  /** How far the looking is; null while nothing is looked for. */
  readonly progress: Progress | null;
}

const NONE: Consensus = { found: new Map(), progress: null };

/** What example pictures show, looked at together, for as long as they are waiting to be confirmed. */
export function useConsensus(pending: readonly PendingExample[]): Consensus {
  const { engine } = useApp();
  const [consensus, setConsensus] = useState(NONE);
  // Those that came together stay together: what is confirmed or skipped meanwhile does not begin it anew.
  const [asked, setAsked] = useState<readonly PendingExample[]>([]);
  const added = pending.filter(({ source }) => !asked.some((known) => known.source.id === source.id));
  if (added.length > 0) setAsked([...asked, ...added]);

  useEffect(() => {
    const life = new AbortController();
    const look = async (): Promise<void> => {
      for (let first = 0; first < asked.length; first += TOGETHER) {
        const group = asked.slice(first, first + TOGETHER);
        const sources = group.map(({ source }) => source);
        const results = await engine.localise(sources, group[0]?.classId ?? null, {
          signal: life.signal,
          onProgress: (progress) => {
            if (!life.signal.aborted) setConsensus((before) => ({ ...before, progress }));
          },
        });
        if (life.signal.aborted) return;
        const found = results.map((result, at) => [sources[at]?.id, result] as const);
        setConsensus((before) => ({
          found: new Map([...before.found, ...found.flatMap(([id, result]) => (id ? [[id, result] as const] : []))]),
          progress: null,
        }));
      }
    };
    look().catch((cause: unknown) => {
      if (life.signal.aborted || isCancelled(cause)) return;
      const failed: Localised = { choice: null, failure: toFailure(cause) };
      setConsensus((before) => ({
        found: new Map([...asked.map(({ source }) => [source.id, failed] as const), ...before.found]),
        progress: null,
      }));
    });
    return () => life.abort();
  }, [engine, asked]);
  return consensus;
}
