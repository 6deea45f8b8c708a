import { useEffect, useRef, useState } from "react";
import type { Failure, PictureInfo, PictureSource, Point, RegionChoice } from "../../workers/contract.ts";
import { useApp } from "../actions/app-context.tsx";
import { isCancelled, toFailure } from "../store/failure.ts";

/** What is known of an example picture so far. */
interface Proposals {
  readonly info: PictureInfo | null;
  /** Address of the picture, for an image element; empty before `info` is there. */
  readonly url: string;
  /** The likeliest first. */
  readonly choices: readonly RegionChoice[];
  readonly busy: boolean;
  readonly failure: Failure | null;
}

const NOTHING: Proposals = { info: null, url: "", choices: [], busy: true, failure: null };

/** Opens an example picture and proposes what it shows; `ask` proposes anew at a point. For one picture's life. */
export function useProposals(source: PictureSource): Proposals & { readonly ask: (point: Point) => void } {
  const { engine } = useApp();
  const [proposals, setProposals] = useState(NOTHING);
  const asking = useRef<AbortController | null>(null);

  useEffect(() => {
    const life = new AbortController();
    const { signal } = life;
    let url = "";
    const open = async (): Promise<void> => {
      try {
        const info = await engine.inspect(source, { signal });
        if (signal.aborted) return;
        url = URL.createObjectURL(source.blob);
        setProposals({ ...NOTHING, info, url });
        const salient = await engine.salientProposal(source, { signal });
        // A click while it was being looked for is the better answer.
        if (!signal.aborted && !asking.current)
          setProposals({ ...NOTHING, info, url, choices: [salient], busy: false });
      } catch (cause) {
        if (!signal.aborted) setProposals((before) => ({ ...before, busy: false, failure: toFailure(cause) }));
      }
    };
    void open();
    return () => {
      life.abort();
      asking.current?.abort();
      asking.current = null;
      if (url !== "") URL.revokeObjectURL(url);
    };
  }, [engine, source]);

  const ask = (point: Point): void => {
    asking.current?.abort();
    const controller = new AbortController();
    asking.current = controller;
    setProposals((before) => ({ ...before, busy: true }));
    engine.proposalsAt(source, point, { signal: controller.signal }).then(
      (choices) => {
        if (!controller.signal.aborted) setProposals((before) => ({ ...before, choices, busy: false, failure: null }));
      },
      (cause: unknown) => {
        if (controller.signal.aborted || isCancelled(cause)) return;
        setProposals((before) => ({ ...before, busy: false, failure: toFailure(cause) }));
      },
    );
  };

  return { ...proposals, ask };
}
