import { useEffect, useState, useSyncExternalStore } from "react";
import { useAction, usePageState } from "../actions/app-context.tsx";
import { showSettings } from "../actions/show-dialog.ts";
import type { Job } from "../store/jobs.ts";
import { deviceWords, progressWords } from "../store/words.ts";
import { IconButton } from "../ui/button.tsx";
import { Progress } from "../ui/progress.tsx";
import "./status-line.css";

/** A job shorter than this is never shown: a slider being moved starts many. */
const WORTH_TELLING_MS = 350;

function useOnline(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const life = new AbortController();
      window.addEventListener("online", listener, { signal: life.signal });
      window.addEventListener("offline", listener, { signal: life.signal });
      return () => life.abort();
    },
    () => navigator.onLine,
  );
}

function JobStatus({ job, more }: { readonly job: Job; readonly more: number }) {
  const [told, setTold] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setTold(true), WORTH_TELLING_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!told) return null;
  const { progress } = job;
  const words = progress || job.picture !== null ? progressWords(progress) : job.label;
  return (
    <div className="status-job">
      <span className="ellipsis">
        {words.startsWith(job.label) ? words : `${job.label}: ${words}`}
        {more > 0 && ` · ${more} more`}
      </span>
      <span className="status-bar">
        <Progress label={job.label} value={progress && progress.total > 1 ? progress.done / progress.total : null} />
      </span>
      <IconButton label={`Stop: ${job.label}`} icon="stop" small onPress={job.cancel} />
    </div>
  );
}

/** What it runs on and why, which model is in use, and what is under way. */
export function StatusLine() {
  const status = usePageState((state) => state.status);
  const phase = usePageState((state) => state.phase);
  const jobs = usePageState((state) => state.jobs);
  const keeps = usePageState((state) => state.picturesPersist && (state.status?.storagePersists ?? true));
  const open = useAction(showSettings);
  const online = useOnline();
  // What is done to the current picture is told over the canvas.
  const currentId = usePageState((state) => state.currentId);
  const elsewhere = jobs.filter((entry) => entry.picture === null || entry.picture !== currentId);
  const job = elsewhere[0];

  const engineWords =
    phase === "broken" ? "The engine cannot run in this browser" : status ? deviceWords(status) : "Starting the engine";
  const modelWords = status?.model?.name ?? (phase === "no-model" ? "No model" : "");

  return (
    <footer className="status-line small">
      <button
        type="button"
        className="status-engine ellipsis"
        onClick={() => open(undefined)}
        title="Models and settings"
      >
        {engineWords}
        {modelWords !== "" && ` · ${modelWords}`}
      </button>
      {!keeps && <span className="muted ellipsis">Not kept on reload: storage is refused</span>}
      {!online && <span className="muted ellipsis">Offline, and everything here still works</span>}
      <span className="status-space" />
      <output className="status-jobs">{job && <JobStatus key={job.id} job={job} more={elsewhere.length - 1} />}</output>
    </footer>
  );
}
