import { useState } from "react";
import type { ClassId } from "../../workers/contract.ts";
import { useAction, usePageState } from "../actions/app-context.tsx";
import { renameClass } from "../actions/change-class.ts";
import { findClass } from "../store/classes.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";

export function RenameDialog({ classId, onClose }: { readonly classId: ClassId; readonly onClose: () => void }) {
  const entry = usePageState((state) => findClass(state, classId));
  const [name, setName] = useState(entry?.name ?? "");
  const rename = useAction(renameClass);
  const submit = (): void => {
    if (name.trim() !== "" && name !== entry?.name) rename({ id: classId, name: name.trim() });
    onClose();
  };
  return (
    <Dialog title="Rename class" onClose={onClose}>
      <form
        className="dialog-body"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className="field">
          <label htmlFor="class-name">Name</label>
          <input
            id="class-name"
            className="input"
            value={name}
            dir="auto"
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the dialog was opened to type here
            autoFocus
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <div className="dialog-actions">
          <Button onPress={onClose}>Cancel</Button>
          <Button look="primary" type="submit">
            Rename
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
