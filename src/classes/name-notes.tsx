import type { ClassInfo, NameReading } from "../../workers/contract.ts";
import { addingLabel } from "../actions/add-classes.ts";
import { addExamples, pointAtExample } from "../actions/add-example.ts";
import { useAction, useApp, useIsAvailable, usePageState } from "../actions/app-context.tsx";
import { choosePictograms } from "../actions/choose-pictograms.ts";
import { searchPhotos } from "../actions/search-photos.ts";
import { Button } from "../ui/button.tsx";

/** What a name was taken for, where that is not what it says; null where there is nothing to tell. */
function words({ typed, subcategory, match, took }: NameReading): string | null {
  switch (match) {
    case "name":
      return null;
    case "synonym":
      return `“${typed}”: took pictograms of “${took}”.`;
    case "association":
      return `Nothing is called “${typed}”: took what goes with it (${took}).`;
    case "spelling":
      return `“${typed}” is not known: took “${took}”.`;
    case "none":
      // The class's own is said where its references would stand.
      return subcategory === null
        ? null
        : `No pictogram is known for “${typed}”. Show examples, or search for photographs.`;
  }
}

function Note({ entry, reading }: { readonly entry: ClassInfo; readonly reading: NameReading }) {
  const { store } = useApp();
  const change = useAction(choosePictograms);
  const search = useAction(searchPhotos);
  const canSearch = useIsAvailable(searchPhotos);
  const text = words(reading);
  if (text === null) return null;
  const { subcategory, typed, took, match } = reading;
  return (
    <div className="name-note small">
      <p className="muted">{text}</p>
      <Button
        small
        look="quiet"
        aria-label={`Change the pictograms of ${typed}`}
        onPress={() =>
          change({ classId: entry.id, text: match === "none" || match === "association" ? typed : took, subcategory })
        }
      >
        Change
      </Button>
      {match === "none" && canSearch && (
        <Button
          small
          look="quiet"
          aria-label={`Search photographs of ${typed}`}
          onPress={() => search({ classId: entry.id, subcategory })}
        >
          Search
        </Button>
      )}
      <Button
        small
        look="quiet"
        aria-label={`The pictograms of ${typed} are right`}
        onPress={() => store.getState().dropReadings(entry.id, subcategory)}
      >
        OK
      </Button>
    </div>
  );
}

/** What the names of a class and of its sub-categories were taken for, where that may not be what was meant. */
export function NameNotes({ entry }: { readonly entry: ClassInfo }) {
  const readings = usePageState((state) => state.readings.get(entry.id));
  return readings?.map((reading) => <Note key={reading.subcategory ?? ""} entry={entry} reading={reading} />);
}

/** Says that a class has nothing to compare with, and how it can get something. */
export function NoReferences({ entry }: { readonly entry: ClassInfo }) {
  const show = useAction(addExamples);
  const point = useAction(pointAtExample);
  const choose = useAction(choosePictograms);
  const canPoint = useIsAvailable(pointAtExample);
  const search = useAction(searchPhotos);
  const canSearch = useIsAvailable(searchPhotos);
  const adding = usePageState((state) => state.jobs.some(({ label }) => label === addingLabel(entry.name)));
  if (adding) return <p className="class-note small muted">Looking for pictograms…</p>;
  return (
    <div className="class-note">
      <p className="small muted">No pictogram is known by this name, so nothing can be found yet.</p>
      <div className="class-note-buttons">
        <Button small icon="picture" onPress={() => show({ classId: entry.id })}>
          Show examples
        </Button>
        {canPoint && (
          <Button small icon="example" onPress={() => point(entry.id)}>
            Point at one
          </Button>
        )}
        <Button small icon="search" onPress={() => choose({ classId: entry.id, text: entry.name, subcategory: null })}>
          Choose a pictogram
        </Button>
        {canSearch && (
          <Button small icon="picture" onPress={() => search({ classId: entry.id, subcategory: null })}>
            Search open photographs
          </Button>
        )}
      </div>
    </div>
  );
}
