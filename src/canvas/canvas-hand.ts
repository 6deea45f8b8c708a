import type { KeyboardEvent, PointerEvent } from "react";
import type { Point, RegionIndex, ScreenPx } from "../../workers/contract.ts";
import { hexColour, watchTheme } from "./background.ts";
import { Gestures } from "./gestures.ts";
import { placeBeside } from "./label-place.ts";
import { observeSize } from "./observe-size.ts";
import type { CanvasHandle, CanvasSettings, PictureCanvasProps } from "./picture-canvas.tsx";
import { RegionCarry } from "./region-carry.ts";
import { regionAt, screenPoint, toImage, wheelFactor } from "./viewport.ts";
import { ViewportControl } from "./viewport-control.ts";

const ZOOM_STEP = 1.25;
/** CSS pixels. */
const PAN_STEP = 64;
const CLICK_SLOP = 4;

/** Pixels to pan by arrow key: the view moves with the arrow, so the picture moves against it. */
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [PAN_STEP, 0],
  ArrowRight: [-PAN_STEP, 0],
  ArrowUp: [0, PAN_STEP],
  ArrowDown: [0, -PAN_STEP],
};

/** Keys that go from region to region. */
const REGION_STEPS: Readonly<Record<string, 1 | -1>> = { n: 1, p: -1 };

/** What hands do to one canvas: turns its events into views, hovers, selections and comparisons. Outlives no element. */
export class CanvasHand implements CanvasHandle {
  readonly #control = new ViewportControl();
  #gestures = new Gestures(CLICK_SLOP);
  #carry = new RegionCarry(CLICK_SLOP);
  #props: PictureCanvasProps | null = null;
  #element: HTMLCanvasElement | null = null;
  #label: HTMLElement | null = null;
  /** Where the pointer rests over the canvas; null when it is elsewhere, or a finger. */
  #pointer: Point<ScreenPx> | null = null;
  #hovered: RegionIndex | null = null;
  /** Where in the picture the pointer was said to be. */
  #pointed: Point | null = null;
  #comparing = false;
  #background = "#000000";

  /** Begins with an element; returns the way to end. */
  listen(element: HTMLCanvasElement): () => void {
    this.#element = element;
    this.#gestures = new Gestures(CLICK_SLOP * devicePixelRatio);
    this.#carry = new RegionCarry(CLICK_SLOP * devicePixelRatio);
    this.#readBackground();
    const onWheel = (event: WheelEvent) => this.#wheel(event);
    // React listens passively, and the page must not scroll or zoom instead.
    element.addEventListener("wheel", onWheel, { passive: false });
    const stopSize = observeSize(element, (size) => {
      this.#control.setCanvas(size);
      this.#send();
    });
    const stopTheme = watchTheme(() => {
      this.#readBackground();
      this.#send();
    });
    return () => {
      element.removeEventListener("wheel", onWheel);
      stopSize();
      stopTheme();
      this.releaseCompare();
      this.pointerLeave();
      this.#element = null;
    };
  }

  /** Takes over what the page wants now. */
  update(props: PictureCanvasProps, label: HTMLElement | null): void {
    const before = this.#props;
    this.#props = props;
    this.#label = label;
    if (before?.picture !== props.picture) this.#control.setPicture(props.picture);
    if (!before || before.picture !== props.picture || !isSame(before.settings, props.settings)) this.#send();
    if (before?.regionMap === props.regionMap) {
      this.#placeLabel();
      return;
    }
    // With a new result the page has let go of what was hovered: it is told again, also when its number is the same.
    this.#hovered = props.settings.hovered;
    this.#hover();
  }

  zoomIn(): void {
    this.#zoom(ZOOM_STEP);
  }

  zoomOut(): void {
    this.#zoom(1 / ZOOM_STEP);
  }

  fit(): void {
    this.#control.fit();
    this.#moved();
  }

