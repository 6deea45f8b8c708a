import { useId, useState } from "react";
import { Button } from "../../ui/button.tsx";

const NONE: readonly string[] = [];

/** Asks for a name, in place. */
export function NameForm({
  label,
  initial = "",
  confirm,
  suggestions = NONE,
  onName,
  onCancel,
}: {
  readonly label: string;
  readonly initial?: string;
  readonly confirm: string;
  readonly suggestions?: readonly string[];
  readonly onName: (name: string) => void;
  readonly onCancel: () => void;
}) {
  const id = useId();
  const [name, setName] = useState(initial);
  return (
    <form
      className="bank-ask name-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") onName(name.trim());
      }}
    >
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input"
        value={name}
        dir="auto"
        autoComplete="off"
        list={suggestions.length > 0 ? `${id}-list` : undefined}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- it was asked for to type here
        autoFocus
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          // Escape leaves this question, not the whole dialog.
          if (event.key !== "Escape") return;
          event.stopPropagation();
          onCancel();
        }}
      />
      {suggestions.length > 0 && (
        <datalist id={`${id}-list`}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion}>
              {suggestion}
            </option>
          ))}
        </datalist>
      )}
      <Button small onPress={onCancel}>
        Cancel
      </Button>
      <Button small look="primary" type="submit" isDisabled={name.trim() === ""}>
        {confirm}
      </Button>
    </form>
  );
}
