import { useState } from "react";
import type { ExampleTarget } from "../../workers/contract.ts";
import { confirmExample, skipExample } from "../actions/add-example.ts";
import { useApp, usePageState } from "../actions/app-context.tsx";
import { findClass } from "../store/classes.ts";
import type { PendingExample } from "../store/view.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";

/** Shows example pictures one after another: the object is pointed at in each. */
export function ExamplesDialog({
  pending,
  total,
  onClose,
}: {
  readonly pending: readonly PendingExample[];
  readonly total: number;
  readonly onClose: () => void;
}) {
  const app = useApp();
  const example = pending[0];
  const owner = usePageState((state) => findClass(state, example?.classId ?? null));
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [target, setTarget] = useState<ExampleTarget | null>(null);
  if (!example) return null;
  const needsName = example.classId === null;

  const confirm = async (chosen: ExampleTarget): Promise<void> => {
    setBusy(true);
    await confirmExample.run(app, { target: chosen, newName: name });
    setTarget(null);
    setBusy(false);
  };

  return (
    <Dialog wide title={owner ? `Examples of ${owner.name}` : "A new class from examples"} onClose={onClose}>
      <div className="dialog-body">
        {needsName && (
          <div className="field">
            <label htmlFor="new-class-name">What is it?</label>
            <input
              id="new-class-name"
              className="input"
              value={name}
              dir="auto"
              placeholder="A name for the class"
              // oxlint-disable-next-line jsx-a11y/no-autofocus -- naming comes first in this dialog
              autoFocus
              onChange={(event) => setName(event.target.value)}
            />
          </div>
        )}
        <div className="dialog-actions">
          <span className="muted small examples-count">
            {total > 1 ? `Picture ${total - pending.length + 1} of ${total}: ` : ""}
            {example.source.name}
          </span>
          <Button isDisabled={busy} onPress={() => void skipExample.run(app, undefined)}>
            Skip
          </Button>
          <Button
            isDisabled={busy || (needsName && name.trim() === "")}
            onPress={() => void confirm({ kind: "whole" })}
          >
            The whole picture
          </Button>
          <Button
            look="primary"
            isDisabled={busy || target === null || (needsName && name.trim() === "")}
            onPress={() => target && void confirm(target)}
          >
            Use as example
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