  /** Tells how the canvas is to be painted now. Without a picture there is still a background to paint. */
  #send(): void {
    const { canvas, viewport } = this.#control;
    if (!this.#props || !canvas || canvas.width === 0 || canvas.height === 0) return;
    const { outlineWidth, ...rest } = this.#props.settings;
    this.#props.onView({
      ...rest,
      width: canvas.width,
      height: canvas.height,
      scale: viewport?.scale ?? 1,
      offset: viewport?.offset ?? screenPoint(0, 0),
      outlineWidth: outlineWidth * devicePixelRatio,
      background: this.#background,
    });
  }

  /** Looks again at what is under the pointer, which may have changed without a motion of the hand. */
  #hover(): void {
    const { viewport } = this.#control;
    const at = this.#gestures.isDragging ? null : this.#pointer;
    const point = at && viewport ? toImage(viewport, at) : null;
    const region = point && regionAt(this.#props?.regionMap ?? null, point);
    this.#point(point);
    this.#placeLabel();
    if (region === this.#hovered) return;
    this.#hovered = region;
    this.#props?.onHover(region, this.#toCss(this.#pointer));
  }

  /** Tells where in the picture the pointer is, if anybody wants to know. */
  #point(at: Point | null): void {
    const { onPoint, picture } = this.#props ?? {};
    if (!onPoint || !picture) return;
    const isInside = at !== null && at.x >= 0 && at.y >= 0 && at.x < picture.width && at.y < picture.height;
    const inside = isInside ? at : null;
    if (inside?.x === this.#pointed?.x && inside?.y === this.#pointed?.y) return;
    this.#pointed = inside;
    onPoint(inside);
  }

  #placeLabel(): void {
    const label = this.#label;
    if (!label || !this.#element || !this.#pointer) return;
    const room = { width: this.#element.clientWidth, height: this.#element.clientHeight };
    const size = { width: label.offsetWidth, height: label.offsetHeight };
    const { x, y } = placeBeside(this.#toCss(this.#pointer), size, room);
    label.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }

  pointerDown(event: PointerEvent<HTMLCanvasElement>): void {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    if (this.#carry.down(event.pointerId, this.#at(event), this.#selectedAt(this.#at(event)))) return;
    for (const [pointer, at] of this.#carry.release()) this.#gestures.down(pointer, at);
    this.#gestures.down(event.pointerId, this.#at(event));
    this.#markDragging();
  }

  pointerMove(event: PointerEvent<HTMLCanvasElement>): void {
    const at = this.#at(event);
    this.#pointer = event.pointerType === "touch" ? null : at;
    if (this.#carry.isHeldBy(event.pointerId)) {
      const carried = this.#carry.move(at);
      if (carried !== null) this.#props?.onCarry({ region: carried, x: event.clientX, y: event.clientY });
      return;
    }
    const motion = this.#gestures.move(event.pointerId, at);
    if (motion) {
      this.#control.follow(motion);
      this.#markDragging();
      this.#send();
    }
    this.#hover();
  }

  pointerUp(event: PointerEvent<HTMLCanvasElement>): void {
    if (this.#carry.isHeldBy(event.pointerId)) {
      const carried = this.#carry.up();
      if (carried === null) this.#click(this.#at(event));
      else this.#props?.onCarried({ region: carried, x: event.clientX, y: event.clientY });
      return;
    }
    const clicked = this.#gestures.up(event.pointerId);
    this.#markDragging();
    if (clicked) this.#click(clicked);
    this.#hover();
  }

  pointerCancel(event: PointerEvent<HTMLCanvasElement>): void {
    this.#gestures.cancel(event.pointerId);
    if (this.#carry.isHeldBy(event.pointerId) && this.#carry.up() !== null) this.#props?.onCarried(null);
    this.pointerLeave();
  }

  pointerLeave(): void {
    this.#pointer = null;
    this.#markDragging();
    this.#hover();
  }

  keyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.#pressed(event)) return;
    event.preventDefault();
    // Shortcuts of the page may be the same keys: once is enough.
    event.stopPropagation();
  }

  keyUp(event: KeyboardEvent): void {
    if (isComparing(event.key)) this.releaseCompare();
  }

  releaseCompare(): void {
    if (!this.#comparing) return;
    this.#comparing = false;
    this.#props?.onCompare(false);
  }

  /** Returns whether the key means something here. */
  #pressed({ key, repeat }: KeyboardEvent): boolean {
    const arrow = ARROWS[key];
    if (arrow) this.#panBy(arrow);
    else if (key === "+" || key === "=") this.zoomIn();
    else if (key === "-" || key === "_") this.zoomOut();
    else if (key === "0") this.fit();
    else if (REGION_STEPS[key]) this.#props?.onStep(REGION_STEPS[key]);
    else if (isComparing(key)) this.#compare(repeat);
    else if (key === "Escape" && this.#props && this.#props.settings.selected !== null) this.#props.onSelect(null);
    else return false;
    return true;
  }

  #compare(repeat: boolean): void {
    if (repeat || this.#comparing) return;
    this.#comparing = true;
    this.#props?.onCompare(true);
  }

  #panBy([dx, dy]: readonly [number, number]): void {
    this.#control.pan(dx * devicePixelRatio, dy * devicePixelRatio);
    this.#moved();
  }

  #zoom(factor: number, at: Point<ScreenPx> | null = null): void {
    this.#control.zoom(factor, at);
    this.#moved();
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    this.#zoom(wheelFactor(event.deltaY, event.deltaMode, event.ctrlKey), this.#at(event));
  }

  #moved(): void {
    this.#send();
    this.#hover();
  }

  #click(at: Point<ScreenPx>): void {
    const { viewport } = this.#control;
    if (!viewport || !this.#props?.picture) return;
    const { onImageClick, onSelect, picture, regionMap, settings } = this.#props;
    const point = toImage(viewport, at);
    if (!onImageClick) {
      const region = regionAt(regionMap, point);
      onSelect(region === settings.selected ? null : region);
    } else if (point.x >= 0 && point.y >= 0 && point.x < picture.width && point.y < picture.height) {
      onImageClick(point);
    }
  }

  /** The selected region, when it is what lies at a place. */
  #selectedAt(at: Point<ScreenPx>): RegionIndex | null {
    const { viewport } = this.#control;
    const region = viewport && regionAt(this.#props?.regionMap ?? null, toImage(viewport, at));
    return region !== null && region === this.#props?.settings.selected ? region : null;
  }

  #readBackground(): void {
    if (this.#element) this.#background = hexColour(getComputedStyle(this.#element).backgroundColor);
  }

  #markDragging(): void {
    if (this.#element) this.#element.dataset["dragging"] = String(this.#gestures.isDragging);
  }

  /** Device pixels per CSS pixel, as the canvas really has them. */
  get #ratio(): number {
    const shown = this.#element?.clientWidth ?? 0;
    return shown > 0 ? (this.#control.canvas?.width ?? shown) / shown : devicePixelRatio;
  }

  #at(event: { readonly clientX: number; readonly clientY: number }): Point<ScreenPx> {
    const { left = 0, top = 0 } = this.#element?.getBoundingClientRect() ?? {};
    return screenPoint((event.clientX - left) * this.#ratio, (event.clientY - top) * this.#ratio);
  }

  #toCss(point: Point<ScreenPx> | null): { x: number; y: number } {
    return { x: (point?.x ?? 0) / this.#ratio, y: (point?.y ?? 0) / this.#ratio };
  }
}

const isComparing = (key: string): boolean => key === " " || key.toLowerCase() === "c";

/** Whether two settings paint the same. */
function isSame(a: CanvasSettings, b: CanvasSettings): boolean {
  return (
    a.opacity === b.opacity &&
    a.outlineWidth === b.outlineWidth &&
    a.hovered === b.hovered &&
    a.selected === b.selected &&
    a.solo === b.solo &&
    a.bare === b.bare &&
    a.hidden.length === b.hidden.length &&
    a.hidden.every((id, place) => id === b.hidden[place])
  );
}
