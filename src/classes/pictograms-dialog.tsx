import { useEffect, useState } from "react";
import { ToggleButton } from "react-aria-components/ToggleButton";
import type { ClassId, ClassInfo, Pictogram, ReferenceInfo } from "../../workers/contract.ts";
import { useAction, useApp, usePageState } from "../actions/app-context.tsx";
import { changePictograms } from "../actions/choose-pictograms.ts";
import { findClass } from "../store/classes.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { PictogramImage } from "./pictogram-image.tsx";

/** A glyph without the selectors that only ask for its coloured form. */
const bare = (glyph: string): string => glyph.replace(/[\ufe0e\ufe0f]/gu, "");

interface Chosen extends Pictogram {
  /** The reference that it is already. */
  readonly reference: ReferenceInfo | null;
}

/** The pictograms among a class's references: their provenance is the glyph, a blank, and its label. */
function pictogramsOf(entry: ClassInfo | null, subcategory: string | null): readonly Chosen[] {
  return (entry?.references ?? [])
    .filter(
      (reference) =>
        reference.source === "pictogram" && (subcategory ?? reference.subcategory) === reference.subcategory,
    )
    .map((reference) => {
      const at = reference.provenance.indexOf(" ");
      return { glyph: reference.provenance.slice(0, at), label: reference.provenance.slice(at + 1), reference };
    });
}

/** Pictograms found by a text; the last ones stay until the next are there. */
function useFound(text: string): { readonly text: string; readonly pictograms: readonly Pictogram[] } {
  const { engine } = useApp();
  const languages = usePageState((state) => state.languages);
  const [found, setFound] = useState<{ readonly text: string; readonly pictograms: readonly Pictogram[] }>({
    text: "",
    pictograms: [],
  });
  useEffect(() => {
    let wanted = true;
    engine.findPictograms(text, languages).then(
      (pictograms) => {
        if (wanted) setFound({ text, pictograms });
      },
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [engine, text, languages]);
  return found;
}

function Choice({
  pictogram,
  chosen,
  onChange,
}: {
  readonly pictogram: Pictogram;
  readonly chosen: boolean;
  readonly onChange: (chosen: boolean) => void;
}) {
  return (
    <li>
      <ToggleButton className="pictogram-choice" isSelected={chosen} onChange={onChange}>
        <PictogramImage glyph={pictogram.glyph} />
        <span className="small">{pictogram.label}</span>
      </ToggleButton>
    </li>
  );
}

/** Chooses what a class, or one of its sub-categories, is shown by: any pictogram, found by any of its words. */
export function PictogramsDialog({
  classId,
  text: firstText,
  subcategory,
  onClose,
}: {
  readonly classId: ClassId;
  readonly text: string;
  readonly subcategory: string | null;
  readonly onClose: () => void;
}) {
  const entry = usePageState((state) => findClass(state, classId));
  const change = useAction(changePictograms);
  const [text, setText] = useState(firstText);
  const [part, setPart] = useState(subcategory ?? "");
  const [before] = useState(() => pictogramsOf(entry, subcategory));
  const [chosen, setChosen] = useState<readonly Chosen[]>(before);
  const found = useFound(text);
  if (!entry) return null;

  const isChosen = ({ glyph }: Pictogram): boolean => chosen.some((one) => bare(one.glyph) === bare(glyph));
  const toggle = (pictogram: Pictogram, on: boolean): void => {
    const rest = chosen.filter((one) => bare(one.glyph) !== bare(pictogram.glyph));
    const reference = before.find((one) => bare(one.glyph) === bare(pictogram.glyph))?.reference ?? null;
    setChosen(on ? [...rest, { ...pictogram, reference }] : rest);
  };
  const confirm = (): void => {
    const kept = new Set(chosen.flatMap(({ reference }) => (reference ? [reference.id] : [])));
    change({
      classId,
      add: chosen.filter(({ reference }) => reference === null).map(({ glyph }) => glyph),
      remove: before.flatMap(({ reference }) => (reference && !kept.has(reference.id) ? [reference.id] : [])),
      subcategory: part.trim() === "" ? null : part.trim(),
    });
    onClose();
  };
  const offered = [
    ...before,
    ...found.pictograms.filter(({ glyph }) => !before.some((one) => bare(one.glyph) === bare(glyph))),
  ];

  return (
    <Dialog wide title={`Pictograms of ${subcategory ?? entry.name}`} onClose={onClose}>
      <form
        className="dialog-body"
        onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}
      >
        <div className="pictogram-fields">
          <div className="field">
            <label htmlFor="pictogram-text">Find by any word</label>
            <input
              id="pictogram-text"
              className="input"
              value={text}
              dir="auto"
              autoComplete="off"
              // oxlint-disable-next-line jsx-a11y/no-autofocus -- the dialog was opened to search here
              autoFocus
              onChange={(event) => setText(event.target.value)}
            />
          </div>
          <div className="field">
            <label htmlFor="pictogram-part">Kind of {entry.name} (optional)</label>
            <input
              id="pictogram-part"
              className="input"
              value={part}
              dir="auto"
              autoComplete="off"
              placeholder="For those that you add"
              onChange={(event) => setPart(event.target.value)}
            />
          </div>
        </div>
        <ul className="pictogram-choices" aria-label="Pictograms">
          {offered.map((pictogram) => (
            <Choice
              key={bare(pictogram.glyph)}
              pictogram={pictogram}
              chosen={isChosen(pictogram)}
              onChange={(on) => toggle(pictogram, on)}
            />
          ))}
        </ul>
        <output className="muted small">
          {found.text.trim() !== "" &&
            found.pictograms.length === 0 &&
            `No pictogram has the word “${found.text.trim()}”.`}
        </output>
        <div className="dialog-actions">
          <Button onPress={onClose}>Cancel</Button>
          <Button look="primary" type="submit">
            {chosen.length === 0 ? "Use none" : chosen.length === 1 ? "Use this one" : `Use these ${chosen.length}`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
