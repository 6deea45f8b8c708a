import { useCallback, useRef, useState } from "react";

/** How far outside what is on show something counts as near. */
const MARGIN = "600px 0px";

interface Watch {
  readonly observer: IntersectionObserver;
  readonly hear: Map<Element, (entry: IntersectionObserverEntry) => void>;
}

/** One observer for all elements of a scroller: a thousand of them cost one callback. */
const watches = new WeakMap<Element, Watch>();

function watchOf(root: Element): Watch {
  const known = watches.get(root);
  if (known) return known;
  const hear: Watch["hear"] = new Map();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) hear.get(entry.target)?.(entry);
    },
    { root, rootMargin: MARGIN },
  );
  const watch = { observer, hear };
  watches.set(root, watch);
  return watch;
}

interface Nearness {
  /** To be put on the element, whether it is shown in full or not. */
  readonly ref: (element: HTMLElement | null) => (() => void) | undefined;
  readonly isNear: boolean;
  /** Height when it was last near, in CSS pixels; what stands in its place is as high, so that nothing jumps. */
  readonly height: number;
}

/**
 * Whether an element is on show in its scroller, or nearly: so that long lists are written out only where they are looked
 * at.
 * @param scroller selector of the element that scrolls. @param estimate height before it was ever near
 */
export function useNearView(scroller: string, estimate: number): Nearness {
  const [isNear, setNear] = useState(false);
  const height = useRef(estimate);
  const [shownHeight, setShownHeight] = useState(estimate);
  const ref = useCallback(
    (element: HTMLElement | null) => {
      const root = element?.closest(scroller);
      if (!element || !root) return undefined;
      const { observer, hear } = watchOf(root);
      hear.set(element, ({ isIntersecting, boundingClientRect }) => {
        if (!isIntersecting && boundingClientRect.height > 0) height.current = boundingClientRect.height;
        setShownHeight(height.current);
        setNear(isIntersecting);
      });
      observer.observe(element);
      return () => {
        observer.unobserve(element);
        hear.delete(element);
      };
    },
    [scroller],
  );
  return { ref, isNear, height: shownHeight };
}
