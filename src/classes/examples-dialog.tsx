import { useRef, useState } from "react";
import type { ExampleTarget } from "../../workers/contract.ts";
import { confirmExample, skipExample } from "../actions/add-example.ts";
import { useApp, usePageState } from "../actions/app-context.tsx";
import { ProposalPicker } from "../canvas/proposal-picker.tsx";
import { findClass } from "../store/classes.ts";
import { adviceFor } from "../store/failure.ts";
import type { PendingExample } from "../store/view.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Progress } from "../ui/progress.tsx";
import { useProposals } from "./use-proposals.ts";

interface ExampleProps {
  readonly example: PendingExample;
  readonly busy: boolean;
  readonly onTarget: (target: ExampleTarget) => void;
}

/** One example picture: its object is pointed at, or the picture is skipped. */
function Example({ example, busy, onTarget }: ExampleProps) {
  const app = useApp();
  const { info, url, choices, busy: looking, failure, ask } = useProposals(example.source);
  return (
    <>
      {info ? (
        <ProposalPicker
          picture={{ url, name: example.source.name, width: info.width, height: info.height }}
          choices={choices}
          busy={looking || busy}
          confirmLabel="Use as example"
          onPoint={ask}
          onConfirm={({ proposal }) => onTarget({ kind: "proposal", proposal })}
        />
      ) : (
        !failure && <Progress label="Opening the picture" value={null} />
      )}
      <output className="examples-note muted small">
        {info && !failure && looking && "Looking for the object…"}
        {busy && "Learning from it…"}
      </output>
      {failure && (
        <div role="alert">
          <p>{failure.message}</p>
          <p className="muted small">{adviceFor(failure)}</p>
        </div>
      )}
      <div className="dialog-actions centred">
        <Button look="quiet" isDisabled={busy} onPress={() => void skipExample.run(app, undefined)}>
          Skip this picture
        </Button>
        <Button look="quiet" isDisabled={busy || !info} onPress={() => onTarget({ kind: "whole" })}>
          Use the whole picture
        </Button>
      </div>
    </>
  );
}

/** Shows example pictures one after another, and asks for a name first when they begin a new class. */
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
  const [nameMissing, setNameMissing] = useState(false);
  const nameField = useRef<HTMLInputElement>(null);
  if (!example) return null;
  const needsName = example.classId === null;

  const confirm = async (target: ExampleTarget): Promise<void> => {
    if (needsName && name.trim() === "") {
      setNameMissing(true);
      nameField.current?.focus();
      return;
    }
    setBusy(true);
    await confirmExample.run(app, { target, newName: name.trim() });
    setBusy(false);
  };

  return (
    <Dialog wide title={owner ? `Examples of ${owner.name}` : "A new class from examples"} onClose={onClose}>
      <div className="dialog-body examples">
        {needsName && (
          <div className="field">
            <label htmlFor="new-class-name">What does it show?</label>
            <input
              ref={nameField}
              id="new-class-name"
              className="input"
              value={name}
              dir="auto"
              placeholder="A name for the class"
              aria-invalid={nameMissing}
              aria-describedby="new-class-note"
              // oxlint-disable-next-line jsx-a11y/no-autofocus -- naming comes first in this dialog
              autoFocus
              onChange={(event) => {
                setName(event.target.value);
                setNameMissing(false);
              }}
            />
            <p id="new-class-note" className={nameMissing ? "hint danger" : "hint"}>
              {nameMissing ? "Give it a name first." : "Its pictograms, if there are any, are added too."}
            </p>
          </div>
        )}
        <p className="muted small">
          {total > 1 && `Picture ${total - pending.length + 1} of ${total}: `}
          <bdi>{example.source.name}</bdi>. Click the object; the wheel makes the region larger or smaller.
        </p>
        <Example key={example.source.id} example={example} busy={busy} onTarget={(target) => void confirm(target)} />
      </div>
    </Dialog>
  );
}
