import { useEffect, useState } from "react";
import type { Advice, ClassId, ReferenceId } from "../../../workers/contract.ts";
import { useAction, useApp, usePageState } from "../../actions/app-context.tsx";
import { enableReferences, mergeClasses, moveReferences, removeReferences } from "../../actions/edit-bank.ts";
import { report } from "../../store/jobs.ts";
import { Button } from "../../ui/button.tsx";
import { Progress } from "../../ui/progress.tsx";
import { ReferenceImage } from "../reference-image.tsx";

/** More than this nobody goes through at once; what is left comes when these are dealt with. */
const MOST_SHOWN = 60;
const MOST_PICTURES = 8;

const referencesOf = (advice: Advice): readonly ReferenceId[] =>
  advice.kind === "outlier" ? [advice.reference] : advice.references;
const classesOf = (advice: Advice): readonly ClassId[] =>
  advice.kind === "confusion" ? advice.classes : [advice.classId];

interface CardProps {
  readonly advice: Advice;
  readonly nameOf: (id: ClassId) => string;
  readonly onShow: (ids: readonly ClassId[]) => void;
  readonly onDone: () => void;
}

function words(advice: Advice, nameOf: CardProps["nameOf"]): string {
  switch (advice.kind) {
    case "duplicates":
      return `${advice.references.length} references of ${nameOf(advice.classId)} show next to the same: one is enough.`;
    case "outlier": {
      const better = advice.better === null ? "" : ` It is more like ${nameOf(advice.better)}.`;
      return `This reference looks unlike the rest of ${nameOf(advice.classId)}.${better}`;
    }
    case "confusion": {
      const [one, other] = advice.classes.map(nameOf);
      const { references, compared } = advice;
      return `${one} and ${other} attract each other’s references: ${references.length} of ${compared} are more like the other class. Show more examples of both, switch these off, or merge the two.`;
    }
  }
}

/** One finding, in words and pictures, with what can be done about it. */
function Card({ advice, nameOf, onShow, onDone }: CardProps) {
  const enable = useAction(enableReferences);
  const remove = useAction(removeReferences);
  const move = useAction(moveReferences);
  const merge = useAction(mergeClasses);
  const references = referencesOf(advice);
  const doing = (work: () => void) => () => {
    work();
    onDone();
  };
  return (
    <li className="bank-advice">
      <p>{words(advice, nameOf)}</p>
      <div className="bank-advice-pictures">
        {references.slice(0, MOST_PICTURES).map((id) => (
          <ReferenceImage key={id} id={id} alt="" />
        ))}
      </div>
      <div className="bank-advice-tools">
        {advice.kind === "duplicates" && (
          <Button small onPress={doing(() => remove(references.slice(1)))}>
            Keep one
          </Button>
        )}
        {advice.kind === "outlier" && advice.better !== null && (
          <Button small onPress={doing(() => advice.better && move({ references, to: advice.better }))}>
            Move to {nameOf(advice.better)}
          </Button>
        )}
        {advice.kind === "confusion" && (
          <Button small onPress={doing(() => merge({ into: advice.classes[0], from: [advice.classes[1]] }))}>
            Merge into {nameOf(advice.classes[0])}
          </Button>
        )}
        {advice.kind !== "duplicates" && (
          <Button small onPress={doing(() => enable({ references, enabled: false }))}>
            {references.length === 1 ? "Switch it off" : "Switch these off"}
          </Button>
        )}
        <Button small look="quiet" onPress={() => onShow(classesOf(advice))}>
          Show
        </Button>
        <Button small look="quiet" onPress={onDone}>
          It is fine
        </Button>
      </div>
    </li>
  );
}

/** What is worth a look, as the model in use sees the bank. */
export function AdviceView({ onShow }: { readonly onShow: (ids: readonly ClassId[]) => void }) {
  const { engine, store } = useApp();
  const classes = usePageState((state) => state.bank.classes);
  const [found, setFound] = useState<readonly Advice[] | null>(null);

  useEffect(() => {
    const life = new AbortController();
    engine.advice({ signal: life.signal }).then(
      (advice) => life.signal.aborted || setFound(advice),
      (cause: unknown) => {
        if (life.signal.aborted) return;
        report(store, cause);
        setFound([]);
      },
    );
    return () => life.abort();
  }, [engine, store]);

  const names = new Map(classes.map((entry) => [entry.id, entry.name]));
  const alive = new Set(classes.flatMap((entry) => entry.references.map(({ id }) => id)));
  // What was done elsewhere meanwhile takes its advice along.
  const standing = found?.filter(
    (advice) => classesOf(advice).every((id) => names.has(id)) && referencesOf(advice).every((id) => alive.has(id)),
  );
  if (!standing) return <Progress label="Looking through the bank" value={null} />;
  if (standing.length === 0) {
    return (
      <p className="muted bank-hint">
        Nothing stands out: no reference is there twice or looks unlike its class, and no two classes attract each
        other’s references.
      </p>
    );
  }
  return (
    <ul className="bank-advices" aria-label="Advice">
      {standing.slice(0, MOST_SHOWN).map((advice) => (
        <Card
          key={`${advice.kind} ${referencesOf(advice).join(" ")} ${classesOf(advice).join(" ")}`}
          advice={advice}
          nameOf={(id) => names.get(id) ?? ""}
          onShow={onShow}
          onDone={() => setFound((before) => before?.filter((other) => other !== advice) ?? null)}
        />
      ))}
    </ul>
  );
}
