/** Where something can be let go carries `data-drop-class`: a class's id, or "new". */
const PLACE = "[data-drop-class]";
const MARK = "drop-target";

/** The place that an element belongs to: a class's id, "new", or null for none. */
export function dropPlaceOf(element: Element | null): string | null {
  return element?.closest(PLACE)?.getAttribute("data-drop-class") ?? null;
}

/** Shows which place would take what is carried; null for none. */
export function markDropPlace(element: Element | null): void {
  const place = element?.closest(PLACE) ?? null;
  for (const marked of document.querySelectorAll(`${PLACE}.${MARK}`)) {
    if (marked !== place) marked.classList.remove(MARK);
  }
  place?.classList.add(MARK);
}
