import { useApp, usePageState } from "./actions/app-context.tsx";
import type { Dialog as DialogState } from "./store/view.ts";
import { late, LatePart } from "./ui/late-part.tsx";

// Dialogs do not delay the page.
const AssignDialog = late(async () => (await import("./inspector/assign-dialog.tsx")).AssignDialog);
const BankDialog = late(async () => (await import("./classes/bank/bank-dialog.tsx")).BankDialog);
const ExamplesDialog = late(async () => (await import("./classes/examples-dialog.tsx")).ExamplesDialog);
const ImportDialog = late(async () => (await import("./classes/import-dialog.tsx")).ImportDialog);
const PaletteDialog = late(async () => (await import("./command-dialogs.tsx")).PaletteDialog);
const PhotosDialog = late(async () => (await import("./classes/photos-dialog.tsx")).PhotosDialog);
const PictogramsDialog = late(async () => (await import("./classes/pictograms-dialog.tsx")).PictogramsDialog);
const RenameDialog = late(async () => (await import("./classes/rename-dialog.tsx")).RenameDialog);
const SettingsDialog = late(async () => (await import("./models/settings-dialog.tsx")).SettingsDialog);
const ShortcutsDialog = late(async () => (await import("./command-dialogs.tsx")).ShortcutsDialog);

function OpenDialog({ dialog, onClose }: { readonly dialog: DialogState; readonly onClose: () => void }) {
  switch (dialog.kind) {
    case "palette":
      return <PaletteDialog onClose={onClose} />;
    case "shortcuts":
      return <ShortcutsDialog onClose={onClose} />;
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
  return (
    dialog && (
      <LatePart key={dialog.kind} onFailed={close}>
        <OpenDialog dialog={dialog} onClose={close} />
      </LatePart>
    )
  );
}
