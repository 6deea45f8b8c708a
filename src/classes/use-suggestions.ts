import { useEffect, useState } from "react";
import type { NameSuggestion } from "../../workers/contract.ts";
import { useApp, usePageState } from "../actions/app-context.tsx";

interface Suggestions {
  readonly text: string;
  readonly names: readonly NameSuggestion[];
}

const NONE: Suggestions = { text: "", names: [] };

/** Names that begin like the text; the last ones known stay while new ones are on their way. */
export function useSuggestions(text: string): readonly NameSuggestion[] {
  const { engine } = useApp();
  const languages = usePageState((state) => state.languages);
  const [suggestions, setSuggestions] = useState(NONE);

  useEffect(() => {
    if (text.trim() === "") return undefined;
    let wanted = true;
    engine.suggestNames(text, languages).then(
      (names) => {
        if (wanted) setSuggestions({ text, names });
      },
      // Without suggestions names are typed in full; adding one tells what is wrong.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [engine, text, languages]);

  return text.trim() === "" ? NONE.names : suggestions.names;
}
