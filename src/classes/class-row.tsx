import { useState } from "react";
import { ToggleButton } from "react-aria-components/ToggleButton";
import type { ClassInfo, ReferenceInfo } from "../../workers/contract.ts";
import { addExamples } from "../actions/add-example.ts";
import { useAction, usePageState } from "../actions/app-context.tsx";
import { recolourClass, removeClass } from "../actions/change-class.ts";
import { toggleHidden, toggleSolo } from "../actions/change-overlay.ts";
import { enableReference, removeReference } from "../actions/change-reference.ts";
import { percent } from "../store/words.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icons.tsx";
import { Menu } from "../ui/menu.tsx";
import { ReferenceImage } from "./reference-image.tsx";
import { Swatch } from "./swatch.tsx";

const SHOWN_WHEN_FOLDED = 5;

function Reference({ reference }: { readonly reference: ReferenceInfo }) {
  const enable = useAction(enableReference);
  const remove = useAction(removeReference);
  const { id, enabled, provenance } = reference;
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
        {provenance}
      </span>
      <IconButton label={`Remove ${provenance}`} icon="trash" small onPress={() => remove(id)} />
    </li>
  );
}

function References({ entry }: { readonly entry: ClassInfo }) {
  const [open, setOpen] = useState(false);
  const show = useAction(addExamples);
  const { references } = entry;
  if (references.length === 0) {
    return (
      <div className="class-note">
        <p className="small muted">No pictogram is known by this name, so nothing can be found yet.</p>
        <Button small icon="example" onPress={() => show({ classId: entry.id })}>
          Show examples
        </Button>
      </div>
    );
  }
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

/** One class of the legend: colour, name, share of the picture, what it is compared with. */
export function ClassRow({ entry, share }: { readonly entry: ClassInfo; readonly share: number | null }) {
  const hidden = usePageState((state) => state.hidden.includes(entry.id));
  const solo = usePageState((state) => state.solo === entry.id);
  const openDialog = usePageState((state) => state.openDialog);
  const recolour = useAction(recolourClass);
  const toggleHide = useAction(toggleHidden);
  const toggleAlone = useAction(toggleSolo);
  const remove = useAction(removeClass);
  const show = useAction(addExamples);

  return (
    <li className={hidden ? "class-row hidden-class" : "class-row"} data-drop-class={entry.id}>
      <div className="class-head">
        <Swatch
          label={`Colour of ${entry.name}`}
          colour={entry.colour}
          onChange={(colour) => recolour({ id: entry.id, colour })}
        />
        <span className="class-name ellipsis" title={entry.name} dir="auto">
          {entry.name}
        </span>
        <span className="class-share muted numeric">{share === null ? "" : percent(share)}</span>
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
          <Menu
            label={`More for ${entry.name}`}
            entries={[
              {
                id: "examples",
                label: addExamples.label,
                icon: "example",
                onChoose: () => show({ classId: entry.id }),
              },
              {
                id: "rename",
                label: "Rename…",
                icon: "settings",
                onChoose: () => openDialog({ kind: "rename", classId: entry.id }),
              },
              { id: "remove", label: removeClass.label, icon: "trash", danger: true, onChoose: () => remove(entry.id) },
            ]}
          >
            <IconButton label={`More for ${entry.name}`} icon="more" small />
          </Menu>
        </span>
      </div>
      <References entry={entry} />
    </li>
  );
}
