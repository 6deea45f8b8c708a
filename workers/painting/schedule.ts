/** Runs a job once at the next frame, however often it was asked for meanwhile. */
export interface FrameSchedule {
  request(): void;
  /** Forgets a frame that was asked for. */
  cancel(): void;
}

/** Frames come from the screen where the worker has requestAnimationFrame, else from a timer at about its pace. */
export function scheduleFrames(job: () => void): FrameSchedule {
  const onScreen = typeof requestAnimationFrame === "function";
  let pending: number | ReturnType<typeof setTimeout> | null = null;
  const run = () => {
    pending = null;
    job();
  };
  return {
    request() {
      pending ??= onScreen ? requestAnimationFrame(run) : setTimeout(run, TIMER_MILLISECONDS);
    },
    cancel() {
      if (pending === null) return;
      if (typeof pending === "number" && onScreen) cancelAnimationFrame(pending);
      else clearTimeout(pending);
      pending = null;
    },
  };
}

const TIMER_MILLISECONDS = 16;
