/** Units and names of things: pixels of different pictures, ids of different things, never mixed up. */

declare const unit: unique symbol;
type Branded<Base, Unit extends string> = Base & { readonly [unit]: Unit };

/** Pixels of the working image: origin top left, x right, y down; the long side is at most 1024. */
export type ImagePx = Branded<number, "working image px">;
/** Pixels of the picture as it was given, after EXIF orientation. */
export type OriginalPx = Branded<number, "original picture px">;
/** Device pixels of the canvas (CSS pixels times the device pixel ratio). */
export type ScreenPx = Branded<number, "screen px">;

export type PictureId = Branded<string, "picture">;
export type BankId = Branded<string, "bank">;
export type ClassId = Branded<string, "class">;
export type ReferenceId = Branded<string, "reference">;
/** A step of this tab that can be undone. */
export type StepId = Branded<number, "step">;
export type ModelId = Branded<string, "model">;
/** Index of a region of one picture under one model, as it stands in region maps minus one. */
export type RegionIndex = Branded<number, "region">;

export interface Point<Unit extends number = ImagePx> {
  readonly x: Unit;
  readonly y: Unit;
}
/** Half-open: covers x <= column < x + width. */
export interface Box<Unit extends number = ImagePx> {
  readonly x: Unit;
  readonly y: Unit;
  readonly width: Unit;
  readonly height: Unit;
}
