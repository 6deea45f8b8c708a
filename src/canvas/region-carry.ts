import type { Point, RegionIndex, ScreenPx } from "../../workers/contract.ts";

/** A region on its way out of the picture, and where on the page it is, in CSS pixels. */
export interface CarriedRegion {
  readonly region: RegionIndex;
  readonly x: number;
  readonly y: number;
}

/** Tells a click on the selected region from one that carries it away. One pointer at a time. */
export class RegionCarry {
  #held: { readonly region: RegionIndex; readonly pointer: number; readonly from: Point<ScreenPx> } | null = null;
  #isMoving = false;
  readonly #slop: number;

  /** @param slop device pixels that a hand may tremble within a click */
  constructor(slop: number) {
    this.#slop = slop;
  }

  isHeldBy(pointer: number): boolean {
    return this.#held?.pointer === pointer;
  }

  /** Takes a pointer that goes down on the selected region; false: it is for others. */
  down(pointer: number, from: Point<ScreenPx>, selected: RegionIndex | null): boolean {
    if (this.#held) return this.#isMoving;
    if (selected === null) return false;
    this.#held = { region: selected, pointer, from };
    this.#isMoving = false;
    return true;
  }

  /** Gives the pointer back when a second one goes down: two fingers zoom. */
  release(): readonly (readonly [pointer: number, at: Point<ScreenPx>])[] {
    const held = this.#held;
    this.#held = null;
    return held ? [[held.pointer, held.from]] : [];
  }

  /** The region that is carried; null while the hand only trembles. */
  move(at: Point<ScreenPx>): RegionIndex | null {
    if (!this.#held) return null;
    const { from, region } = this.#held;
    this.#isMoving ||= Math.hypot(at.x - from.x, at.y - from.y) > this.#slop;
    return this.#isMoving ? region : null;
  }

  /** Lets go. The region that was carried; null when it was a click, or nothing was held. */
  up(): RegionIndex | null {
    const carried = this.#isMoving ? (this.#held?.region ?? null) : null;
    this.#held = null;
    this.#isMoving = false;
    return carried;
  }
}
