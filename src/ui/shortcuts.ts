import { useEffect, useRef } from "react";
import { tinykeys } from "tinykeys";

export interface Shortcut {
  /** As tinykeys reads it. */
  readonly keys: string;
  /** Returns whether it did anything: if not, the browser has the keys. */
  readonly run: () => boolean;
}

const TYPED_INTO =
  "input:not([type=range]):not([type=color]):not([type=checkbox]), textarea, select, [contenteditable=true]";

/** Typing is never a shortcut, except with Control or Command held; nor is anything behind a dialog. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (document.querySelector("[role=dialog], [role=menu]")) return true;
  return target?.closest(TYPED_INTO) !== null && target !== null && !(event.ctrlKey || event.metaKey);
}

/** Listens for the shortcuts as long as the component lives. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  const bindings = shortcuts.map((shortcut) => shortcut.keys).join(" ; ");
  useEffect(() => {
    const handle = (keys: string) => (event: KeyboardEvent) => {
      if (isTaken(event)) return;
      if (latest.current.find((shortcut) => shortcut.keys === keys)?.run()) event.preventDefault();
    };
    return tinykeys(window, Object.fromEntries(bindings.split(" ; ").map((keys) => [keys, handle(keys)])), {});
  }, [bindings]);
}

const MAC = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);
const PRINTED: Readonly<Record<string, string>> = { $mod: MAC ? "⌘" : "Ctrl", Delete: "Del" };

/** Keys as they are printed on this person's keyboard. */
export function printedKeys(keys: string): string {
  // "Shift+?" is simply "?" on a key cap, and "+" alone is no separator.
  if (keys.startsWith("Shift+") && keys.length === "Shift+".length + 1) return keys.slice(-1);
  if (keys === "+") return keys;
  return keys
    .split("+")
    .map((key) => PRINTED[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(" ");
}
