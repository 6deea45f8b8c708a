/** Binary heap of the items 0..capacity-1 by key, smallest first, whose keys can change while they are inside. */
export class IndexedHeap {
  readonly #keys: Float64Array<ArrayBuffer>;
  readonly #items: Uint32Array<ArrayBuffer>;
  /** Position of an item in the heap plus one; 0 when it is not inside. */
  readonly #positions: Uint32Array<ArrayBuffer>;
  #size = 0;

  constructor(capacity: number) {
    this.#keys = new Float64Array(capacity);
    this.#items = new Uint32Array(capacity);
    this.#positions = new Uint32Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  key(item: number): number {
    return this.#keys[item] ?? 0;
  }

  /** Puts an item in, or moves it to where its new key belongs. */
  set(item: number, key: number): void {
    const before = this.#keys[item] ?? 0;
    const position = this.#positions[item] ?? 0;
    this.#keys[item] = key;
    if (position === 0) this.#up(this.#size++, item);
    else if (key < before) this.#up(position - 1, item);
    else this.#down(position - 1, item);
  }

  delete(item: number): void {
    const position = this.#positions[item] ?? 0;
    if (position === 0) return;
    this.#positions[item] = 0;
    const moved = this.#items[--this.#size] ?? 0;
    if (moved === item) return;
    if ((this.#keys[moved] ?? 0) < (this.#keys[item] ?? 0)) this.#up(position - 1, moved);
    else this.#down(position - 1, moved);
  }

  /** Item with the smallest key; 0 when the heap is empty. */
  top(): number {
    return this.#items[0] ?? 0;
  }

  #up(from: number, item: number): void {
    const key = this.#keys[item] ?? 0;
    let position = from;
    while (position > 0) {
      const above = (position - 1) >>> 1;
      const other = this.#items[above] ?? 0;
      if ((this.#keys[other] ?? 0) <= key) break;
      this.#place(other, position);
      position = above;
    }
    this.#place(item, position);
  }

  #down(from: number, item: number): void {
    const key = this.#keys[item] ?? 0;
    let position = from;
    for (;;) {
      let below = 2 * position + 1;
      if (below >= this.#size) break;
      const right = below + 1;
      if (right < this.#size && this.key(this.#items[right] ?? 0) < this.key(this.#items[below] ?? 0)) below = right;
      const other = this.#items[below] ?? 0;
      if (this.key(other) >= key) break;
      this.#place(other, position);
      position = below;
    }
    this.#place(item, position);
  }

  #place(item: number, position: number): void {
    this.#items[position] = item;
    this.#positions[item] = position + 1;
  }
}
