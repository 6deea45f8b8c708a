import { useEffect, useState } from "react";
import type { Explanation, PictureId, RegionIndex, Segmentation } from "../../workers/contract.ts";
import { useApp } from "../actions/app-context.tsx";
import { findPicture } from "../store/images.ts";
import { matchSettings } from "../store/segmentation.ts";

/** Long enough that a pointer passing over regions asks for none of them. */
const REST_MS = 90;

/** Why a region has its class; null until the engine has answered. */
export function useExplanation(segmentation: Segmentation | null, region: RegionIndex | null): Explanation | null {
  const { engine, store } = useApp();
  const [answer, setAnswer] = useState<{ readonly picture: PictureId; readonly explanation: Explanation } | null>(null);

  useEffect(() => {
    if (!segmentation || region === null) return undefined;
    let wanted = true;
    const timer = setTimeout(() => {
      const state = store.getState();
      const picture = findPicture(state, segmentation.picture);
      if (!picture) return;
      engine.explain(picture.source, region, matchSettings(state)).then(
        (explanation) => {
          if (wanted) setAnswer({ picture: segmentation.picture, explanation });
        },
        // A newer segmentation, or the loss of the engine, makes the question void; both are told elsewhere.
        () => undefined,
      );
    }, REST_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [engine, store, segmentation, region]);

  // The answer to a slightly older threshold stands until the newer comes; one about another region never does.
  const fits = answer?.picture === segmentation?.picture && answer?.explanation.region === region;
  return answer && fits ? answer.explanation : null;
}
