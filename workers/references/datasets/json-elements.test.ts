import { array, assert, integer, json, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonElements, readJsonElements } from "./json-elements.ts";

/** Elements found in a text that comes in pieces of a given length. */
function found(text: string, length: number, keys: readonly string[] = ["images", "annotations"]) {
  const heard: [string, unknown][] = [];
  const elements = new JsonElements(keys, (key, part) => heard.push([key, JSON.parse(part)]));
  for (let at = 0; at < text.length; at += length) elements.push(text.slice(at, at + length));
  return { heard, isComplete: elements.isComplete };
}

describe("elements of a JSON text", () => {
  test("are found whole, however the text is cut into pieces", () => {
    const values = array(json(), { maxLength: 5 });
    assert(
      property(values, values, integer({ min: 1, max: 50 }), (images, annotations, length) => {
        const wrapped = (list: readonly string[]): unknown[] => list.map((text) => ({ value: JSON.parse(text) }));
        const value = {
          info: { images: ["no", { "}": "]" }], text: 'a "quoted" [bracket' },
          images: wrapped(images),
          licences: [[{ id: 1 }], { images: [1] }],
          annotations: wrapped(annotations),
        };
        for (const indent of [0, 2]) {
          const { heard, isComplete } = found(JSON.stringify(value, null, indent), length);
          expect(isComplete).toBe(true);
          expect(heard).toEqual([
            ...value.images.map((one) => ["images", one]),
            ...value.annotations.map((one) => ["annotations", one]),
          ]);
        }
      }),
    );
  });

  test("that are no objects are null, each once", () => {
    expect(found('{"images": [3, "a, b", [1, 2], {"id": 1}, true]}', 3).heard.map(([, value]) => value)).toEqual([
      null,
      null,
      null,
      { id: 1 },
      null,
    ]);
  });

  test.each([
    ["an array", "[1, 2]"],
    ["a text that is cut short", '{"images": [{"id": 1}, {"id"'],
    ["a word", "hello"],
    ["nothing", ""],
  ])("%s is no whole object", (_case, text) => {
    expect(found(text, 4).isComplete).toBe(false);
  });

  test("of a file are read in its encoding, with word of how far it is", async () => {
    const text = '{"images": [{"name": "größe 🐕"}]}';
    const heard: string[] = [];
    const told: number[] = [];
    const blob = new Blob([text]);
    const isWhole = await readJsonElements(
      blob,
      ["images"],
      (_key, part) => heard.push(part),
      async (read) => void told.push(read),
    );
    expect(isWhole).toBe(true);
    expect(heard).toEqual(['{"name": "größe 🐕"}']);
    expect(told.at(-1)).toBe(blob.size);
  });
});
