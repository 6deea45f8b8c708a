interface Extent {
  readonly width: number;
  readonly height: number;
}

/** CSS pixels between the pointer and its label. */
const GAP = 14;

/**
 * Where a label goes so that it neither lies under the pointer nor leaves the canvas: below and to the right of it, on
 * the other side where there is no room, at the edge where there is none at all. All in CSS pixels of the canvas.
 */
export function placeBeside(
  at: { readonly x: number; readonly y: number },
  label: Extent,
  room: Extent,
): { readonly x: number; readonly y: number } {
  return { x: placeAlong(at.x, label.width, room.width), y: placeAlong(at.y, label.height, room.height) };
}

function placeAlong(at: number, length: number, room: number): number {
  if (at + GAP + length <= room) return at + GAP;
  return Math.max(0, Math.min(at - GAP - length, room - length));
}
