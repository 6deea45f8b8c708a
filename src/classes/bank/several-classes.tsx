import type { ClassId, ClassInfo } from "../../../workers/contract.ts";
import { useAction } from "../../actions/app-context.tsx";
import { mergeClasses } from "../../actions/edit-bank.ts";
import { Button } from "../../ui/button.tsx";

const MOST_SHOWN = 12;

/** Several chosen classes: merged into one of them. */
export function SeveralClasses({
  classes,
  onDone,
}: {
  readonly classes: readonly ClassInfo[];
  readonly onDone: (ids: readonly ClassId[]) => void;
}) {
  const merge = useAction(mergeClasses);
  const ids = classes.map(({ id }) => id);
  const references = classes.reduce((sum, entry) => sum + entry.references.length, 0);
  return (
    <div className="bank-several">
      <h3>{classes.length} classes</h3>
      <p className="muted">Merged, they are one class of {references} references. Which name is to stay?</p>
      <ul className="bank-merge">
        {classes.slice(0, MOST_SHOWN).map((entry) => (
          <li key={entry.id}>
            <Button
              small
              onPress={() => {
                merge({ into: entry.id, from: ids.filter((id) => id !== entry.id) });
                onDone([entry.id]);
              }}
            >
              <span className="swatch" style={{ backgroundColor: entry.colour }} aria-hidden="true" />
              Merge into {entry.name}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
