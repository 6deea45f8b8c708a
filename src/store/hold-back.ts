/** A listener that hears nothing at first. */
export interface HeldBack<Value> {
  tell(value: Value): void;
  /** Nothing is heard from now on. */
  stop(): void;
}

/**
 * Keeps what is told to itself for the first `delay` milliseconds; then the listener hears the latest of it, and all that
 * follows at once. For progress: work that is over in a moment should not have the page rendered for every step of it.
 */
export function holdBack<Value>(listener: (value: Value) => void, delay: number): HeldBack<Value> {
  let latest: { readonly value: Value } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined = setTimeout(() => {
    timer = undefined;
    if (latest) listener(latest.value);
  }, delay);
  let stopped = false;
  return {
    tell(value) {
      if (stopped) return;
      if (timer === undefined) listener(value);
      else latest = { value };
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
