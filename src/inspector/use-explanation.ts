import { useEffect, useState } from "react";
import type {
  Counterfactual,
  Engine,
  Explanation,
  MatchSettings,
  PictureSource,
  RegionIndex,
  Segmentation,
} from "../../workers/contract.ts";
import { useApp } from "../actions/app-context.tsx";
import { findPicture } from "../store/images.ts";
import { matchSettings } from "../store/segmentation.ts";

/** Long enough that a pointer passing over regions asks for none of them. */
const REST_MS = 90;
/** What would change a region takes several matches: for regions that are looked at. */
const LONGER_REST_MS = 350;

type Ask<Answer> = (
  engine: Engine,
  picture: PictureSource,
  region: RegionIndex,
  settings: MatchSettings,
  signal: AbortSignal,
) => Promise<Answer>;

interface Asked<Answer> {
  readonly segmentation: Segmentation;
  readonly region: RegionIndex;
  readonly answer: Answer;
}

/** Asks about a region once the hand rests; null until the engine has answered. */
function useAnswer<Answer>(
  segmentation: Segmentation | null,
  region: RegionIndex | null,
  rest: number,
  ask: Ask<Answer>,
): Answer | null {
  const { engine, store } = useApp();
  const [asked, setAsked] = useState<Asked<Answer> | null>(null);

  useEffect(() => {
    if (!segmentation || region === null) return undefined;
    const life = new AbortController();
    const timer = setTimeout(() => {
      const state = store.getState();
      const picture = findPicture(state, segmentation.picture);
      if (!picture) return;
      ask(engine, picture.source, region, matchSettings(state), life.signal).then(
        (answer) => {
          if (!life.signal.aborted) setAsked({ segmentation, region, answer });
        },
        // A newer segmentation, or the loss of the engine, makes the question void; both are told elsewhere.
        () => undefined,
      );
    }, rest);
    return () => {
      life.abort();
      clearTimeout(timer);
    };
  }, [engine, store, segmentation, region, rest, ask]);

  // The answer to a slightly older threshold stands until the newer comes; one about another region never does.
  const fits = asked?.segmentation.picture === segmentation?.picture && asked?.region === region;
  return asked && fits ? asked.answer : null;
}

const explain: Ask<Explanation> = (engine, picture, region, settings) => engine.explain(picture, region, settings);
const whatIf: Ask<readonly Counterfactual[]> = (engine, picture, region, settings, signal) =>
  engine.whatIf(picture, region, settings, { signal });

/** Why a region has its class. */
export function useExplanation(segmentation: Segmentation | null, region: RegionIndex | null): Explanation | null {
  return useAnswer(segmentation, region, REST_MS, explain);
}

/** What would change the class of a region. */
export function useWhatIf(
  segmentation: Segmentation | null,
  region: RegionIndex | null,
): readonly Counterfactual[] | null {
  return useAnswer(segmentation, region, LONGER_REST_MS, whatIf);
}
