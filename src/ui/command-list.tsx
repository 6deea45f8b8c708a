import { useState } from "react";
import { Autocomplete } from "react-aria-components/Autocomplete";
import { Menu, MenuItem } from "react-aria-components/Menu";
import { Input, TextField } from "react-aria-components/TextField";

interface Command {
  readonly id: string;
  readonly label: string;
  /** Keys as printed on the keyboard. */
  readonly keys: string | null;
  /** #rrggbb, shown as a swatch before the label. */
  readonly colour?: string;
  readonly run: () => void;
}

interface CommandListProps {
  readonly commands: readonly Command[];
  /** What is searched for, for screen readers and in the empty field. */
  readonly label?: string;
  readonly listLabel?: string;
  readonly placeholder?: string;
  /** A command made of what was typed; null: none. */
  readonly typed?: (text: string) => Command | null;
}

/** Whether every word of the query is somewhere in the label. */
function matches(label: string, query: string): boolean {
  const text = label.toLocaleLowerCase();
  return query
    .toLocaleLowerCase()
    .split(/\s+/u)
    .every((word) => text.includes(word));
}

/** A search field over a list of commands: arrows choose, Enter runs. */
export function CommandList({
  commands,
  label = "Command",
  listLabel = "Commands",
  placeholder = "What would you like to do?",
  typed,
}: CommandListProps) {
  const [text, setText] = useState("");
  const made = text.trim() === "" ? null : (typed?.(text.trim()) ?? null);
  return (
    <div className="command-list">
      <Autocomplete filter={matches} inputValue={text} onInputChange={setText}>
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the palette was opened to type here */}
        <TextField aria-label={label} autoFocus>
          <Input className="input" placeholder={placeholder} />
        </TextField>
        <Menu
          className="menu"
          aria-label={listLabel}
          renderEmptyState={() => <p className="muted command-none">Nothing is called that.</p>}
        >
          {[...commands, ...(made ? [made] : [])].map((command) => (
            <MenuItem
              key={command.id}
              id={command.id}
              textValue={command.label}
              className="menu-item command"
              onAction={command.run}
            >
              <span className="command-label">
                {command.colour !== undefined && (
                  <span className="swatch" style={{ backgroundColor: command.colour }} aria-hidden="true" />
                )}
                <span className="ellipsis" dir="auto">
                  {command.label}
                </span>
              </span>
              {command.keys !== null && <kbd>{command.keys}</kbd>}
            </MenuItem>
          ))}
        </Menu>
      </Autocomplete>
    </div>
  );
}
