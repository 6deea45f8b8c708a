import type { ImagePx, PictureId, Point, ScreenPx } from "../../workers/contract.ts";
import { clamp, fit, pan, pinch, resized, screenPoint, zoomAbout } from "./viewport.ts";
import type { Size, Viewport } from "./viewport.ts";
import type { Motion } from "./gestures.ts";

export interface ShownPicture extends Size<ImagePx> {
  readonly id: PictureId;
}

/** The viewport of one canvas as picture, canvas size and hands change it. */
export class ViewportControl {
  #picture: ShownPicture | null = null;
  #canvas: Size<ScreenPx> | null = null;
  #viewport: Viewport | null = null;
  /** The picture was fitted and not moved since: it stays fitted when the canvas changes its size. */
  #isFitted = true;

  /** Null before there are a picture and a canvas with an area. */
  get viewport(): Viewport | null {
    return this.#viewport;
  }

  get canvas(): Size<ScreenPx> | null {
    return this.#canvas;
  }

  get isFitted(): boolean {
    return this.#isFitted;
  }

  /** Another picture is shown whole. */
  setPicture(picture: ShownPicture | null): void {
    const before = this.#picture;
    this.#picture = picture;
    const isSame = before?.id === picture?.id && before?.width === picture?.width && before?.height === picture?.height;
    if (!isSame) this.fit();
  }

  setCanvas(size: Size<ScreenPx>): void {
    const before = this.#canvas;
    this.#canvas = size;
    if (this.#isFitted || !before || !this.#viewport || !this.#picture || !hasArea(size)) this.fit();
    else this.#viewport = resized(this.#viewport, this.#picture, before, size);
  }

  fit(): void {
    this.#isFitted = true;
    this.#viewport = this.#picture && this.#canvas && hasArea(this.#canvas) ? fit(this.#picture, this.#canvas) : null;
  }

  pan(dx: number, dy: number): void {
    this.#change((viewport) => pan(viewport, dx, dy));
  }

  /** @param at null for the middle of the canvas */
  zoom(factor: number, at: Point<ScreenPx> | null = null): void {
    this.#change((viewport, picture, canvas) =>
      zoomAbout(viewport, at ?? screenPoint(canvas.width / 2, canvas.height / 2), factor, picture, canvas),
    );
  }

  follow(motion: Motion): void {
    if (motion.kind === "pan") this.pan(motion.dx, motion.dy);
    else this.#change((viewport, picture, canvas) => pinch(viewport, motion.before, motion.after, picture, canvas));
  }

  #change(next: (viewport: Viewport, picture: ShownPicture, canvas: Size<ScreenPx>) => Viewport): void {
    if (!this.#viewport || !this.#picture || !this.#canvas) return;
    this.#viewport = clamp(next(this.#viewport, this.#picture, this.#canvas), this.#picture, this.#canvas);
    this.#isFitted = false;
  }
}

const hasArea = (size: Size<ScreenPx>): boolean => size.width > 0 && size.height > 0;
