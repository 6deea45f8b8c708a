import type { ReactNode } from "react";
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from "react-aria-components/Menu";
import { Icon, type IconName } from "./icons.tsx";

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly icon?: IconName;
  /** #rrggbb, shown as a swatch before the label. */
  readonly colour?: string;
  readonly danger?: boolean;
  readonly onChoose: () => void;
}

export interface MenuProps {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly children: ReactNode;
}

/** What ui/menu.tsx shows once it is fetched. */
export function MenuPart({ label, entries, children }: MenuProps) {
  return (
    <MenuTrigger>
      {children}
      <Popover className="popover" placement="bottom end">
        <AriaMenu className="menu" aria-label={label}>
          {entries.map((entry) => (
            <MenuItem
              key={entry.id}
              id={entry.id}
              textValue={entry.label}
              className={entry.danger ? "menu-item danger" : "menu-item"}
              onAction={entry.onChoose}
            >
              {entry.icon && <Icon name={entry.icon} size={18} />}
              {entry.colour !== undefined && (
                <span className="swatch" style={{ backgroundColor: entry.colour }} aria-hidden="true" />
              )}
              <span className="ellipsis">{entry.label}</span>
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
