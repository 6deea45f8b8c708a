import type { ClassInfo, PictureId, View } from "./contract.ts";
import type { Gpu } from "./gpu/device.ts";
import type { WorkingImage } from "./imaging/working-image.ts";
import type { Labelled } from "./labelling.ts";
import { Easel } from "./painting/easel.ts";
import type { PaintHeat } from "./painting/heat-layer.ts";
import { paintViewOf, paletteOf } from "./results.ts";

/** What the canvas shows: one picture, its labels, in the view that the page last asked for. */
export class Display {
  readonly #easel = new Easel();
  #picture: PictureId | null = null;
  #labelled: Labelled | null = null;
  #view: View | null = null;

  get painter(): Easel["kind"] {
    return this.#easel.kind;
  }

  attach(canvas: OffscreenCanvas): Promise<void> {
    return this.#easel.attach(canvas);
  }

  useDevice(gpu: Gpu | null): Promise<void> {
    return this.#easel.useDevice(gpu);
  }

  /** Says which picture is wanted, before its pixels are there: labels of any other are not painted from now on. */
  want(picture: PictureId | null): void {
    this.#picture = picture;
  }

  /** Paints a picture, with labels when there are some; null empties the canvas. */
  setPicture(image: WorkingImage | null, labelled: Labelled | null, classes: readonly ClassInfo[]): void {
    this.#easel.setHeat(null);
    this.#easel.setMaps(null);
    this.#easel.setPicture(image);
    this.#labelled = null;
    if (labelled) this.#setLabels(labelled, classes);
  }

  /** Paints labels if they are of the picture on show. */
  setLabels(picture: PictureId, labelled: Labelled, classes: readonly ClassInfo[]): void {
    if (picture === this.#picture) this.#setLabels(labelled, classes);
  }

  /** Paints a heat map in place of the classes if it is of the picture on show. */
  setHeat(picture: PictureId, heat: PaintHeat): void {
    if (picture === this.#picture) this.#easel.setHeat(heat);
  }

  hideHeat(): void {
    this.#easel.setHeat(null);
  }

  #setLabels(labelled: Labelled, classes: readonly ClassInfo[]): void {
    this.#labelled = labelled;
    this.setPalette(classes);
    this.#easel.setMaps(labelled);
    this.#updateView();
  }

  /** Takes the classes' colours. Nothing has to be matched for a new colour. */
  setPalette(classes: readonly ClassInfo[]): void {
    if (!this.#labelled) return;
    this.#easel.setPalette(paletteOf(this.#labelled.classes, classes));
  }

  setView(view: View): void {
    this.#view = view;
    this.#updateView();
  }

  #updateView(): void {
    if (this.#view) this.#easel.setView(paintViewOf(this.#view, this.#labelled?.classes ?? []));
  }
}
