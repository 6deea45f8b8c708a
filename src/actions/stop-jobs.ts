import type { Action } from "./action.ts";

/** Stops everything that is under way. */
export const stopJobs: Action = {
  id: "stop-jobs",
  label: "Stop what is running",
  shortcut: null,
  isAvailable: ({ store }) => store.getState().jobs.length > 0,
  run({ store }) {
    for (const job of store.getState().jobs) job.cancel();
  },
};
