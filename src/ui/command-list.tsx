import { Autocomplete } from "react-aria-components/Autocomplete";
import { Menu, MenuItem } from "react-aria-components/Menu";
import { Input, TextField } from "react-aria-components/TextField";

interface Command {
  readonly id: string;
  readonly label: string;
  /** Keys as printed on the keyboard. */
  readonly keys: string | null;
  readonly run: () => void;
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
export function CommandList({ commands }: { readonly commands: readonly Command[] }) {
  return (
    <div className="command-list">
      <Autocomplete filter={matches}>
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the palette was opened to type here */}
        <TextField aria-label="Command" autoFocus>
          <Input className="input" placeholder="What would you like to do?" />
        </TextField>
        <Menu
          className="menu"
          aria-label="Commands"
          renderEmptyState={() => <p className="muted command-none">Nothing is called that.</p>}
        >
          {commands.map((command) => (
            <MenuItem
              key={command.id}
              id={command.id}
              textValue={command.label}
              className="menu-item command"
              onAction={command.run}
            >
              <span>{command.label}</span>
              {command.keys !== null && <kbd>{command.keys}</kbd>}
            </MenuItem>
          ))}
        </Menu>
      </Autocomplete>
    </div>
  );
}
