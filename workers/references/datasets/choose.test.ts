import { array, assert, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseEvenly } from "./choose.ts";
import type { Thing } from "./dataset.ts";

const thing = (picture: number, share: number): Thing => ({
  picture,
  share,
  classIndex: 0,
  key: picture * 100 + share,
});

describe("an even choice", () => {
  test("takes the largest thing of each picture before a second of any", () => {
    const things = [thing(0, 0.2), thing(0, 0.5), thing(1, 0.1), thing(2, 0.3), thing(2, 0.4)];
    expect(chooseEvenly(things, 3)).toEqual([thing(0, 0.5), thing(1, 0.1), thing(2, 0.4)]);
    expect(chooseEvenly(things, 4)).toHaveLength(4);
  });

  test("spreads over the pictures when there are more than wanted", () => {
    const things = Array.from({ length: 100 }, (_, picture) => thing(picture, 0.5));
    expect(chooseEvenly(things, 4).map(({ picture }) => picture)).toEqual([12, 37, 62, 87]);
  });

  test("takes tiny things only when there is nothing else", () => {
    expect(chooseEvenly([thing(0, 0.001), thing(1, 0.2), thing(1, 0.1)], 2)).toEqual([thing(1, 0.2), thing(1, 0.1)]);
    expect(chooseEvenly([thing(0, 0.001)], 2)).toEqual([thing(0, 0.001)]);
  });

  test("is never more than wanted, nor fewer than there are, and none twice", () => {
    const things = array(
      record({ picture: integer({ min: 0, max: 9 }), share: integer({ min: 0, max: 100 }) }).map(({ picture, share }) =>
        thing(picture, share / 100),
      ),
      { maxLength: 40 },
    );
    assert(
      property(things, integer({ min: 1, max: 20 }), (all, most) => {
        const chosen = chooseEvenly(all, most);
        expect(chosen).toHaveLength(Math.min(most, all.length));
        expect(new Set(chosen).size).toBe(chosen.length);
      }),
    );
  });
});
