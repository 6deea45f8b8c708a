/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/no-noninteractive-element-to-interactive-role -- the list of a
   combobox has no tag of its own: a datalist shows no pictures, a select no text of one's own */
import { useId, useState } from "react";
import type { KeyboardEvent } from "react";
import type { NameSuggestion } from "../../workers/contract.ts";
import { addClasses } from "../actions/add-classes.ts";
import { useAction } from "../actions/app-context.tsx";
import { CLASS_FIELD_ID } from "../actions/browser-page.ts";
import { nameBeingTyped, parseTypedNames, startOfUnfinished } from "../actions/typed-names.ts";
import { PictogramImage } from "./pictogram-image.tsx";
import { useSuggestions } from "./use-suggestions.ts";

function Suggestion({
  suggestion,
  id,
  active,
  onChoose,
}: {
  readonly suggestion: NameSuggestion;
  readonly id: string;
  readonly active: boolean;
  readonly onChoose: () => void;
}) {
  const { name, meaning, pictograms } = suggestion;
  return (
    // The keyboard stays in the field, which says by aria-activedescendant where it is: pointer only here.
    <li
      id={id}
      role="option"
      aria-selected={active}
      className={active ? "suggestion active" : "suggestion"}
      onPointerDown={(event) => {
        event.preventDefault();
        onChoose();
      }}
    >
      <span className="suggestion-name ellipsis">
        {name}
        {meaning !== "" && <span className="muted small"> as {meaning}</span>}
      </span>
      <span className="suggestion-pictograms">
        {pictograms.map(({ glyph }) => (
          <PictogramImage key={glyph} glyph={glyph} />
        ))}
      </span>
    </li>
  );
}

/** What a colon after a name begins: the hint changes with it. */
function hintFor(text: string): string {
  const typed = parseTypedNames(text)[0];
  return text.includes(":") && typed && nameBeingTyped(text).before !== ""
    ? `Comma adds another kind of ${typed.name}; Enter adds all.`
    : "Comma or Enter adds. Kinds of a thing: dog: corgi, poodle";
}

/** Where class names are typed, with suggestions below: a comma or Enter adds them. A combobox as ARIA describes it. */
export function ClassField() {
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const listId = useId();
  const add = useAction(addClasses);
  const { before, name } = nameBeingTyped(text);
  const suggestions = useSuggestions(name);
  const shown = open ? suggestions : [];
  const current = shown[active];
  const optionId = (at: number): string => `${listId}-${at}`;

  const type = (next: string): void => {
    const cut = startOfUnfinished(next);
    if (cut > 0) add({ text: next.slice(0, cut) });
    setText(next.slice(cut).trimStart());
    setOpen(true);
    setActive(-1);
  };
  const finish = (): void => {
    if (text.trim() !== "") add({ text });
    setText("");
    setOpen(false);
    setActive(-1);
  };
  const choose = (suggestion: NameSuggestion): void => {
    // A sub-category is put in its place, as more may follow; a class is added at once.
    if (before === "") add({ names: [{ name: suggestion.name, subcategories: [] }] });
    setText(before === "" ? "" : `${before}${suggestion.name}`);
    setOpen(false);
    setActive(-1);
  };
  const step = (by: 1 | -1): void => {
    setOpen(true);
    // One place more than there are suggestions: the text itself, where the way begins and ends.
    const places = suggestions.length + 1;
    setActive(((active + 1 + by + places) % places) - 1);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // Enter also ends an input method's composition; only a free-standing one adds.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (current) choose(current);
      else finish();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape" && shown.length > 0) {
      event.stopPropagation();
      setOpen(false);
      setActive(-1);
    }
  };

  return (
    <div className="field">
      <label htmlFor={CLASS_FIELD_ID}>What is in your pictures?</label>
      <div className="class-field-place">
        <input
          id={CLASS_FIELD_ID}
          className="input"
          type="text"
          role="combobox"
          aria-expanded={shown.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={current ? optionId(active) : undefined}
          value={text}
          placeholder="dog, frisbee, grass"
          autoComplete="off"
          autoCapitalize="none"
          enterKeyHint="done"
          dir="auto"
          aria-describedby="class-names-hint"
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => setOpen(false)}
        />
        <ul
          id={listId}
          role="listbox"
          aria-label="Names with pictograms"
          className="suggestions"
          hidden={shown.length === 0}
        >
          {shown.map((suggestion, at) => (
            <Suggestion
              key={suggestion.name}
              id={optionId(at)}
              suggestion={suggestion}
              active={at === active}
              onChoose={() => choose(suggestion)}
            />
          ))}
        </ul>
      </div>
      <p id="class-names-hint" className="hint">
        {hintFor(text)}
      </p>
    </div>
  );
}
