import { useRef, useState } from "react";
import type { ExampleTarget, Localised, Progress as EngineProgress } from "../../workers/contract.ts";
import { confirmAllExamples, confirmExample, skipExample } from "../actions/add-example.ts";
import { useApp, usePageState } from "../actions/app-context.tsx";
import { ProposalPicker } from "../canvas/proposal-picker.tsx";
import { findClass } from "../store/classes.ts";
import { adviceFor } from "../store/failure.ts";
import type { PendingExample } from "../store/view.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Progress } from "../ui/progress.tsx";
import { useConsensus } from "./use-consensus.ts";
import { useExampleRegion } from "./use-example-region.ts";

interface ExampleProps {
  readonly example: PendingExample;
  readonly proposed: Localised | null;
  readonly looking: EngineProgress | null;
  readonly busy: boolean;
  readonly onTarget: (target: ExampleTarget) => void;
}

function lookingWords(looking: EngineProgress | null): string {
  if (!looking || looking.total < 2) return "Looking for the object…";
  return `Looking for what the pictures have in common, ${looking.done + 1} of ${looking.total}…`;
}

/** One example picture: what it shows is proposed, and corrected if need be, or the picture is skipped. */
function Example({ example, proposed, looking, busy, onTarget }: ExampleProps) {
  const app = useApp();
  const region = useExampleRegion(example.source, proposed);
  const { info, url, failure, target } = region;
  return (
    <>
      {info ? (
        <ProposalPicker
          picture={{ url, name: example.source.name, width: info.width, height: info.height }}
          shown={region.shown}
          place={region.place}
          marks={region.marks}
          busy={region.busy || busy}
          confirmLabel="Use as example"
          onConfirm={target && !region.busy && !busy ? () => onTarget(target) : null}
          onWish={region.obey}
        />
      ) : (
        !failure && <Progress label="Opening the picture" value={null} />
      )}
      <output className="examples-note muted small">
        {info && !failure && region.busy && lookingWords(looking)}
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
  const { found, progress } = useConsensus(pending);
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [nameMissing, setNameMissing] = useState(false);
  const nameField = useRef<HTMLInputElement>(null);
  if (!example) return null;
  const needsName = example.classId === null;
  const proposals = new Map(
    pending.flatMap(({ source: { id } }) => {
      const choice = found.get(id)?.choice;
      return choice ? [[id, choice.proposal] as const] : [];
    }),
  );

  const named = (work: (newName: string) => Promise<void> | void) => async (): Promise<void> => {
    if (needsName && name.trim() === "") {
      setNameMissing(true);
      nameField.current?.focus();
      return;
    }
    setBusy(true);
    await work(name.trim());
    setBusy(false);
  };
  const confirm = (target: ExampleTarget) => named((newName) => confirmExample.run(app, { target, newName }));
  const confirmAll = named((newName) => confirmAllExamples.run(app, { proposals, newName }));

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
        <div className="examples-which">
          <p className="muted small">
            {total > 1 && `Picture ${total - pending.length + 1} of ${total}: `}
            <bdi>{example.source.name}</bdi>. Click the object, or draw a box around it; the wheel makes the region
            larger or smaller.
          </p>
          {pending.length > 1 && (
            <Button small isDisabled={busy || proposals.size < pending.length} onPress={() => void confirmAll()}>
              {`Use all ${pending.length} as proposed`}
            </Button>
          )}
        </div>
        <Example
          key={example.source.id}
          example={example}
          proposed={found.get(example.source.id) ?? null}
          looking={progress}
          busy={busy}
          onTarget={(target) => void confirm(target)()}
        />
      </div>
    </Dialog>
  );
}
