import { useCallback, useRef, useState } from "react";

/** How far outside what is on show something counts as near. */
const MARGIN = "600px 0px";

/** Elements that are written out, or no longer, in one frame: more would make it late where a list flies by. */
const TURNS_A_FRAME = 3;

/** An element that is watched. */
interface Watched {
  isNear: boolean;
  readonly show: (isNear: boolean) => void;
  /** Told how high it is whenever it is seen far away. */
  readonly measure: (height: number) => void;
}

/** One observer for all elements of a scroller: a thousand of them cost one callback. */
class Watch {
  readonly #observer: IntersectionObserver;
  readonly #watched = new Map<Element, Watched>();
  /** Elements that are to change; those that came last have their turn first. */
  readonly #waiting = new Set<Element>();
  #frame = 0;

  constructor(root: Element) {
    this.#observer = new IntersectionObserver((entries) => this.#hear(entries), { root, rootMargin: MARGIN });
  }

  add(element: Element, watched: Watched): () => void {
    this.#watched.set(element, watched);
    this.#observer.observe(element);
    return () => {
      this.#observer.unobserve(element);
      this.#watched.delete(element);
      this.#waiting.delete(element);
    };
  }

  #hear(entries: readonly IntersectionObserverEntry[]): void {
    // The first of them is to have the first turn.
    for (const { target, isIntersecting, boundingClientRect } of entries.toReversed()) {
      const watched = this.#watched.get(target);
      if (!watched) continue;
      if (!isIntersecting && boundingClientRect.height > 0) watched.measure(boundingClientRect.height);
      // One that flew by before its turn came is as it was.
      this.#waiting.delete(target);
      if (watched.isNear !== isIntersecting) this.#waiting.add(target);
    }
    if (this.#frame === 0 && this.#waiting.size > 0) this.#frame = requestAnimationFrame(() => this.#takeTurns());
  }

  #takeTurns(): void {
    for (const element of [...this.#waiting].slice(-TURNS_A_FRAME).reverse()) {
      this.#waiting.delete(element);
      const watched = this.#watched.get(element);
      if (!watched) continue;
      watched.isNear = !watched.isNear;
      watched.show(watched.isNear);
    }
    this.#frame = this.#waiting.size > 0 ? requestAnimationFrame(() => this.#takeTurns()) : 0;
  }
}

const watches = new WeakMap<Element, Watch>();

function watchOf(root: Element): Watch {
  const watch = watches.get(root) ?? new Watch(root);
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
  const isOut = useRef(false);
  const height = useRef(estimate);
  const [shownHeight, setShownHeight] = useState(estimate);
  const ref = useCallback(
    (element: HTMLElement | null) => {
      const root = element?.closest(scroller);
      if (!element || !root) return undefined;
      return watchOf(root).add(element, {
        // What stands in the place of an element written out is another element.
        isNear: isOut.current,
        measure: (last) => (height.current = last),
        show: (near) => {
          isOut.current = near;
          setShownHeight(height.current);
          setNear(near);
        },
      });
    },
    [scroller],
  );
  return { ref, isNear, height: shownHeight };
}
