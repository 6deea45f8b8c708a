import { useState } from "react";
import type { KeyboardEvent } from "react";
import { addClasses } from "../actions/add-classes.ts";
import { useAction } from "../actions/app-context.tsx";
import { CLASS_FIELD_ID } from "../actions/browser-page.ts";

/** Where class names are typed: a comma or Enter adds them. */
export function ClassField() {
  const [text, setText] = useState("");
  const add = useAction(addClasses);

  const type = (next: string): void => {
    const cut = Math.max(next.lastIndexOf(","), next.lastIndexOf(";"), next.lastIndexOf("\n"));
    if (cut >= 0) add({ text: next.slice(0, cut) });
    setText(next.slice(cut + 1).trimStart());
  };
  const finish = (): void => {
    if (text.trim() !== "") add({ text });
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // Enter also ends an input method's composition; only a free-standing one adds.
    if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      finish();
    }
  };

  return (
    <div className="field">
      <label htmlFor={CLASS_FIELD_ID}>What is in your pictures?</label>
      <input
        id={CLASS_FIELD_ID}
        className="input"
        type="text"
        value={text}
        placeholder="dog, frisbee, grass"
        autoComplete="off"
        autoCapitalize="none"
        enterKeyHint="done"
        dir="auto"
        aria-describedby="class-names-hint"
        onChange={(event) => type(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={finish}
      />
      <p id="class-names-hint" className="hint">
        Comma or Enter adds.
      </p>
    </div>
  );
}
