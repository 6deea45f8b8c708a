import { lazy } from "react";
import { ADVICE } from "../workers/contract.ts";
import { commands } from "./actions/all-actions.ts";
import { assignNth } from "./actions/assign-region.ts";
import { useApp, usePageState } from "./actions/app-context.tsx";
import { RenameDialog } from "./classes/rename-dialog.tsx";
import type { Dialog as DialogState } from "./store/view.ts";
import { Dialog } from "./ui/dialog.tsx";
import { HelpList } from "./ui/help-list.tsx";
import { LatePart } from "./ui/late-part.tsx";
import { printedKeys } from "./ui/shortcuts.ts";

// Dialogs that few open do not delay the page.
const ExamplesDialog = lazy(async () => ({ default: (await import("./classes/examples-dialog.tsx")).ExamplesDialog }));
const ImportDialog = lazy(async () => ({ default: (await import("./classes/import-dialog.tsx")).ImportDialog }));
const BankDialog = lazy(async () => ({ default: (await import("./classes/bank/bank-dialog.tsx")).BankDialog }));
const PictogramsDialog = lazy(async () => ({
  default: (await import("./classes/pictograms-dialog.tsx")).PictogramsDialog,
}));

const AssignDialog = lazy(async () => ({ default: (await import("./inspector/assign-dialog.tsx")).AssignDialog }));
const CommandList = lazy(async () => ({ default: (await import("./ui/command-list.tsx")).CommandList }));
const SettingsDialog = lazy(async () => ({ default: (await import("./models/settings-dialog.tsx")).SettingsDialog }));
const PhotosDialog = lazy(async () => ({ default: (await import("./classes/photos-dialog.tsx")).PhotosDialog }));

const CANVAS_HELP = [
  { label: "Move the picture", keys: "drag" },
  { label: "Zoom at the pointer", keys: "wheel or pinch" },
  { label: "Inspect the next or the previous region of the picture", keys: "N P" },
  { label: "Say that the region is of one of the first nine classes", keys: "1 – 9" },
];

function Palette({ onClose }: { readonly onClose: () => void }) {
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

function Shortcuts({ onClose }: { readonly onClose: () => void }) {
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

function OpenDialog({ dialog, onClose }: { readonly dialog: DialogState; readonly onClose: () => void }) {
  switch (dialog.kind) {
    case "palette":
      return <Palette onClose={onClose} />;
    case "shortcuts":
      return <Shortcuts onClose={onClose} />;
    case "settings":
      return <SettingsDialog onClose={onClose} />;
    case "assign":
      return <AssignDialog region={dialog.region} onClose={onClose} />;
    case "bank":
      return <BankDialog classId={dialog.classId} onClose={onClose} />;
    case "import":
      return <ImportDialog files={dialog.files} report={dialog.report} onClose={onClose} />;
    case "rename":
      return <RenameDialog classId={dialog.classId} onClose={onClose} />;
    case "pictograms":
      return <PictogramsDialog {...dialog} onClose={onClose} />;
    case "photos":
      return <PhotosDialog {...dialog} onClose={onClose} />;
    case "examples":
      return <ExamplesDialog pending={dialog.pending} total={dialog.total} onClose={onClose} />;
  }
}

/** Whichever dialog is open. */
export function Dialogs() {
  const { store } = useApp();
  const dialog = usePageState((state) => state.dialog);
  const close = (): void => store.getState().openDialog(null);
  const failed = (): void => {
    close();
    const message = "This dialog could not be fetched.";
    store.getState().notify({ kind: "error", message, advice: ADVICE["app-file-missing"] });
  };
  return (
    dialog && (
      <LatePart key={dialog.kind} onFailed={failed}>
        <OpenDialog dialog={dialog} onClose={close} />
      </LatePart>
    )
  );
}
