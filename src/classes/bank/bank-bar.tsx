import { useState } from "react";
import { Group } from "react-aria-components/Group";
import { useAction, usePageState } from "../../actions/app-context.tsx";
import {
  duplicateBank,
  newBank,
  openBankFile,
  removeBank,
  renameBank,
  saveBank,
  switchBank,
} from "../../actions/banks.ts";
import { redo, undoStep } from "../../actions/undo.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Menu, type MenuEntry } from "../../ui/menu.tsx";
import { NameForm } from "./name-form.tsx";

type Asking = "new" | "rename" | "remove" | "open" | null;

/** Which bank it is, what is done with it as a whole, and undo. */
export function BankBar() {
  const banks = usePageState((state) => state.banks);
  const history = usePageState((state) => state.history);
  const [asking, setAsking] = useState<Asking>(null);
  const use = useAction(switchBank);
  const add = useAction(newBank);
  const rename = useAction(renameBank);
  const duplicate = useAction(duplicateBank);
  const remove = useAction(removeBank);
  const save = useAction(saveBank);
  const open = useAction(openBankFile);
  const takeBack = useAction(undoStep);
  const doAgain = useAction(redo);
  if (!banks) return null;
  const { current } = banks;
  const name = banks.banks.find((entry) => entry.id === current)?.name ?? "";
  const close = (): void => setAsking(null);

  const entries: readonly MenuEntry[] = [
    ...banks.banks.map((entry) => ({
      id: entry.id,
      label: entry.id === current ? `${entry.name} (in use)` : entry.name,
      icon: entry.id === current ? ("check" as const) : ("bank" as const),
      onChoose: () => use(entry.id),
    })),
    { id: "new", label: newBank.label, icon: "add", onChoose: () => setAsking("new") },
    { id: "rename", label: renameBank.label, icon: "rename", onChoose: () => setAsking("rename") },
    {
      id: "duplicate",
      label: duplicateBank.label,
      icon: "picture",
      onChoose: () => duplicate({ id: current, name: `${name} copy` }),
    },
    { id: "remove", label: removeBank.label, icon: "trash", danger: true, onChoose: () => setAsking("remove") },
  ];
  return (
    <div className="bank-bar">
      <div className="bank-bar-row">
        <Menu label="Banks" entries={entries}>
          <Button small icon="down">
            Banks
          </Button>
        </Menu>
        <Button small icon="download" onPress={() => save(undefined)}>
          Save as a file
        </Button>
        <Button small icon="add" onPress={() => setAsking(asking === "open" ? null : "open")}>
          Open a file…
        </Button>
        <span className="bank-space" />
        <IconButton
          label={history.undo ? `Undo: ${history.undo.label}` : "Nothing to undo"}
          icon="undo"
          small
          isDisabled={!history.undo}
          onPress={() => takeBack(undefined)}
        />
        <IconButton
          label={history.redo ? `Redo: ${history.redo.label}` : "Nothing to redo"}
          icon="redo"
          small
          isDisabled={!history.redo}
          onPress={() => doAgain(undefined)}
        />
      </div>
      {asking === "new" && (
        <NameForm
          label="Name of the new bank"
          confirm="Make it"
          onCancel={close}
          onName={(text) => (close(), add(text))}
        />
      )}
      {asking === "rename" && (
        <NameForm
          label="Name of this bank"
          initial={name}
          confirm="Rename"
          onCancel={close}
          onName={(text) => (close(), rename({ id: current, name: text }))}
        />
      )}
      {asking === "remove" && (
        <Group className="bank-ask" aria-label="Remove this bank">
          <p>
            <b>{name}</b> is removed with all its classes and references. The message that follows can undo it for as
            long as it is on show: save the bank as a file first if in doubt.
          </p>
          <div className="dialog-actions">
            <Button small onPress={close}>
              Keep it
            </Button>
            <Button small icon="trash" onPress={() => (close(), remove(current))}>
              Remove {name}
            </Button>
          </div>
        </Group>
      )}
      {asking === "open" && (
        <Group className="bank-ask" aria-label="Open a bank’s file">
          <p>
            Put what is in the file into <b>{name}</b>, where classes of the same name are joined, or open it as a bank
            of its own?
          </p>
          <div className="dialog-actions">
            <Button small onPress={() => (close(), open({ into: "current" }))}>
              Into this bank
            </Button>
            <Button small onPress={() => (close(), open({ into: "new" }))}>
              As a new bank
            </Button>
          </div>
        </Group>
      )}
    </div>
  );
}
