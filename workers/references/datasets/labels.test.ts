import { describe, expect, test } from "vitest";
import { areaOfRuns } from "../../imaging/runs.ts";
import { fileOf, pngOf, quiet } from "./dataset.fixture.ts";
import type { Dataset } from "./dataset.ts";
import { readLabels } from "./labels.ts";
import { SkippedList } from "./skipped.ts";

const PICTURE = { width: 4, height: 2, depth: 8 };
const labelled = async (path: string, values: readonly number[]) => fileOf(path, await pngOf({ ...PICTURE, values }));
const two = [0, 1, 1, 1, 255, 2, 2, 0];

async function read(...files: ReturnType<typeof fileOf>[]): Promise<{ dataset: Dataset | null; left: string[] }> {
  const skipped = new SkippedList();
  const dataset = await readLabels(files, skipped, quiet);
  return {
    dataset,
    left: skipped.list().map(({ count, reason, examples }) => `${count} ${reason}: ${examples.join()}`),
  };
}

/** "class picture pixels" of every thing. */
async function thingsOf(dataset: Dataset | null): Promise<readonly string[]> {
  if (!dataset?.masks) throw new Error("There are no masks.");
  const find = await dataset.masks(dataset.things, quiet);
  return Promise.all(
    dataset.things.map(async (one) => {
      const mask = await find(one);
      const area = typeof mask === "string" ? mask : areaOfRuns(mask.runs);
      return `${dataset.classes[one.classIndex]} ${dataset.pictures[one.picture]?.path} ${area}`;
    }),
  );
}

describe("label pictures", () => {
  test.each([
    ["a list", "classes.json", JSON.stringify(["background", "dog", "cat"])],
    ["a list with gaps", "classes.json", JSON.stringify([null, "dog", "cat"])],
    ["an object of value and name", "labels.json", JSON.stringify({ 0: "background", 1: "dog", 2: "cat" })],
    ["lines", "classes.txt", "background\r\ndog\ncat\n"],
    [
      "what the app saves itself",
      "classes.json",
      JSON.stringify({
        classes: [
          { index: 1, name: "dog" },
          { index: 2, name: "cat" },
        ],
      }),
    ],
  ])("have the names that %s gives them; nothing and nobody-knows are no classes", async (_case, name, text) => {
    const { dataset, left } = await read(
      await labelled("set/labels/a.png", two),
      fileOf("set/images/a.jpg"),
      fileOf(`set/${name}`, text),
    );
    expect(await thingsOf(dataset)).toEqual(["dog set/images/a.jpg 3", "cat set/images/a.jpg 2"]);
    expect(dataset?.things.map(({ share }) => share)).toEqual([3 / 8, 2 / 8]);
    expect(left).toEqual([]);
  });

  test("without names are called by their values", async () => {
    const { dataset } = await read(await labelled("masks/a.png", two), fileOf("a.jpg"));
    expect(dataset?.classes).toEqual(["class 1", "class 2"]);
  });

  test("may lie beside their pictures, with an ending of their own", async () => {
    const { dataset } = await read(
      await labelled("x/a_mask.png", two),
      fileOf("x/a.png"),
      await labelled("y/B-gt.png", two),
      fileOf("y/b.webp"),
    );
    expect(dataset?.pictures.map(({ path }) => path)).toEqual(["x/a.png", "y/b.webp"]);
  });

  test("that cannot be used, and pictures without any, are counted and named", async () => {
    const { dataset, left } = await read(
      await labelled("labels/a.png", two),
      fileOf("labels/broken.png", "no picture"),
      fileOf("labels/grey.png", await pngOf({ ...PICTURE, values: two, colour: 2 })),
      await labelled("labels/alone.png", two),
      fileOf("a.jpg"),
      fileOf("broken.jpg"),
      fileOf("grey.jpg"),
      fileOf("lonely.jpg"),
      fileOf("classes.json", JSON.stringify({ 1: "dog" })),
    );
    expect(dataset?.classes).toEqual(["dog"]);
    expect(left.toSorted()).toEqual([
      "1 label pictures are in colour: values are wanted, one a class: grey.png",
      "1 label pictures are no PNG files: broken.png",
      "1 label pictures have no picture: alone.png",
      "1 labels are of a value without a name: 2 in a.png",
      "1 pictures have no labels: lonely.jpg",
    ]);
  });

  test("whose values of one name are one class keep a mask for each value", async () => {
    const { dataset } = await read(
      await labelled("labels/a.png", two),
      fileOf("a.jpg"),
      fileOf("classes.json", JSON.stringify(["background", "dog", "dog"])),
    );
    expect(await thingsOf(dataset)).toEqual(["dog a.jpg 3", "dog a.jpg 2"]);
  });

  test("with as many values as a photograph are taken for one", async () => {
    const values = Array.from({ length: 40 * 40 }, (_, at) => at);
    const png = await pngOf({ width: 40, height: 40, depth: 16, values, colour: 0 });
    const { dataset, left } = await read(fileOf("labels/a.png", png), fileOf("a.jpg"));
    expect(dataset?.things).toEqual([]);
    expect(left).toEqual(["1 label pictures have too many values: they look like photographs: a.png"]);
  });

  test.each([
    ["no JSON", "classes.json", "hello"],
    ["numbers for names", "classes.json", "[1, 2]"],
    ["another shape", "classes.json", '{"classes": {"a": 1}}'],
  ])("whose names are %s are called by their values, and that is said", async (_case, name, text) => {
    const { dataset, left } = await read(await labelled("labels/a.png", two), fileOf("a.jpg"), fileOf(name, text));
    expect(dataset?.classes).toEqual(["class 1", "class 2"]);
    expect(left).toEqual([`1 files of class names are not well-formed: ${name}`]);
  });

  test("called like what every object has are classes like any others", async () => {
    const { dataset } = await read(
      await labelled("labels/__proto__.png", two),
      fileOf("__proto__.jpg"),
      fileOf("classes.json", '["", "__proto__", "constructor"]'),
    );
    expect(dataset?.classes).toEqual(["__proto__", "constructor"]);
    expect(dataset?.things).toHaveLength(2);
  });

  test("that changed under the reader give a reason, not a failure", async () => {
    const { dataset } = await read(await labelled("labels/a.png", two), fileOf("a.jpg"));
    const find = await dataset?.masks?.([], quiet);
    expect(await find?.({ picture: 5, classIndex: 0, share: 1, key: 1 })).toBe("label pictures are missing");
  });

  test("are none where there are only pictures", async () => {
    expect((await read(fileOf("dog/a.jpg"), fileOf("dog/b.png"))).dataset).toBeNull();
  });
});
