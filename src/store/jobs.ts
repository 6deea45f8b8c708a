import type { StateCreator } from "zustand/vanilla";
import type { Failure, JobOptions, PictureId, Progress, StepId } from "../../workers/contract.ts";
import type { StoreApi } from "zustand/vanilla";
import { adviceFor, isCancelled, toFailure } from "./failure.ts";
import type { StoreState } from "./store.ts";

/** Something long that is under way and can be stopped. */
export interface Job {
  readonly id: number;
  readonly label: string;
  readonly picture: PictureId | null;
  readonly progress: Progress | null;
  readonly cancel: () => void;
}

/** A message to the person. Errors stay until dismissed; the others leave by themselves. */
interface Notice {
  readonly id: number;
  readonly kind: "info" | "error";
  readonly message: string;
  readonly advice: string;
  readonly undo: (() => void) | null;
  /** The bank's step that it undoes; null where it undoes something else, or nothing. */
  readonly step: StepId | null;
}

interface NewNotice {
  readonly kind?: Notice["kind"];
  readonly message: string;
  readonly advice?: string;
  readonly undo?: () => void;
  readonly step?: StepId;
}

export interface JobsSlice {
  readonly jobs: readonly Job[];
  readonly notices: readonly Notice[];
  addJob(job: Job): void;
  updateJob(id: number, progress: Progress): void;
  endJob(id: number): void;
  /** Shows a message; one that says the same as another on show takes its place. */
  notify(notice: NewNotice): void;
  dismiss(id: number): void;
}

const MOST_NOTICES = 4;
let nextId = 1;

export const createJobs: StateCreator<StoreState, [], [], JobsSlice> = (set) => ({
  jobs: [],
  notices: [],

  addJob: (job) => set(({ jobs }) => ({ jobs: [...jobs, job] })),
  updateJob: (id, progress) =>
    set(({ jobs }) => ({ jobs: jobs.map((job) => (job.id === id ? { ...job, progress } : job)) })),
  endJob: (id) => set(({ jobs }) => ({ jobs: jobs.filter((job) => job.id !== id) })),

  notify: ({ kind = "info", message, advice = "", undo, step }) => {
    const notice: Notice = { id: nextId, kind, message, advice, undo: undo ?? null, step: step ?? null };
    nextId += 1;
    set(({ notices }) => ({
      notices: [...notices.filter((other) => other.message !== message), notice].slice(-MOST_NOTICES),
    }));
  },
  dismiss: (id) => set(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
});

/** Tells the person of a failure, with what to do about it. A cancelled job is not one. */
export function report(store: StoreApi<StoreState>, cause: unknown): void {
  if (isCancelled(cause)) return;
  const failure: Failure = toFailure(cause);
  store.getState().notify({ kind: "error", message: failure.message, advice: adviceFor(failure) });
}

/**
 * Runs something long as a job of the list, with progress and a way to stop it. Rejects as `work` does.
 * Aborting `signal` has the same effect as the person's cancel.
 */
export async function runJob<Result>(
  store: StoreApi<StoreState>,
  job: { label: string; picture?: PictureId; signal?: AbortSignal },
  work: (options: Required<JobOptions>) => Promise<Result>,
): Promise<Result> {
  const id = nextId;
  nextId += 1;
  const controller = new AbortController();
  const signal = job.signal ? AbortSignal.any([controller.signal, job.signal]) : controller.signal;
  const cancel = (): void => controller.abort();
  store.getState().addJob({ id, label: job.label, picture: job.picture ?? null, progress: null, cancel });
  try {
    return await work({ signal, onProgress: (progress) => store.getState().updateJob(id, progress) });
  } finally {
    store.getState().endJob(id);
  }
}
