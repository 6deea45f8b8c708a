import { array, assert, asyncProperty, constantFrom, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { EngineError } from "../../contract.ts";
import { fileOf, pngOf, quiet } from "./dataset.fixture.ts";
import { readDataset, summaryOf } from "./read-dataset.ts";

const read = async (...paths: string[]) =>
  summaryOf(
    await readDataset(
      paths.map((path) => fileOf(path, "x")),
      quiet,
    ),
  );

describe("a folder of folders", () => {
  test("is a class for each folder with pictures, wherever it lies", async () => {
    expect(await read("set/dog/a.jpg", "set/dog/b.PNG", "set/train/cat/c.webp")).toEqual({
      kind: "folders",
      pictures: 3,
      classes: [
        { name: "dog", things: 2, pictures: 2 },
        { name: "cat", things: 1, pictures: 1 },
      ],
      skipped: [],
    });
  });

  test("of one name in two places is one class", async () => {
    const { classes } = await read("set/train/dog/a.jpg", "set/val/dog/a.jpg");
    expect(classes).toEqual([{ name: "dog", things: 2, pictures: 2 }]);
  });

  test("leaves out what lies in none, what is hidden and what is no picture, by name", async () => {
    const { classes, skipped } = await read("set/dog/a.jpg", "set/loose.jpg", "set/dog/.hidden.jpg", "set/dog/run.exe");
    expect(classes).toEqual([{ name: "dog", things: 1, pictures: 1 }]);
    expect(skipped).toEqual([
      { reason: "pictures lie in no folder of a class", count: 1, examples: ["loose.jpg"] },
      { reason: "files are neither pictures nor annotations", count: 1, examples: ["run.exe"] },
    ]);
  });

  test("that is one folder of pictures is one class", async () => {
    expect((await read("dog/a.jpg", "dog/b.jpg")).classes).toEqual([{ name: "dog", things: 2, pictures: 2 }]);
  });

  test("called like what every object has is a class like any other", async () => {
    const { classes } = await read("set/__proto__/a.jpg", "set/constructor/a.jpg");
    expect(classes.map(({ name }) => name)).toEqual(["__proto__", "constructor"]);
  });
});

describe("what is in a folder", () => {
  test("is what it says most about: annotations before labels before folders", async () => {
    const labels = fileOf("set/labels/a.png", await pngOf({ width: 1, height: 1, depth: 8, values: [1] }));
    const picture = fileOf("set/images/a.jpg");
    const coco = fileOf(
      "set/annotations.json",
      JSON.stringify({
        images: [{ id: 1, file_name: "a.jpg", width: 1, height: 1 }],
        categories: [{ id: 1, name: "dog" }],
      }),
    );
    const kindOf = async (...files: ReturnType<typeof fileOf>[]) => (await readDataset(files, quiet)).kind;
    expect([await kindOf(picture, labels, coco), await kindOf(picture, labels), await kindOf(picture)]).toEqual([
      "coco",
      "labels",
      "folders",
    ]);
  });

  test.each([["nothing"], ["texts", "a.txt", "b.json"], ["hidden files", ".a.jpg"]])(
    "with %s in it is refused in one sentence",
    async (_case, ...paths) => {
      await expect(read(...paths)).rejects.toMatchObject({
        code: "dataset-unreadable",
        message: "There are no pictures in what was given.",
      });
    },
  );

  test("is read or refused, whatever the files are called and hold", async () => {
    const names = constantFrom(
      "a.jpg",
      "labels/a.png",
      "annotations.json",
      "classes.txt",
      "x/../../y.png",
      "/",
      "",
      "//a.png",
      "a/b/c.gif",
    );
    const contents = constantFrom(
      "",
      "{}",
      "[]",
      '{"images":[{}]}',
      "\u0000\u00ff",
      '{"images":[{"id":1,"file_name":"a.jpg","width":1,"height":1}],"categories":[{"id":1,"name":"a"}],"annotations":[{}]}',
    );
    await assert(
      asyncProperty(array(tuple(names, contents), { maxLength: 8 }), async (list) => {
        const files = list.map(([path, content]) => fileOf(path, content));
        const outcome = await readDataset(files, quiet).then(
          (dataset) => summaryOf(dataset).kind,
          (cause: unknown) => (cause instanceof EngineError ? cause.code : cause),
        );
        expect(["coco", "labels", "folders", "dataset-unreadable"]).toContain(outcome);
      }),
    );
  });
});
