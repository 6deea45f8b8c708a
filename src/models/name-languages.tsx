import { ToggleButton } from "react-aria-components/ToggleButton";
import { useAction, usePageState } from "../actions/app-context.tsx";
import { setLanguage } from "../actions/change-settings.ts";
import { LANGUAGES } from "../store/languages.ts";

/** Which languages names are understood in besides English. */
export function NameLanguages() {
  const languages = usePageState((state) => state.languages);
  const change = useAction(setLanguage);
  return (
    <section className="settings-section">
      <h3 id="name-languages">Languages of names</h3>
      <p className="muted small">
        English is always understood. Each other language is a list of about 90 kB, fetched from where this app is
        served once you switch it on.
      </p>
      <ul className="languages" aria-labelledby="name-languages">
        {LANGUAGES.map(({ code, name }) => (
          <li key={code} lang={code}>
            <ToggleButton
              className="language"
              isSelected={languages.includes(code)}
              onChange={(on) => change({ language: code, on })}
            >
              {name}
            </ToggleButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
