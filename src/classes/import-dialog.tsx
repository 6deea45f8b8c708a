import { useEffect, useState } from "react";
import type {
  DatasetFile,
  DatasetReport,
  DatasetSummary,
  Failure,
  Progress as Told,
  Skipped,
} from "../../workers/contract.ts";
import { useApp, usePageState } from "../actions/app-context.tsx";
import { countWords, takeOverDataset } from "../actions/import-folder.ts";
import { adviceFor, toFailure } from "../store/failure.ts";
import { progressWords } from "../store/words.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Progress } from "../ui/progress.tsx";

/** References a class begins with; more teach little more and take longer. */
const PER_CLASS = 16;
const MOST_PER_CLASS = 1000;

const KINDS: Readonly<Record<DatasetSummary["kind"], string>> = {
  coco: "annotations in COCO’s format",
  labels: "label pictures",
  folders: "a folder for each class; where the thing is, is found by what a folder’s pictures have in common",
};

interface Reading {
  readonly summary: DatasetSummary | null;
  readonly failure: Failure | null;
  readonly progress: Told | null;
}

/** Reads what is in the files, for as long as the dialog is open. */
function useSummary(files: readonly DatasetFile[]): Reading {
  const { engine } = useApp();
  const [reading, setReading] = useState<Reading>({ summary: null, failure: null, progress: null });
  useEffect(() => {
    const life = new AbortController();
    const { signal } = life;
    const take = (next: Partial<Reading>): void => {
      if (!signal.aborted) setReading((before) => ({ ...before, ...next }));
    };
    engine.readDataset(files, { signal, onProgress: (progress) => take({ progress }) }).then(
      (summary) => take({ summary }),
      (cause: unknown) => take({ failure: toFailure(cause) }),
    );
    return () => life.abort();
  }, [engine, files]);
  return reading;
}

function SkippedList({ skipped }: { readonly skipped: readonly Skipped[] }) {
  if (skipped.length === 0) return null;
  return (
    <section>
      <h3>Left out</h3>
      <ul className="import-skipped small">
        {skipped.map(({ reason, count, examples }) => (
          <li key={reason}>
            {`${reason.charAt(0).toUpperCase()}${reason.slice(1)} (${count}): `}
            <bdi className="muted">{examples.join(", ")}</bdi>
            {count > examples.length && "…"}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Report({ report, onClose }: { readonly report: DatasetReport; readonly onClose: () => void }) {
  const added = report.classes.reduce((sum, one) => sum + one.added, 0);
  return (
    <>
      <output>
        {added > 0 ? `Imported: ${countWords(report.classes.length, added)}.` : "Nothing could be imported."}
      </output>
      <SkippedList skipped={report.skipped} />
      <div className="dialog-actions">
        <Button look="primary" onPress={onClose}>
          Done
        </Button>
      </div>
    </>
  );
}

/** Which classes are taken over, and how many references of each. */
function Choice({ files, summary }: { readonly files: readonly DatasetFile[]; readonly summary: DatasetSummary }) {
  const app = useApp();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [perClass, setPerClass] = useState(String(PER_CLASS));
  const job = usePageState((state) => state.jobs.find(({ label }) => label === "Importing examples") ?? null);
  const chosen = summary.classes.filter(({ name }) => !left.has(name)).map(({ name }) => name);
  const most = Number(perClass);
  const isNumber = Number.isInteger(most) && most >= 1 && most <= MOST_PER_CLASS;
  const toggle = (name: string): void => {
    const next = new Set(left);
    if (!next.delete(name)) next.add(name);
    setLeft(next);
  };
  if (job) {
    const { progress } = job;
    return (
      <>
        <p>{progressWords(progress)}</p>
        <Progress
          label={progressWords(progress)}
          value={progress && progress.total > 1 ? progress.done / progress.total : null}
        />
        <p className="hint">
          It goes on when this is closed. Stopped, classes that are done stay whole; no half of one.
        </p>
        <div className="dialog-actions">
          <Button icon="stop" onPress={job.cancel}>
            Stop
          </Button>
        </div>
      </>
    );
  }
  return (
    <>
      <p className="muted small">
        {summary.pictures} pictures: {KINDS[summary.kind]}.
      </p>
      <div className="import-tools">
        <Button small onPress={() => setLeft(new Set())}>
          All
        </Button>
        <Button small onPress={() => setLeft(new Set(summary.classes.map(({ name }) => name)))}>
          None
        </Button>
        <label>
          At most{" "}
          <input
            className="input"
            type="number"
            min={1}
            max={MOST_PER_CLASS}
            value={perClass}
            aria-invalid={!isNumber}
            onChange={(event) => setPerClass(event.target.value)}
          />{" "}
          of each
        </label>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keys */}
      <ul className="import-classes" aria-label="Classes to import" tabIndex={0}>
        {summary.classes.map(({ name, things, pictures }) => (
          <li key={name}>
            <label>
              <input type="checkbox" checked={!left.has(name)} onChange={() => toggle(name)} />
              <span className="ellipsis" dir="auto" title={name}>
                {name}
              </span>
              <span className="small muted numeric">
                {summary.kind === "folders" ? pictures : `${things} in ${pictures}`}
              </span>
            </label>
          </li>
        ))}
      </ul>
      <SkippedList skipped={summary.skipped} />
      <div className="dialog-actions">
        <Button
          look="primary"
          isDisabled={chosen.length === 0 || !isNumber}
          onPress={() => void takeOverDataset.run(app, { files, choice: { classes: chosen, perClass: most } })}
        >
          {chosen.length === 1 ? "Import 1 class" : `Import ${chosen.length} classes`}
        </Button>
      </div>
    </>
  );
}

/** What is in a folder, what of it becomes references, and what came of it. */
export function ImportDialog({
  files,
  report,
  onClose,
}: {
  readonly files: readonly DatasetFile[];
  readonly report: DatasetReport | null;
  readonly onClose: () => void;
}) {
  const { summary, failure, progress } = useSummary(files);
  return (
    <Dialog title="Import examples" onClose={onClose}>
      <div className="dialog-body import">
        {report && <Report report={report} onClose={onClose} />}
        {!report && summary && <Choice files={files} summary={summary} />}
        {!report && failure && (
          <div role="alert">
            <p>{failure.message}</p>
            <p className="muted small">{adviceFor(failure)}</p>
          </div>
        )}
        {!report && !summary && !failure && (
          <>
            <p>{progressWords(progress)}</p>
            <Progress
              label="Reading the data set"
              value={progress && progress.total > 1 ? progress.done / progress.total : null}
            />
          </>
        )}
      </div>
    </Dialog>
  );
}
