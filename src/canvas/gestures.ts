import type { Point, ScreenPx } from "../../workers/contract.ts";

type Pair = readonly [Point<ScreenPx>, Point<ScreenPx>];

export type Motion =
  | { readonly kind: "pan"; readonly dx: number; readonly dy: number }
  | { readonly kind: "pinch"; readonly before: Pair; readonly after: Pair };

/** Tells clicks, drags and pinches apart from the pointers that are down. Knows nothing of pictures. */
export class Gestures {
  readonly #pointers = new Map<number, Point<ScreenPx>>();
  /** Where the first pointer went down; null once it has moved too far to be a click. */
  #clickAt: Point<ScreenPx> | null = null;
  readonly #slop: number;

  /** @param slop device pixels that a hand may tremble within a click */
  constructor(slop: number) {
    this.#slop = slop;
  }

  get isDragging(): boolean {
    return this.#pointers.size > 0 && this.#clickAt === null;
  }

  get isDown(): boolean {
    return this.#pointers.size > 0;
  }

  down(pointer: number, at: Point<ScreenPx>): void {
    this.#clickAt = this.#pointers.size === 0 ? at : null;
    this.#pointers.set(pointer, at);
  }

  /** What the picture has to do; null for a pointer that is not down, a third finger, and a trembling hand. */
  move(pointer: number, at: Point<ScreenPx>): Motion | null {
    const from = this.#pointers.get(pointer);
    if (!from) return null;
    if (this.#clickAt && Math.hypot(at.x - this.#clickAt.x, at.y - this.#clickAt.y) <= this.#slop) return null;
    this.#clickAt = null;
    const before = this.#firstTwo();
    this.#pointers.set(pointer, at);
    const after = this.#firstTwo();
    if (before && after) return { kind: "pinch", before, after };
    return { kind: "pan", dx: at.x - from.x, dy: at.y - from.y };
  }

  /** Returns the place of a click, when lifting this pointer ended one. */
  up(pointer: number): Point<ScreenPx> | null {
    const wasDown = this.#pointers.delete(pointer);
    const clicked = wasDown ? this.#clickAt : null;
    this.#clickAt = null;
    return clicked;
  }

  cancel(pointer: number): void {
    this.#pointers.delete(pointer);
    this.#clickAt = null;
  }

  #firstTwo(): Pair | null {
    const [first, second] = this.#pointers.values();
    return first && second ? [first, second] : null;
  }
}
