import { array, assert, asyncProperty, constantFrom, integer, jsonValue, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { areaOfRuns } from "../../imaging/runs.ts";
import { readCoco } from "./coco.ts";
import { fileOf, quiet } from "./dataset.fixture.ts";
import type { Dataset } from "./dataset.ts";
import { SkippedList } from "./skipped.ts";

const square = [1, 1, 3, 1, 3, 3, 1, 3];
const image = { id: 1, file_name: "a.jpg", width: 8, height: 6 };
const dog = { id: 7, name: "dog" };
const thing = { image_id: 1, category_id: 7, segmentation: [square], area: 4 };

const annotations = (value: object, path = "set/annotations.json") => fileOf(path, JSON.stringify(value));

/** What is read, and what was left out as "count reason". */
async function read(...files: ReturnType<typeof fileOf>[]): Promise<{ dataset: Dataset | null; left: string[] }> {
  const skipped = new SkippedList();
  const dataset = await readCoco(files, skipped, quiet);
  return { dataset, left: skipped.list().map(({ count, reason }) => `${count} ${reason}`) };
}

/** Pixels under the mask of each thing, or why there is none. */
async function masksOf(dataset: Dataset | null): Promise<readonly (number | string)[]> {
  if (!dataset?.masks) throw new Error("There are no masks.");
  const find = await dataset.masks(dataset.things, quiet);
  return Promise.all(
    dataset.things.map(async (one) => {
      const mask = await find(one);
      return typeof mask === "string" ? mask : areaOfRuns(mask.runs);
    }),
  );
}

describe("annotations in COCO's format", () => {
  test("give things with their classes, pictures, shares and masks", async () => {
    const { dataset, left } = await read(
      annotations({ images: [image], categories: [dog], annotations: [thing, { ...thing, area: 24 }] }),
      fileOf("set/images/A.JPG"),
    );
    expect(dataset?.classes).toEqual(["dog"]);
    expect(dataset?.pictures.map(({ path }) => path)).toEqual(["set/images/A.JPG"]);
    expect(dataset?.things.map(({ share }) => share)).toEqual([4 / 48, 0.5]);
    expect(await masksOf(dataset)).toEqual([4, 4]);
    expect(left).toEqual([]);
  });

  test("of several files are put together: a class of one name is one, ids count in their own file", async () => {
    const { dataset } = await read(
      annotations({ images: [image], categories: [dog], annotations: [thing] }, "train/annotations.json"),
      annotations(
        {
          images: [{ ...image, file_name: "b.jpg" }],
          categories: [
            { id: 7, name: "cat" },
            { id: "k9", name: "dog" },
          ],
          annotations: [{ ...thing, category_id: "k9", segmentation: [[0, 0, 8, 0, 8, 6, 0, 6]] }],
        },
        "val/annotations.json",
      ),
      fileOf("train/a.jpg"),
      fileOf("val/b.jpg"),
    );
    expect(dataset?.classes).toEqual(["dog", "cat"]);
    expect(dataset?.things.map(({ classIndex, picture }) => [classIndex, picture])).toEqual([
      [0, 0],
      [0, 1],
    ]);
    expect(await masksOf(dataset)).toEqual([4, 48]);
  });

  test("find the picture of that name that lies best, and never leave the files that were given", async () => {
    const { dataset } = await read(
      annotations({
        images: [
          { ...image, file_name: "val/a.jpg" },
          { ...image, id: 2, file_name: "../../../etc/a.jpg" },
          { ...image, id: 3, file_name: "C:\\train\\a.jpg" },
        ],
        categories: [dog],
        annotations: [thing, { ...thing, image_id: 2 }, { ...thing, image_id: 3 }],
      }),
      fileOf("set/train/a.jpg"),
      fileOf("set/val/a.jpg"),
    );
    expect(dataset?.things.map(({ picture }) => dataset.pictures[picture]?.path)).toEqual([
      "set/val/a.jpg",
      "set/train/a.jpg",
      "set/train/a.jpg",
    ]);
  });

  test("that lie about sizes take no memory, and are left out by name", async () => {
    const huge = { ...image, id: 2, width: 65_535, height: 65_535 };
    const { dataset, left } = await read(
      annotations({
        images: [image, huge, { ...image, id: 3, width: 0 }, { ...image, id: 4, height: 1e300 }],
        categories: [dog],
        annotations: [
          { ...thing, segmentation: { size: [6, 9], counts: [54] } },
          { ...thing, segmentation: { size: [6, 8], counts: [10, 1e9] } },
          { ...thing, segmentation: { size: [65_535, 65_535], counts: "P".repeat(1000) } },
          { ...thing, segmentation: [Array.from({ length: 200_002 }, (_, at) => at % 8)] },
          { ...thing, segmentation: [[1e308, -1e308, 1e308, 1e308, -1e308, 1e308]] },
          { ...thing, segmentation: [[20, 20, 30, 20, 30, 30]] },
          { ...thing, segmentation: [[1, 2, 3]] },
          { ...thing, segmentation: "javascript:alert(1)" },
          { ...thing, image_id: 2 },
        ],
      }),
      fileOf("a.jpg"),
    );
    expect(left).toEqual(["3 picture entries are not well-formed", "1 annotations are of an unknown picture id"]);
    expect(await masksOf(dataset)).toEqual([
      "masks are of another size than their picture",
      "masks are not well-formed",
      "masks are of another size than their picture",
      "masks are not well-formed",
      expect.anything(),
      "masks are empty",
      "masks are not well-formed",
      "masks are not well-formed",
    ]);
  });

  test("in a file that is cut short count as far as they go", async () => {
    const text = JSON.stringify({ images: [image], categories: [dog], annotations: [thing, thing] });
    const { dataset, left } = await read(fileOf("a.json", text.slice(0, -30)), fileOf("a.jpg"));
    expect(dataset?.things).toHaveLength(1);
    expect(left).toEqual(["1 files of annotations are cut short"]);
  });

  test("called like what every object has are classes like any others", async () => {
    const names = ["__proto__", "constructor", "<img src=x onerror=alert(1)>"];
    const { dataset } = await read(
      annotations({
        images: [image],
        categories: names.map((name) => ({ id: name, name })),
        annotations: names.map((name) => ({ ...thing, category_id: name })),
      }),
      fileOf("a.jpg"),
    );
    expect(dataset?.classes).toEqual(names);
    expect(dataset?.things.map(({ classIndex }) => classIndex)).toEqual([0, 1, 2]);
  });

  test.each([
    ["no JSON", "hello"],
    ["an array", "[1, 2]"],
    ["nothing in it", "{}"],
    ["only pictures", JSON.stringify({ images: [image] })],
    ["another kind of thing", JSON.stringify({ version: 5, shapes: [] })],
    ["brackets without end", "[".repeat(100_000)],
  ])("with %s are none", async (_case, text) => {
    expect((await read(fileOf("a.json", text), fileOf("a.jpg"))).dataset).toBeNull();
  });

  test("with anything in anything's place are read without failing, and every thing has a class and a picture", async () => {
    const parts = record({
      id: constantFrom<unknown>(1, "1", null, {}),
      image_id: constantFrom<unknown>(1, 2, "x"),
      category_id: constantFrom<unknown>(7, -1, []),
      segmentation: jsonValue(),
      area: constantFrom<unknown>(4, -4, "4", null),
      iscrowd: constantFrom<unknown>(0, 1, "1"),
    });
    await assert(
      asyncProperty(
        array(parts, { maxLength: 6 }),
        jsonValue(),
        integer({ min: 0, max: 2 }),
        async (list, junk, at) => {
          const value = { images: [image], categories: [dog], annotations: list };
          const spoilt = at === 0 ? { ...value, images: [image, junk] } : { ...value, categories: [junk, dog] };
          const { dataset } = await read(annotations(spoilt), fileOf("a.jpg"));
          for (const one of dataset?.things ?? []) {
            expect(dataset?.classes[one.classIndex]).toBe("dog");
            expect(dataset?.pictures[one.picture]?.path).toBe("a.jpg");
            expect(one.share).toBeGreaterThan(0);
          }
          if (dataset) await masksOf(dataset);
        },
      ),
    );
  });

  test("are no longer read once the person has stopped", async () => {
    const stop = (): Promise<void> => Promise.reject(new Error("stopped"));
    const files = [annotations({ images: [image], categories: [dog], annotations: [thing] }), fileOf("a.jpg")];
    await expect(readCoco(files, new SkippedList(), stop)).rejects.toThrow("stopped");
  });
});
