import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { encodeIndexedPng, encodePng } from "../../fixtures/pictures/png.ts";
import { UNKNOWN } from "./annotated-pictures.ts";
import { readDataset } from "./dataset.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lookalike-datasets-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const PALETTE = Array.from({ length: 768 }, (_, at) => at % 256);
const label = async (name: string, values: readonly number[]): Promise<void> => {
  const png = await encodeIndexedPng(2, values.length / 2, Uint8Array.from(values), PALETTE);
  writeFileSync(join(folder, "labels", name), png);
};

async function labelFolder(classes: unknown = ["background", "cat", "dog"]): Promise<void> {
  mkdirSync(join(folder, "images"));
  mkdirSync(join(folder, "labels"));
  writeFileSync(join(folder, "classes.json"), typeof classes === "string" ? classes : JSON.stringify(classes));
  for (const name of ["a", "b", "c", "d"]) writeFileSync(join(folder, "images", `${name}.png`), "not looked at");
  await label("a.png", [0, 1, 2, 255]);
  await label("b.png", [0, 1, 7, 9]);
  const colour = { width: 2, height: 2, channels: 3, data: new Uint8Array(12) } as const;
  writeFileSync(join(folder, "labels", "c.png"), await encodePng(colour));
  await label("e.png", [0, 0, 0, 0]);
}

test("label pictures give things by class, and 255 stands for what nobody knows", async () => {
  await labelFolder();
  const [first] = readDataset(folder).pictures;
  const { truth, things } = first?.annotated() ?? { truth: null, things: [] };
  expect([...(truth ?? [])]).toEqual([0, 1, 2, UNKNOWN]);
  expect(things).toEqual([
    { classIndex: 0, runs: Uint32Array.of(1, 1) },
    { classIndex: 1, runs: Uint32Array.of(2, 1) },
  ]);
});

test("unknown class ids and pictures in colour are named with their file, one without the other is a problem", async () => {
  await labelFolder();
  const { pictures, problems, classes } = readDataset(folder);
  expect(classes).toEqual(["cat", "dog"]);
  const [, second, third] = pictures;
  expect(() => second?.annotated()).toThrow("b.png has the unknown class ids 7, 9.");
  expect(() => third?.annotated()).toThrow("c.png is a picture in colour, not of label values.");
  expect(problems).toEqual([
    { where: "d.png", reason: "there is no label picture for it" },
    { where: "e.png", reason: "the picture is missing" },
  ]);
});

test("names that cannot be read are said of the folder as a whole", async () => {
  await labelFolder("{");
  expect(() => readDataset(folder)).toThrow("classes.json is not JSON.");
  writeFileSync(join(folder, "classes.json"), "7");
  expect(() => readDataset(folder)).toThrow('classes.json is neither a list of names nor an object with "classes".');
});

test("annotations that are not COCO's are said of the folder as a whole", () => {
  writeFileSync(join(folder, "annotations.json"), "[]");
  expect(() => readDataset(folder)).toThrow("has no images, annotations and categories as COCO's format has.");
});

test("what decides the masks of a picture changes with them, and with nothing else", async () => {
  await labelFolder();
  const versions = () => readDataset(folder).pictures.map(({ truthVersion }) => truthVersion());
  const [first, second] = versions();
  await label("b.png", [0, 1, 1, 1]);
  expect(versions()[0]).toBe(first);
  expect(versions()[1]).not.toBe(second);
});
