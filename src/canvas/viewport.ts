import type { ImagePx, LabelMap, Point, RegionIndex, ScreenPx } from "../../workers/contract.ts";

/** Which part of the picture the canvas shows, and how large: screen = image * scale + offset. */
export interface Viewport {
  /** Device pixels per working pixel. */
  readonly scale: number;
  readonly offset: Point<ScreenPx>;
}

export interface Size<Unit extends number> {
  readonly width: Unit;
  readonly height: Unit;
}

type PictureSize = Size<ImagePx>;
type CanvasSize = Size<ScreenPx>;

/** Share of the canvas that stays free around a fitted picture, on each side. */
const FIT_MARGIN = 0.03;
/** Zooming out ends here, as a share of the fitted scale. */
const LEAST_ZOOM = 0.5;
/** Zooming in ends at this many device pixels per working pixel, or at four times the fitted scale if that is more. */
const MOST_SCALE = 32;
/** A large picture may be dragged this far beyond the canvas's edge, as a share of the canvas. */
const MOST_SLACK = 0.25;

export const screenPx = (value: number): ScreenPx => value as ScreenPx;
export const imagePx = (value: number): ImagePx => value as ImagePx;
export const screenPoint = (x: number, y: number): Point<ScreenPx> => ({ x: screenPx(x), y: screenPx(y) });

export function toImage({ scale, offset }: Viewport, { x, y }: Point<ScreenPx>): Point {
  return { x: imagePx((x - offset.x) / scale), y: imagePx((y - offset.y) / scale) };
}

export function toScreen({ scale, offset }: Viewport, { x, y }: Point): Point<ScreenPx> {
  return screenPoint(x * scale + offset.x, y * scale + offset.y);
}

/** The whole picture, centred, as large as fits. */
export function fit(picture: PictureSize, canvas: CanvasSize): Viewport {
  const room = 1 - 2 * FIT_MARGIN;
  const scale = Math.min((canvas.width * room) / picture.width, (canvas.height * room) / picture.height);
  return centred(Math.max(scale, Number.MIN_VALUE), picture, canvas);
}

function centred(scale: number, picture: PictureSize, canvas: CanvasSize): Viewport {
  return {
    scale,
    offset: screenPoint((canvas.width - picture.width * scale) / 2, (canvas.height - picture.height * scale) / 2),
  };
}

/** Moves the picture with the pointer. */
export function pan(viewport: Viewport, dx: number, dy: number): Viewport {
  const { scale, offset } = viewport;
  return { scale, offset: screenPoint(offset.x + dx, offset.y + dy) };
}

/** Magnifies by a factor, keeping what is under a point there; the scale stays between the limits of `clamp`. */
export function zoomAbout(
  viewport: Viewport,
  at: Point<ScreenPx>,
  factor: number,
  picture: PictureSize,
  canvas: CanvasSize,
): Viewport {
  const scale = clampScale(viewport.scale * factor, picture, canvas);
  const ratio = scale / viewport.scale;
  const { offset } = viewport;
  return { scale, offset: screenPoint(at.x - (at.x - offset.x) * ratio, at.y - (at.y - offset.y) * ratio) };
}

/** Follows two fingers: what was under each stays under it, as far as a turn-free motion allows. */
export function pinch(
  viewport: Viewport,
  before: readonly [Point<ScreenPx>, Point<ScreenPx>],
  after: readonly [Point<ScreenPx>, Point<ScreenPx>],
  picture: PictureSize,
  canvas: CanvasSize,
): Viewport {
  const apart = (pair: readonly [Point<ScreenPx>, Point<ScreenPx>]) =>
    Math.max(1, Math.hypot(pair[0].x - pair[1].x, pair[0].y - pair[1].y));
  const from = middle(before);
  const to = middle(after);
  const zoomed = zoomAbout(viewport, from, apart(after) / apart(before), picture, canvas);
  return pan(zoomed, to.x - from.x, to.y - from.y);
}

function middle([a, b]: readonly [Point<ScreenPx>, Point<ScreenPx>]): Point<ScreenPx> {
  return screenPoint((a.x + b.x) / 2, (a.y + b.y) / 2);
}

function clampScale(scale: number, picture: PictureSize, canvas: CanvasSize): number {
  const fitted = fit(picture, canvas).scale;
  const least = Math.min(fitted * LEAST_ZOOM, 1);
  const most = Math.max(fitted * 4, MOST_SCALE);
  return Math.min(most, Math.max(least, scale));
}

/** The nearest viewport that makes sense: a scale within limits, and the picture never lost beside the canvas. */
export function clamp(viewport: Viewport, picture: PictureSize, canvas: CanvasSize): Viewport {
  const scale = clampScale(viewport.scale, picture, canvas);
  return {
    scale,
    offset: screenPoint(
      clampOffset(viewport.offset.x, picture.width * scale, canvas.width),
      clampOffset(viewport.offset.y, picture.height * scale, canvas.height),
    ),
  };
}

/** Along one axis: what is smaller than the canvas is centred, what is larger may be dragged with some slack. */
function clampOffset(offset: number, shown: number, canvas: number): number {
  const excess = shown - canvas;
  if (excess <= 0) return -excess / 2;
  // Growing from nothing, so that a picture does not jump when it outgrows the canvas.
  const slack = Math.min(excess, canvas * MOST_SLACK);
  return Math.min(slack, Math.max(-excess - slack, offset));
}

/** Keeps the middle of the view in the middle when the canvas changes its size. */
export function resized(viewport: Viewport, picture: PictureSize, before: CanvasSize, after: CanvasSize): Viewport {
  const moved = pan(viewport, (after.width - before.width) / 2, (after.height - before.height) / 2);
  return clamp(moved, picture, after);
}

const LINE_PIXELS = 16;
const PAGE_PIXELS = 400;
/** Natural logarithm of the zoom per CSS pixel of wheel travel: a notch of a usual mouse (100 px) gives about 1.2. */
const WHEEL_RATE = 0.0018;
/** Trackpads report a pinch as a wheel with Control held and much shorter travel. */
const PINCH_RATE = 0.01;
const MOST_FACTOR = 1.6;

/**
 * How much a wheel event magnifies.
 * @param deltaMode as in WheelEvent: 0 CSS pixels, 1 lines, 2 pages
 * @param isPinch whether Control is held, by a person or by the trackpad's driver
 */
export function wheelFactor(deltaY: number, deltaMode: number, isPinch: boolean): number {
  const unit = [1, LINE_PIXELS, PAGE_PIXELS][deltaMode] ?? 1;
  const factor = Math.exp(-deltaY * unit * (isPinch ? PINCH_RATE : WHEEL_RATE));
  return Math.min(MOST_FACTOR, Math.max(1 / MOST_FACTOR, factor));
}

/** The region at a point of the picture; null outside, between regions, and without a map. */
export function regionAt(map: LabelMap | null, { x, y }: Point): RegionIndex | null {
  if (!map || !(x >= 0 && y >= 0 && x < map.width && y < map.height)) return null;
  const value = map.data[Math.floor(y) * map.width + Math.floor(x)] ?? 0;
  return value === 0 ? null : ((value - 1) as RegionIndex);
}
