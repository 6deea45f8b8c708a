import { late, LatePart } from "./late-part.tsx";
import type { MenuProps } from "./menu-part.tsx";

export type { MenuEntry } from "./menu-part.tsx";

const MenuPart = late(async () => (await import("./menu-part.tsx")).MenuPart);

/** A button, given as `children`, with a menu of entries. */
export function Menu(props: MenuProps) {
  // The button is in its place from the beginning, and can be pressed when there is a menu to open.
  const button = (
    <span className="not-yet" inert>
      {props.children}
    </span>
  );
  return (
    <LatePart fallback={button}>
      <MenuPart {...props} />
    </LatePart>
  );
}
