/**
 * A map that forgets the entries that were not asked for the longest, once all together are larger than `capacity`. The
 * newest always stays.
 */
export class LeastRecentlyUsed<Key, Value> {
  private readonly entries = new Map<Key, { readonly value: Value; readonly size: number }>();
  private readonly capacity: number;
  private readonly sizeOf: (value: Value) => number;
  private total = 0;

  /** @param sizeOf size of a value, in whatever unit the capacity has; by default each counts as one */
  constructor(capacity: number, sizeOf: (value: Value) => number = () => 1) {
    this.capacity = capacity;
    this.sizeOf = sizeOf;
  }

  get size(): number {
    return this.entries.size;
  }

  /** The value, which becomes the most recently used. */
  get(key: Key): Value | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: Key, value: Value): void {
    this.delete(key);
    const size = this.sizeOf(value);
    this.entries.set(key, { value, size });
    this.total += size;
    for (const oldest of this.entries.keys()) {
      if (this.total <= this.capacity || this.entries.size === 1) break;
      this.delete(oldest);
    }
  }

  delete(key: Key): void {
    this.total -= this.entries.get(key)?.size ?? 0;
    this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
    this.total = 0;
  }
}
