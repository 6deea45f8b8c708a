import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { decodePng } from "../decode-png.ts";
import { writeCoco, writeCocoFolder, writeLabelFolder } from "../fixtures/tiny-dataset.ts";
import { rasterised, type Segmentation } from "../headless/datasets/coco-masks.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SAMPLES = join(ROOT, "public/samples");

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly progress: string;
}

/** Runs a command of package.json to its end. */
function run(command: string, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile("npm", ["run", "-s", command, "--", ...args], { cwd: ROOT, maxBuffer: 1e8 }, (error, out, progress) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out, progress });
    });
  });
}

let folder = "";
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lookalike-headless-"));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true });
});
test.describe.configure({ timeout: 900_000 });

test("pictures are segmented from the command line, those that cannot be read are named, and the files agree", async () => {
  writeFileSync(join(folder, "torn.jpg"), "no picture at all");
  const out = join(folder, "out");
  const pictures = [join(SAMPLES, "fruit.webp"), join(folder, "torn.jpg")];
  const { code, out: said } = await run("segment", ...pictures, "--classes", "banana, orange", "--out", out);
  expect(code).toBe(1);
  expect(said).toMatch(/^fruit\.webp +1024 x 768/m);
  expect(said).toMatch(/failed: 1\n +torn\.jpg: .*is not a picture/);
  expect(existsSync(join(out, "torn-classes.png"))).toBe(false);

  const mask = decodePng(readFileSync(join(out, "fruit-classes.png")));
  const overlay = decodePng(readFileSync(join(out, "fruit-overlay.png")));
  expect([mask.width, mask.height, mask.colourType]).toEqual([1024, 768, 3]);
  expect([overlay.width, overlay.height]).toEqual([1024, 768]);
  const legend = JSON.parse(readFileSync(join(out, "fruit-classes.json"), "utf8")) as {
    readonly classes: readonly { readonly name: string }[];
  };
  expect(legend.classes.map(({ name }) => name)).toEqual(["other", "banana", "orange"]);
  const { annotations } = JSON.parse(readFileSync(join(out, "fruit-coco.json"), "utf8")) as {
    readonly annotations: readonly { readonly segmentation: Segmentation; readonly category_id: number }[];
  };
  expect(annotations.length).toBeGreaterThan(0);
  const painted = new Uint8Array(1024 * 768);
  for (const { segmentation, category_id: category } of annotations) {
    for (const [at, inside] of rasterised(segmentation, 1024, 768, "fruit").entries())
      if (inside) painted[at] = category;
  }
  expect(Buffer.compare(painted, Uint8Array.from(mask.data))).toBe(0);
});

test("an evaluation finds what it was shown, agrees with the app itself, and comes from the cache the second time", async () => {
  const data = join(folder, "data");
  await writeLabelFolder(data, ["fruit", "breakfast"]);
  const args = [
    "--bank",
    data,
    "--data",
    data,
    "--classes",
    "examples",
    "--present-only",
    "--cache",
    join(folder, "cache"),
  ];
  const json = join(folder, "figures.json");
  const first = await run("evaluate", ...args, "--check", "2", "--json", json);
  expect(first.out).toContain("pixels with the same label in the app itself");
  expect(first.code).toBe(0);
  const row = /^examples +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+)/m.exec(first.out)?.slice(1).map(Number) ?? [];
  const [meanOverlap = 0, pixels = 0, present = 0, topOne = 0] = row;
  // It is asked about the very things that it was shown: only regions and surroundings stand between it and everything.
  expect(topOne).toBe(1);
  expect(meanOverlap).toBeGreaterThan(0.4);
  expect(pixels).toBeGreaterThan(0.5);
  expect(present).toBeGreaterThan(0.4);

  const { ways } = JSON.parse(readFileSync(json, "utf8")) as {
    readonly ways: readonly {
      readonly meanOverlap: number;
      readonly pictures: readonly { readonly all: readonly number[][] }[];
    }[];
  };
  const sums = new Map<number, number[]>();
  for (const [label = 0, ...counts] of ways[0]?.pictures.flatMap(({ all }) => all) ?? []) {
    sums.set(
      label,
      counts.map((count, at) => count + (sums.get(label)?.[at] ?? 0)),
    );
  }
  const overlaps = [...sums.values()].flatMap(([truth = 0, seen = 0, both = 0]) =>
    truth > 0 ? [both / (truth + seen - both)] : [],
  );
  expect(ways[0]?.meanOverlap).toBeCloseTo(overlaps.reduce((sum, value) => sum + value, 0) / overlaps.length, 9);

  const second = await run("evaluate", ...args);
  expect(second.progress).not.toContain("opening the app");
  expect(/^examples .*$/m.exec(second.out)?.[0].split(/ +/).slice(0, 6)).toEqual(
    /^examples .*$/m.exec(first.out)?.[0].split(/ +/).slice(0, 6),
  );
});

