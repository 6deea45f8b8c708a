import * as fc from "fast-check";
import { expect, test } from "vitest";
import { IndexedHeap } from "./indexed-heap.ts";

test("after any sequence of changes the smallest key is on top", () => {
  const change = fc.record({ item: fc.nat(19), key: fc.option(fc.integer({ min: -9, max: 9 })) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 80 }), (changes) => {
      const heap = new IndexedHeap(20);
      const expected = new Map<number, number>();
      for (const { item, key } of changes) {
        if (key === null) {
          heap.delete(item);
          expected.delete(item);
        } else {
          heap.set(item, key);
          expected.set(item, key);
        }
        expect(heap.size).toBe(expected.size);
        const smallest = expected.size === 0 ? undefined : expected.get(heap.top());
        expect(smallest).toBe(expected.size === 0 ? undefined : Math.min(...expected.values()));
      }
    }),
  );
});
