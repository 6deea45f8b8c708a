import { screenPx } from "./viewport.ts";
import type { Size } from "./viewport.ts";
import type { ScreenPx } from "../../workers/contract.ts";

/**
 * Reports an element's size in device pixels, at once and whenever it changes; exact where the browser says so, rounded
 * where it does not (Safari). Returns the way to stop.
 */
export function observeSize(element: Element, changed: (size: Size<ScreenPx>) => void): () => void {
  const observer = new ResizeObserver(([entry]) => {
    if (!entry) return;
    // The types promise it; Safari does not have it.
    const exact: ResizeObserverSize | undefined = entry.devicePixelContentBoxSize?.[0];
    const { width, height } = entry.contentRect;
    changed({
      width: screenPx(exact?.inlineSize ?? Math.round(width * devicePixelRatio)),
      height: screenPx(exact?.blockSize ?? Math.round(height * devicePixelRatio)),
    });
  });
  try {
    observer.observe(element, { box: "device-pixel-content-box" });
  } catch {
    observer.observe(element);
  }
  return () => observer.disconnect();
}
