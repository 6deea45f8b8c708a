import { memo, useState } from "react";
import type { Ref } from "react";
import { ToggleButton } from "react-aria-components/ToggleButton";
import type { ClassInfo, ReferenceInfo } from "../../workers/contract.ts";
import { useAction, usePageState } from "../actions/app-context.tsx";
import { recolourClass } from "../actions/change-class.ts";
import { toggleHidden, toggleSolo } from "../actions/change-overlay.ts";
import { enableReference, removeReference } from "../actions/change-reference.ts";
import { IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icons.tsx";
import { ClassMenu } from "./class-menu.tsx";
import { Credit } from "./credit.tsx";
import { NameNotes, NoReferences } from "./name-notes.tsx";
import { ReferenceImage } from "./reference-image.tsx";
import { Swatch } from "./swatch.tsx";

const SHOWN_WHEN_FOLDED = 5;

function Reference({ reference }: { readonly reference: ReferenceInfo }) {
  const enable = useAction(enableReference);
  const remove = useAction(removeReference);
  const { id, enabled, source, subcategory, attribution } = reference;
  // A pictogram is beside its name: its glyph need not be in it, in a font that may lack it.
  const provenance = source === "pictogram" ? reference.provenance.replace(/^\S+ /u, "") : reference.provenance;
  return (
    <li className="reference">
      <ToggleButton
        className="reference-toggle"
        aria-label={`${provenance}, in use`}
        isSelected={enabled}
        onChange={(next) => enable({ id, enabled: next })}
      >
        <ReferenceImage id={id} alt="" />
        <span className="reference-check">
          <Icon name={enabled ? "check" : "close"} size={14} />
        </span>
      </ToggleButton>
      <span className="reference-name small muted ellipsis" title={provenance}>
        {subcategory !== null && <span className="subcategory">{subcategory}</span>}
        {provenance}
        {attribution && (
          <>
            <br />
            <Credit attribution={attribution} />
          </>
        )}
      </span>
      <IconButton label={`Remove ${provenance}`} icon="trash" small onPress={() => remove(id)} />
    </li>
  );
}

function References({ entry }: { readonly entry: ClassInfo }) {
  const [open, setOpen] = useState(false);
  const { references } = entry;
  if (references.length === 0) return <NoReferences entry={entry} />;
  const inUse = references.filter((reference) => reference.enabled).length;
  const count = inUse === references.length ? `${inUse}` : `${inUse} of ${references.length}`;
  return (
    <>
      <button type="button" className="references-summary" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="references-strip">
          {references.slice(0, SHOWN_WHEN_FOLDED).map((reference) => (
            <span key={reference.id} className={reference.enabled ? "strip-image" : "strip-image off"}>
              <ReferenceImage id={reference.id} alt="" />
            </span>
          ))}
        </span>
        <span className="small muted">
          {count} {references.length === 1 ? "reference" : "references"}
        </span>
        <span className={open ? "fold open" : "fold"}>
          <Icon name="down" size={16} />
        </span>
      </button>
      {open && (
        <ul className="references" aria-label={`References of ${entry.name}`}>
          {references.map((reference) => (
            <Reference key={reference.id} reference={reference} />
          ))}
        </ul>
      )}
    </>
  );
}

interface ClassRowProps {
  readonly entry: ClassInfo;
  /** Share of the picture, in words; empty when there is nothing to say. */
  readonly share: string;
  readonly ref?: Ref<HTMLLIElement>;
}

/**
 * One class of the legend: colour, name, share of the picture, what it is compared with. Rendered again only when one of
 * these changes: a hundred rows at every step of a slider would take longer than all that the engine does for it.
 */
export const ClassRow = memo(function ClassRow({ entry, share, ref }: ClassRowProps) {
  const hidden = usePageState((state) => state.hidden.includes(entry.id));
  const solo = usePageState((state) => state.solo === entry.id);
  const recolour = useAction(recolourClass);
  const toggleHide = useAction(toggleHidden);
  const toggleAlone = useAction(toggleSolo);

  return (
    <li ref={ref} className={hidden ? "class-row hidden-class" : "class-row"} data-drop-class={entry.id}>
      <div className="class-head">
        <Swatch
          label={`Colour of ${entry.name}`}
          colour={entry.colour}
          onChange={(colour) => recolour({ id: entry.id, colour })}
        />
        <span className="class-name ellipsis" title={entry.name} dir="auto">
          {entry.name}
        </span>
        <span className="class-share muted numeric">{share}</span>
        <span className="class-tools">
          <IconButton
            label={solo ? `Show all classes` : `Show ${entry.name} alone`}
            icon="solo"
            small
            active={solo}
            onPress={() => toggleAlone(entry.id)}
          />
          <IconButton
            label={hidden ? `Show ${entry.name}` : `Hide ${entry.name}`}
            icon={hidden ? "eyeOff" : "eye"}
            small
            onPress={() => toggleHide(entry.id)}
          />
          <ClassMenu entry={entry} />
        </span>
      </div>
      <NameNotes entry={entry} />
      <References entry={entry} />
    </li>
  );
});
