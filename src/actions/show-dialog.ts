import type { Dialog } from "../store/view.ts";
import type { Action } from "./action.ts";

const opening = (id: string, label: string, shortcut: string | null, dialog: Dialog): Action => ({
  id,
  label,
  shortcut,
  isAvailable: () => true,
  run: ({ store }) => store.getState().openDialog(dialog),
});

export const showPalette = opening("show-palette", "Find a command…", "$mod+k", { kind: "palette" });
export const showShortcuts = opening("show-shortcuts", "Keyboard shortcuts", "Shift+?", { kind: "shortcuts" });
export const showBank = opening("show-bank", "Bank: classes and references", "b", { kind: "bank", classId: null });
export const showSettings = opening("show-settings", "Models and settings", "$mod+,", { kind: "settings" });
