import { useMemo, useState } from "react";
import { GridList, GridListItem } from "react-aria-components/GridList";
import { useDragAndDrop } from "react-aria-components/useDragAndDrop";
import { ListLayout, Virtualizer } from "react-aria-components/Virtualizer";
import type { ClassId, ClassInfo, ReferenceId, ReferenceSource } from "../../../workers/contract.ts";
import { useAction, usePageState } from "../../actions/app-context.tsx";
import { moveReferences } from "../../actions/edit-bank.ts";
import { searched, SOURCE_WORDS } from "./sources.ts";

/** How references travel when they are dragged; only this page takes them. */
export const DRAGGED = "application/x-lookalike-reference";

const ROW = 44;

const isSource = (value: string): value is ReferenceSource => value in SOURCE_WORDS;

/** All classes, found by name or source. References are moved by dropping them on one. */
export function ClassList({
  chosen,
  onChoose,
}: {
  readonly chosen: ReadonlySet<ClassId>;
  readonly onChoose: (ids: ReadonlySet<ClassId>) => void;
}) {
  const classes = usePageState((state) => state.bank.classes);
  const move = useAction(moveReferences);
  const [query, setQuery] = useState("");
  const [source, setSource] = useState<ReferenceSource | "all">("all");
  const found = useMemo(() => searched(classes, query, source), [classes, query, source]);

  const { dragAndDropHooks } = useDragAndDrop<ClassInfo>({
    acceptedDragTypes: [DRAGGED],
    getDropOperation: () => "move",
    shouldAcceptItemDrop: () => true,
    async onItemDrop({ items, target }) {
      const to = classes.find((entry) => entry.id === target.key)?.id;
      const texts = items.map((item) => (item.kind === "text" ? item.getText(DRAGGED) : Promise.resolve("")));
      const references = (await Promise.all(texts)).flatMap((text) => (text === "" ? [] : [text as ReferenceId]));
      if (to !== undefined && references.length > 0) move({ references, to });
    },
  });

  return (
    <div className="bank-list">
      <div className="bank-search">
        <input
          className="input"
          type="search"
          aria-label="Search classes and references"
          placeholder="Search"
          value={query}
          dir="auto"
          onChange={(event) => setQuery(event.target.value)}
        />
        <select
          className="input"
          aria-label="Where references come from"
          value={source}
          onChange={({ target }) => setSource(isSource(target.value) ? target.value : "all")}
        >
          <option value="all">All sources</option>
          {Object.entries(SOURCE_WORDS).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <output className="small muted">
        {found.length === classes.length ? `${classes.length} classes` : `${found.length} of ${classes.length} classes`}
      </output>
      <Virtualizer layout={ListLayout} layoutOptions={{ rowHeight: ROW }}>
        <GridList
          aria-label="Classes of the bank"
          className="bank-rows"
          items={found}
          selectionMode="multiple"
          selectionBehavior="replace"
          selectedKeys={chosen}
          onSelectionChange={(keys) => {
            const all = keys === "all";
            onChoose(new Set(found.filter(({ id }) => all || keys.has(id)).map(({ id }) => id)));
          }}
          dragAndDropHooks={dragAndDropHooks}
          renderEmptyState={() => <p className="muted bank-hint">Nothing is called that.</p>}
        >
          {(entry) => (
            <GridListItem id={entry.id} textValue={entry.name} className="bank-row">
              <span className="swatch" style={{ backgroundColor: entry.colour }} aria-hidden="true" />
              <span className="bank-row-name ellipsis" dir="auto">
                {entry.name}
              </span>
              <span className="small muted numeric">{entry.references.length}</span>
            </GridListItem>
          )}
        </GridList>
      </Virtualizer>
    </div>
  );
}