test("a bank saved as a file serves another run as the folder that it was made from, and what is no bank is refused", async () => {
  const data = join(folder, "data");
  await writeLabelFolder(data, ["fruit", "breakfast"]);
  writeFileSync(join(data, "images", "torn.png"), "no picture at all");
  copyFileSync(join(data, "labels", "fruit.png"), join(data, "labels", "torn.png"));
  const saved = join(folder, "mine.lookalike.zip");
  const segment = (out: string, ...args: readonly string[]) =>
    run("segment", join(SAMPLES, "fruit.webp"), "--out", join(folder, out), ...args);
  const first = await segment("one", "--bank", data, "--save-bank", saved);
  expect(first.code).toBe(1);
  expect(first.out).toMatch(/failed: 1\n +torn\.png: .*is not a picture/);
  const second = await segment("two", "--bank", saved);
  expect(second.code).toBe(0);
  const [mask, again] = ["one", "two"].map(
    (out) => decodePng(readFileSync(join(folder, out, "fruit-classes.png"))).data,
  );
  const same = mask?.filter((value, at) => value === again?.[at]).length ?? 0;
  expect(same / (mask?.length ?? 1)).toBeGreaterThan(0.999);

  const some = await segment("three", "--bank", saved, "--classes", "banana");
  expect(some.code).toBe(0);
  const legend = readFileSync(join(folder, "three", "fruit-classes.json"), "utf8");
  expect((JSON.parse(legend) as { classes: { name: string }[] }).classes.map(({ name }) => name)).toEqual([
    "other",
    "banana",
  ]);

  const wrong = await segment("four", "--bank", join(SAMPLES, "fruit.webp"));
  expect(wrong.code).toBe(2);
  expect(wrong.progress).toContain("fruit.webp: The file is not a bank of Lookalike");
});

test("what is wrong with a dataset is named, counted and left out, and the exit code says so", async () => {
  const data = join(folder, "data");
  const coco = writeCocoFolder(data, ["fruit", "breakfast"]);
  const [image] = coco.images;
  writeFileSync(join(data, "images", "torn.jpg"), "no picture at all");
  writeCoco(data, {
    ...coco,
    images: [
      ...coco.images,
      { id: 101, file_name: "gone.jpg", width: 9, height: 9 },
      { id: 102, file_name: "torn.jpg", width: 9, height: 9 },
    ],
    annotations: [
      ...coco.annotations,
      { id: 900, image_id: 777, category_id: 1, segmentation: [], area: 0, iscrowd: 0 },
      { id: 901, image_id: 1, category_id: 444, segmentation: [], area: 0, iscrowd: 0 },
      { id: 902, image_id: 1, category_id: 444, segmentation: [], area: 0, iscrowd: 0 },
      { id: 903, image_id: 2, category_id: 1, segmentation: { size: [7, 7], counts: [49] }, area: 0, iscrowd: 0 },
    ],
  });
  const { code, out } = await run("evaluate", "--data", data, "--classes", "typed", "--cache", join(folder, "cache"));
  expect(code).toBe(1);
  expect(out).toContain("gone.jpg: the picture is missing");
  expect(out).toMatch(/torn\.jpg: .*is not a picture/);
  expect(out).toContain("1 annotations of a picture that is not listed");
  expect(out).toContain("2 annotations of the unknown class id 444");
  expect(out).toMatch(/A mask of \S+ is 7 x 7, the picture is 1024 x 768/);
  expect(out).toContain("left out: 5");
  expect(out).toMatch(/all pictures: 1,/);
  expect(image?.file_name).toMatch(/webp$/);
});

test("a folder without annotations, a missing folder and a wrong wish are said in one sentence", async () => {
  mkdirSync(join(folder, "bare"));
  const bare = await run("evaluate", "--data", join(folder, "bare"));
  expect(bare.code).toBe(2);
  expect(bare.progress).toContain("bare has no annotations");
  const missing = await run("evaluate", "--data", join(folder, "nowhere"));
  expect(missing.code).toBe(2);
  expect(missing.progress).toContain("There is no folder");
  const wish = await run("segment", SAMPLES, "--classes", "dog", "--device", "abacus", "--out", folder);
  expect(wish.code).toBe(2);
  expect(wish.progress).toContain("--device is one of wasm, webgpu");
});
