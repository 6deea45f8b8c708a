import type { Calibration } from "../../workers/contract.ts";
import { addExamples } from "../actions/add-example.ts";
import { useAction, useIsAvailable, usePageState } from "../actions/app-context.tsx";
import { setOpacity, setThreshold } from "../actions/change-overlay.ts";
import { showBank } from "../actions/show-dialog.ts";
import { importFolder } from "../actions/import-folder.ts";
import { currentPicture } from "../store/images.ts";
import { percent, wrongWords } from "../store/words.ts";
import { Button } from "../ui/button.tsx";
import { late, LatePart } from "../ui/late-part.tsx";
import { Slider } from "../ui/slider.tsx";
import { ClassField } from "./class-field.tsx";
import { ClassRow } from "./class-row.tsx";
import { LongRow } from "./long-row.tsx";
import { useCalibration } from "./use-calibration.ts";
import "./classes.css";
import "./names.css";

const HarvestStrip = late(async () => (await import("./harvest-strip.tsx")).HarvestStrip);

/** Share of "other" from which on nothing was found to speak of. */
const NEXT_TO_ALL = 0.995;

/** A list of more classes is written out only where it is looked at. */
const MOST_WHOLE = 60;

interface ExpectedWrongProps {
  readonly calibration: Calibration;
  /** 0..1. */
  readonly threshold: number;
}

/** What the slider's place means: how many of the named regions are likely wrong, and how that is known. */
function ExpectedWrong({ calibration: { wrong, basis }, threshold }: ExpectedWrongProps) {
  const share = wrong[Math.round(threshold * (wrong.length - 1))] ?? 0;
  return (
    <p className="hint">
      {basis === "bank"
        ? `Expect ${wrongWords(share)} of the named regions to be wrong, judged by your own examples.`
        : `Expect ${wrongWords(share)} of the named regions to be wrong, as in general: there are too few examples to judge by.`}
    </p>
  );
}

/** By itself, so that a move renders the sliders and not the whole panel. */
function Sliders() {
  const threshold = usePageState((state) => state.threshold);
  const opacity = usePageState((state) => state.opacity);
  const calibration = useCalibration();
  const changeThreshold = useAction(setThreshold);
  const changeOpacity = useAction(setOpacity);
  return (
    <div className="class-sliders">
      <Slider label="How sure it must be" value={threshold} onChange={changeThreshold} />
      {calibration && <ExpectedWrong calibration={calibration} threshold={threshold} />}
      <Slider label="Strength of the colours" value={opacity} onChange={changeOpacity} />
    </div>
  );
}

/** Names, legend and the two sliders: what is looked for, and how it is shown. */
export function ClassesPanel() {
  const canShow = useIsAvailable(addExamples);
  const classes = usePageState((state) => state.bank.classes);
  const areas = usePageState((state) => currentPicture(state)?.segmentation?.areas ?? null);
  const isHarvest = usePageState((state) => state.harvest.length > 0 || state.harvesting > 0);
  const show = useAction(addExamples);
  const openBank = useAction(showBank);
  const takeFolder = useAction(importFolder);

  const shares = new Map(areas?.map((area) => [area.classId, area.share]));
  const other = shares.get(null);
  const Row = classes.length > MOST_WHOLE ? LongRow : ClassRow;
  const isNothingFound = classes.length > 0 && other !== undefined && other > NEXT_TO_ALL;

  return (
    <div className="classes-panel">
      <div className="classes-content">
        <ClassField />
        {classes.length > 0 ? (
          <ul className="class-list" aria-label="Classes">
            {classes.map((entry) => (
              <Row key={entry.id} entry={entry} share={areas ? percent(shares.get(entry.id) ?? 0) : ""} />
            ))}
            {other !== undefined && (
              <li className="class-row other-row">
                <div className="class-head">
                  <span className="swatch other" aria-hidden="true" />
                  <span className="class-name muted">Other</span>
                  <span className="class-share muted numeric">{percent(other)}</span>
                </div>
              </li>
            )}
          </ul>
        ) : (
          <p className="muted">
            Name anything, in plain words. Lookalike compares every region with pictures of that thing: pictograms at
            first, your own examples once you show some.
          </p>
        )}
        {isNothingFound && (
          <p className="nothing-found small muted">
            Nothing in this picture looks enough like your classes. Lower the slider below, or point at one: in a
            class’s menu, choose “Point at one in this picture”.
          </p>
        )}
        {isHarvest && (
          <LatePart>
            <HarvestStrip />
          </LatePart>
        )}
        {classes.length > 0 && (
          <div>
            <Button small icon="bank" onPress={() => openBank(undefined)}>
              All classes and references
            </Button>
          </div>
        )}
        <div className="new-class" data-drop-class="new">
          <Button icon="example" isDisabled={!canShow} onPress={() => show({ classId: null })}>
            New class from examples
          </Button>
          <Button icon="picture" isDisabled={!canShow} onPress={() => takeFolder(undefined)}>
            Import a folder…
          </Button>
          <p className="hint">
            Or drop pictures here, or on a class. A folder may hold a folder of pictures for each class, or pictures
            with masks.
          </p>
        </div>
      </div>
      {classes.length > 0 && <Sliders />}
    </div>
  );
}
