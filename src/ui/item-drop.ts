import { useEffect, useRef, type DragEvent as ReactDragEvent } from "react";
import { markDropPlace } from "./drop-places.ts";

/** The kind of a picture of the gallery while it is dragged; its data is the picture's id. */
export const PICTURE_ITEM = "application/x-lookalike-picture";

/** Begins to drag a picture of the gallery. */
export function dragPicture(event: ReactDragEvent, id: string): void {
  event.dataTransfer.setData(PICTURE_ITEM, id);
  event.dataTransfer.effectAllowed = "copy";
}

/** Takes pictures of the gallery that are dropped on a place for them; `onPicture` hears what lay below the pointer. */
export function usePictureDrop(onPicture: (id: string, target: Element) => void): void {
  const handler = useRef(onPicture);
  useEffect(() => {
    handler.current = onPicture;
  });
  useEffect(() => {
    const life = new AbortController();
    const { signal } = life;
    const placeOf = (event: DragEvent): Element | null =>
      event.target instanceof Element && event.dataTransfer?.types.includes(PICTURE_ITEM)
        ? event.target.closest("[data-drop-class]")
        : null;
    window.addEventListener(
      "dragover",
      (event) => {
        const place = placeOf(event);
        if (!event.dataTransfer?.types.includes(PICTURE_ITEM)) return;
        markDropPlace(place);
        if (place) event.preventDefault();
      },
      { signal },
    );
    window.addEventListener(
      "drop",
      (event) => {
        const place = placeOf(event);
        if (!place) return;
        event.preventDefault();
        handler.current(event.dataTransfer?.getData(PICTURE_ITEM) ?? "", place);
      },
      { signal },
    );
    window.addEventListener("dragend", () => markDropPlace(null), { signal });
    window.addEventListener("drop", () => markDropPlace(null), { signal });
    return () => life.abort();
  }, []);
}
