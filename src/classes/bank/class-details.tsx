import { useState } from "react";
import { GridList, GridListItem } from "react-aria-components/GridList";
import { useDragAndDrop } from "react-aria-components/useDragAndDrop";
import { GridLayout, Size, Virtualizer } from "react-aria-components/Virtualizer";
import type { ClassInfo, ReferenceId, ReferenceInfo, ReferenceSource } from "../../../workers/contract.ts";
import { useAction, usePageState } from "../../actions/app-context.tsx";
import { recolourClass, removeClass, renameClass } from "../../actions/change-class.ts";
import { enableReferences, putIntoClass, removeReferences } from "../../actions/edit-bank.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Icon } from "../../ui/icons.tsx";
import { ReferenceImage } from "../reference-image.tsx";
import { Swatch } from "../swatch.tsx";
import { DRAGGED } from "./class-list.tsx";
import { NameForm } from "./name-form.tsx";
import { ReferenceDetails } from "./reference-details.tsx";
import { SOURCE_WORDS } from "./sources.ts";

const TILE = new Size(104, 128);
const GAP = new Size(8, 8);
const SOURCES = Object.keys(SOURCE_WORDS).filter((key): key is ReferenceSource => key in SOURCE_WORDS);

function Tile({ reference }: { readonly reference: ReferenceInfo }) {
  const { id, enabled, provenance, subcategory } = reference;
  return (
    <GridListItem
      id={id}
      textValue={provenance}
      className={enabled ? "bank-tile" : "bank-tile off"}
      aria-label={`${provenance}${enabled ? "" : ", switched off"}`}
    >
      <ReferenceImage id={id} alt="" />
      <span className="small ellipsis" dir="auto">
        {subcategory ?? provenance}
      </span>
      {!enabled && (
        <span className="bank-tile-off">
          <Icon name="eyeOff" size={14} />
        </span>
      )}
    </GridListItem>
  );
}

/** What is done with the chosen references. */
function Tools({ chosen, onDone }: { readonly chosen: readonly ReferenceInfo[]; readonly onDone: () => void }) {
  const classes = usePageState((state) => state.bank.classes);
  const [moving, setMoving] = useState(false);
  const enable = useAction(enableReferences);
  const remove = useAction(removeReferences);
  const put = useAction(putIntoClass);
  const references = chosen.map(({ id }) => id);
  const anyOff = chosen.some(({ enabled }) => !enabled);
  return (
    <>
      <div className="bank-tools" role="toolbar" aria-label="Chosen references">
        <span className="small muted">{chosen.length} chosen</span>
        <Button small icon={anyOff ? "eye" : "eyeOff"} onPress={() => enable({ references, enabled: anyOff })}>
          {anyOff ? "Switch on" : "Switch off"}
        </Button>
        <Button small icon="bank" onPress={() => setMoving(!moving)}>
          Move to a class…
        </Button>
        <Button
          small
          icon="trash"
          onPress={() => {
            remove(references);
            onDone();
          }}
        >
          Remove
        </Button>
      </div>
      {moving && (
        <NameForm
          label="To the class called (a new name makes a new class)"
          confirm="Move"
          suggestions={classes.map(({ name }) => name)}
          onCancel={() => setMoving(false)}
          onName={(name) => {
            setMoving(false);
            put({ references, name });
            onDone();
          }}
        />
      )}
    </>
  );
}

/** One class: its name and colour, its references as pictures, and the chosen one in full. */
export function ClassDetails({ entry, onBack }: { readonly entry: ClassInfo; readonly onBack: () => void }) {
  const [chosen, setChosen] = useState<ReadonlySet<ReferenceId>>(new Set());
  const [source, setSource] = useState<ReferenceSource | "all">("all");
  const [renaming, setRenaming] = useState(false);
  const recolour = useAction(recolourClass);
  const rename = useAction(renameClass);
  const remove = useAction(removeClass);
  const references = entry.references.filter((one) => source === "all" || one.source === source);
  const selected = references.filter(({ id }) => chosen.has(id));
  const present = SOURCES.filter((one) => entry.references.some((reference) => reference.source === one));

  const { dragAndDropHooks } = useDragAndDrop<ReferenceInfo>({
    getItems: (keys) => [...keys].map((key) => ({ [DRAGGED]: String(key) })),
    getAllowedDropOperations: () => ["move"],
  });

  return (
    <section className="bank-class" aria-label={entry.name}>
      <div className="bank-class-head">
        <span className="bank-back">
          <IconButton label="Back to the list" icon="back" small onPress={onBack} />
        </span>
        <Swatch
          label={`Colour of ${entry.name}`}
          colour={entry.colour}
          onChange={(colour) => recolour({ id: entry.id, colour })}
        />
        <h3 className="ellipsis" dir="auto">
          {entry.name}
        </h3>
        <IconButton label={`Rename ${entry.name}`} icon="rename" small onPress={() => setRenaming(!renaming)} />
        <IconButton label={`Remove ${entry.name}`} icon="trash" small onPress={() => remove(entry.id)} />
        <span className="bank-space" />
        {present.length > 1 && (
          <select
            className="input"
            aria-label="Source of the references"
            value={source}
            onChange={({ target }) => setSource(present.find((one) => one === target.value) ?? "all")}
          >
            <option value="all">All {entry.references.length}</option>
            {present.map((one) => (
              <option key={one} value={one}>
                {SOURCE_WORDS[one]}
              </option>
            ))}
          </select>
        )}
      </div>
      {renaming && (
        <NameForm
          label="Name of the class"
          initial={entry.name}
          confirm="Rename"
          onCancel={() => setRenaming(false)}
          onName={(name) => {
            setRenaming(false);
            rename({ id: entry.id, name });
          }}
        />
      )}
      {selected.length > 0 && <Tools chosen={selected} onDone={() => setChosen(new Set())} />}
      <Virtualizer layout={GridLayout} layoutOptions={{ minItemSize: TILE, maxItemSize: TILE, minSpace: GAP }}>
        <GridList
          aria-label={`References of ${entry.name}`}
          className="bank-tiles"
          layout="grid"
          items={references}
          selectionMode="multiple"
          selectionBehavior="replace"
          selectedKeys={chosen}
          onSelectionChange={(keys) =>
            setChosen(new Set(references.filter(({ id }) => keys === "all" || keys.has(id)).map(({ id }) => id)))
          }
          dragAndDropHooks={dragAndDropHooks}
          renderEmptyState={() => (
            <p className="muted bank-hint">
              It has no reference yet: show examples from the class’s menu in the panel.
            </p>
          )}
        >
          {(reference) => <Tile reference={reference} />}
        </GridList>
      </Virtualizer>
      {selected.length === 1 && selected[0] && <ReferenceDetails key={selected[0].id} reference={selected[0]} />}
    </section>
  );
}
