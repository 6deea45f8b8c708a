import { lazy } from "react";
import { ADVICE } from "../workers/contract.ts";
import { commands } from "./actions/all-actions.ts";
import { assignNth } from "./actions/assign-region.ts";
import { useApp, usePageState } from "./actions/app-context.tsx";
import { RenameDialog } from "./classes/rename-dialog.tsx";
import { AssignDialog } from "./inspector/assign-dialog.tsx";
import { CommandList } from "./ui/command-list.tsx";
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
      <div className="dialog-body">
        <HelpList entries={[...entries, ...CANVAS_HELP]} />
      </div>
    </Dialog>
  );
}

/** Whichever dialog is open. */
export function Dialogs() {
  const dialog = usePageState((state) => state.dialog);
  const open = usePageState((state) => state.openDialog);
  const close = (): void => open(null);
  const notify = usePageState((state) => state.notify);
  const failed = (): void => {
    close();
    notify({ kind: "error", message: "This dialog could not be fetched.", advice: ADVICE["app-file-missing"] });
  };
  switch (dialog?.kind) {
    case "palette":
      return <Palette onClose={close} />;
    case "shortcuts":
      return <Shortcuts onClose={close} />;
    case "settings":
      return (
        <LatePart onFailed={failed}>
          <SettingsDialog onClose={close} />
        </LatePart>
      );
    case "assign":
      return <AssignDialog region={dialog.region} onClose={close} />;
    case "bank":
      return (
        <LatePart onFailed={failed}>
          <BankDialog classId={dialog.classId} onClose={close} />
        </LatePart>
      );
    case "import":
      return (
        <LatePart onFailed={failed}>
          <ImportDialog files={dialog.files} report={dialog.report} onClose={close} />
        </LatePart>
      );
    case "rename":
      return <RenameDialog classId={dialog.classId} onClose={close} />;
    case "pictograms":
      return (
        <LatePart onFailed={failed}>
          <PictogramsDialog {...dialog} onClose={close} />
        </LatePart>
      );
    case "photos":
      return (
        <LatePart onFailed={failed}>
          <PhotosDialog {...dialog} onClose={close} />
        </LatePart>
      );
    case "examples":
      return (
        <LatePart onFailed={failed}>
          <ExamplesDialog pending={dialog.pending} total={dialog.total} onClose={close} />
        </LatePart>
      );
    case undefined:
      return null;
  }
}
