import { commands } from "./actions/all-actions.ts";
import { assignNth } from "./actions/assign-region.ts";
import { useApp } from "./actions/app-context.tsx";
import { CommandList } from "./ui/command-list.tsx";
import { Dialog } from "./ui/dialog.tsx";
import { HelpList } from "./ui/help-list.tsx";
import { printedKeys } from "./ui/shortcuts.ts";

const CANVAS_HELP = [
  { label: "Move the picture", keys: "drag" },
  { label: "Zoom at the pointer", keys: "wheel or pinch" },
  { label: "Inspect the next or the previous region of the picture", keys: "N P" },
  { label: "Say that the region is of one of the first nine classes", keys: "1 – 9" },
];

/** Finds a command by its name and runs it. */
export function PaletteDialog({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const entries = commands
    .filter((command) => command.id !== "show-palette" && !assignNth.includes(command) && command.isAvailable(app))
    .map((command) => ({
      id: command.id,
      label: command.label,
      keys: command.shortcut === null ? null : printedKeys(command.shortcut),
      run: () => {
        onClose();
        void command.run(app, undefined);
      },
    }));
  return (
    <Dialog title="Find a command" onClose={onClose}>
      <CommandList commands={entries} />
    </Dialog>
  );
}

/** Which keys do what. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  // The digits are one line of their own.
  const entries = commands.flatMap(({ label, shortcut }) =>
    shortcut === null || /^\d$/.test(shortcut) ? [] : { label, keys: printedKeys(shortcut) },
  );
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, and holds nothing else to focus */}
      <section className="dialog-body" tabIndex={0} aria-label="Shortcuts">
        <HelpList entries={[...entries, ...CANVAS_HELP]} />
      </section>
    </Dialog>
  );
}
