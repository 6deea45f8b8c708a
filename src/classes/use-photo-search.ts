import { useEffect, useState } from "react";
import type { Failure, PhotoProvider, PhotoSearch, Progress } from "../../workers/contract.ts";
import { useApp } from "../actions/app-context.tsx";
import { toFailure } from "../store/failure.ts";

interface SearchState {
  readonly result: PhotoSearch | null;
  readonly failure: Failure | null;
  readonly progress: Progress | null;
}

const BEGUN: SearchState = { result: null, failure: null, progress: null };

/** One search for the life of the component; it is stopped when that ends. */
export function usePhotoSearch(name: string, providers: readonly PhotoProvider[]): SearchState {
  const { engine } = useApp();
  const [state, setState] = useState(BEGUN);
  const services = providers.join(" ");

  useEffect(() => {
    const life = new AbortController();
    const { signal } = life;
    const onProgress = (progress: Progress): void => {
      if (!signal.aborted) setState({ ...BEGUN, progress });
    };
    engine.searchPhotos(name, services.split(" ") as PhotoProvider[], { signal, onProgress }).then(
      (result) => {
        if (!signal.aborted) setState({ ...BEGUN, result });
      },
      (cause: unknown) => {
        if (!signal.aborted) setState({ ...BEGUN, failure: toFailure(cause) });
      },
    );
    return () => life.abort();
  }, [engine, name, services]);

  return state;
}
