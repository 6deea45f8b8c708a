import type { PaintView } from "./painter.ts";

/** Gives the canvas the size of a view. Only when it differs: setting it clears the canvas. */
export function resizeCanvas(canvas: OffscreenCanvas, view: Pick<PaintView, "width" | "height">): void {
  const width = Math.max(1, Math.round(view.width));
  const height = Math.max(1, Math.round(view.height));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
