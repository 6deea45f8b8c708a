import { array, assert, asyncProperty, constantFrom, integer, record, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { deflated, pngOf } from "./dataset.fixture.ts";
import { readLabelPng } from "./label-png.ts";

const picture = record({
  width: integer({ min: 1, max: 20 }),
  height: integer({ min: 1, max: 6 }),
  depth: constantFrom(1, 2, 4, 8, 16),
  colour: constantFrom(0, 3),
}).chain((wish) =>
  record({
    values: array(integer({ min: 0, max: 2 ** wish.depth - 1 }), {
      minLength: wish.width * wish.height,
      maxLength: wish.width * wish.height,
    }),
    filters: array(integer({ min: 0, max: 4 }), { minLength: wish.height, maxLength: wish.height }),
  }).map(({ values, filters }) => Object.assign({}, wish, { values, filters })),
);

const read = (bytes: Uint8Array<ArrayBuffer>): ReturnType<typeof readLabelPng> => readLabelPng(new Blob([bytes]));

const small = { width: 4, height: 2, depth: 8, values: [0, 1, 2, 3, 4, 5, 6, 7] };

describe("label pictures", () => {
  test("give their values back, of every depth and under every filter", async () => {
    await assert(
      asyncProperty(picture, async (wish) => {
        const found = await read(await pngOf(wish));
        expect(found).toMatchObject({ width: wish.width, height: wish.height });
        expect(typeof found === "string" ? found : [...found.values]).toEqual(wish.values);
      }),
    );
  });

  test.each([
    ["colours", { ...small, colour: 2 }, "label pictures are in colour: values are wanted, one a class"],
    [
      "colours and transparency",
      { ...small, colour: 6 },
      "label pictures are in colour: values are wanted, one a class",
    ],
    ["interlacing", { ...small, interlaced: true }, "label pictures are interlaced"],
    ["no width", { ...small, width: 0 }, "label pictures are too large"],
    ["more pixels than any picture may have", { ...small, width: 2 ** 31 - 1 }, "label pictures are too large"],
    ["fewer rows than they say", { ...small, height: 3 }, "label pictures are damaged"],
    [
      "a small file that says to be a huge picture",
      { ...small, width: 9000, height: 9000 },
      "label pictures are damaged",
    ],
  ] as const)("with %s are refused, with the reason", async (_case, wish, reason) => {
    const honest = await pngOf({ ...wish, width: 4, height: 2 });
    // The header alone lies: the pixels are those of four by two.
    new DataView(honest.buffer).setUint32(16, wish.width);
    new DataView(honest.buffer).setUint32(20, wish.height);
    expect(await read(honest)).toBe(reason);
  });

  test("that are none are refused", async () => {
    expect(await readLabelPng(new Blob([]))).toBe("label pictures are no PNG files");
    expect(await readLabelPng(new Blob(["<svg onload=alert(1)>"]))).toBe("label pictures are no PNG files");
  });

  test("of a depth that there is not are damaged", async () => {
    const bytes = await pngOf(small);
    bytes[24] = 5;
    expect(await read(bytes)).toBe("label pictures are damaged");
  });

  test("cut anywhere, or with any byte another, give values or a reason, and never fail", async () => {
    const whole = await pngOf({ ...small, filters: [1, 4] });
    for (let length = 0; length < whole.length; length += 1) {
      const found = await read(whole.slice(0, length));
      expect(typeof found === "string" || found.values.length === 8).toBe(true);
    }
    await assert(
      asyncProperty(integer({ min: 0, max: whole.length - 1 }), integer({ min: 0, max: 255 }), async (at, byte) => {
        const other = whole.slice();
        other[at] = byte;
        const found = await read(other);
        expect(typeof found === "string" || found.values.length === found.width * found.height).toBe(true);
      }),
      { numRuns: 300 },
    );
    await assert(
      asyncProperty(uint8Array({ maxLength: 80 }), async (junk) => {
        const found = await read(new Uint8Array([...whole.subarray(0, 33), ...junk]));
        expect(typeof found === "string" || found.values.length === 8).toBe(true);
      }),
    );
  });

  test("that unpack to more than their picture needs are read no further", async () => {
    const bytes = await pngOf(small);
    const bomb = await deflated(new Uint8Array(20_000_000));
    const start = bytes.indexOf("I".charCodeAt(0), 33 + 18) - 4;
    const chunk = new Uint8Array(bomb.length + 12);
    new DataView(chunk.buffer).setUint32(0, bomb.length);
    chunk.set(
      Uint8Array.from("IDAT", (letter) => letter.charCodeAt(0)),
      4,
    );
    chunk.set(bomb, 8);
    const found = await read(new Uint8Array([...bytes.subarray(0, start), ...chunk]));
    expect(typeof found === "string" ? found : [...found.values]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });
});
