import * as v from "valibot";
import type { DatasetFile } from "../../contract.ts";
import { type CocoPolygons, type CocoRuns, runsOfCoco } from "./coco-masks.ts";
import { type Breathe, type Dataset, type FindMask, folderOf, isPictureFile, nameOf, type Thing } from "./dataset.ts";
import { readJsonElements } from "./json-elements.ts";
import type { SkippedList } from "./skipped.ts";

type Id = number | string;
const id = v.union([v.number(), v.string()]);
const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const numbers = v.custom<readonly number[]>(
  (value) => Array.isArray(value) && value.every((one) => typeof one === "number" && Number.isFinite(one)),
);

/** Pictures of more pixels are refused everywhere, and a mask takes a byte for each. */
const MOST_PIXELS = 100_000_000;
/** Numbers of all polygons of a mask: people and tools draw a few thousand, and every row is crossed with every edge. */
const MOST_NUMBERS = 100_000;

const imageSchema = v.pipe(
  v.object({ id, file_name: v.pipe(v.string(), v.minLength(1)), width: side, height: side }),
  v.check(({ width, height }) => width * height <= MOST_PIXELS),
);
const categorySchema = v.object({ id, name: v.pipe(v.string(), v.minLength(1)) });
const annotationSchema = v.object({
  image_id: id,
  category_id: id,
  iscrowd: v.optional(v.union([v.number(), v.boolean()]), 0),
  area: v.optional(v.number(), 0),
  segmentation: v.optional(v.unknown(), null),
});
const polygonsSchema = v.pipe(
  v.array(
    v.pipe(
      numbers,
      v.check((polygon) => polygon.length >= 6 && polygon.length % 2 === 0),
    ),
  ),
  v.minLength(1),
  v.check((polygons) => polygons.reduce((sum, polygon) => sum + polygon.length, 0) <= MOST_NUMBERS),
);
const runsSchema = v.object({
  size: v.pipe(v.tuple([side, side]), v.readonly()),
  counts: v.union([v.string(), numbers]),
});
const segmentationSchema = v.union([polygonsSchema, runsSchema]);

type Image = v.InferOutput<typeof imageSchema>;

/** Annotations of one file, numbered through all files; ids are as the file gives them. */
interface Annotations {
  readonly file: DatasetFile;
  readonly images: Map<Id, Image>;
  readonly categories: Map<Id, string>;
  /** Of those that have a mask: their number in the file, image, category and area. */
  readonly numbers: number[];
  readonly imageIds: Id[];
  readonly categoryIds: Id[];
  readonly areas: number[];
}

/** Keys of a thing: the number of its file, and its number there. */
const FILE_STEP = 2 ** 40;

/** The object in a text, when it is as a schema says. */
function parsed<Schema extends v.GenericSchema>(schema: Schema, text: string): v.InferOutput<Schema> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const result = v.safeParse(schema, value);
  return result.success ? result.output : null;
}

/**
 * Reads annotations in COCO's format. Masks are only looked at, and read again when it is known which are wanted: a file of
 * hundreds of megabytes takes little memory.
 * @returns null when none of the files has annotations
 */
export async function readCoco(
  files: readonly DatasetFile[],
  skipped: SkippedList,
  breathe: Breathe,
): Promise<Dataset | null> {
  const found: Annotations[] = [];
  for (const file of files.filter(({ path }) => /\.json$/iu.test(path))) {
    const annotations = await readAnnotations(file, skipped, breathe);
    if (annotations.images.size > 0 && annotations.categories.size > 0) found.push(annotations);
  }
  return found.length > 0 ? datasetOf(found, files, skipped) : null;
}

async function readAnnotations(file: DatasetFile, skipped: SkippedList, breathe: Breathe): Promise<Annotations> {
  const annotations: Annotations = {
    file,
    images: new Map(),
    categories: new Map(),
    numbers: [],
    imageIds: [],
    categoryIds: [],
    areas: [],
  };
  let number = -1;
  const take = (key: string, text: string): void => {
    if (key === "images") {
      const image = parsed(imageSchema, text);
      if (image) annotations.images.set(image.id, image);
      else skipped.add("picture entries are not well-formed", nameOf(file.path));
    } else if (key === "categories") {
      const category = parsed(categorySchema, text);
      if (category) annotations.categories.set(category.id, category.name);
      else skipped.add("classes are not well-formed", nameOf(file.path));
    } else {
      number += 1;
      takeAnnotation(annotations, number, text, skipped);
    }
  };
  const isWhole = await readJsonElements(file.blob, ["images", "annotations", "categories"], take, (read) =>
    breathe(read, file.blob.size),
  );
  if (!isWhole && annotations.images.size > 0) skipped.add("files of annotations are cut short", nameOf(file.path));
  return annotations;
}

function takeAnnotation(annotations: Annotations, number: number, text: string, skipped: SkippedList): void {
  const name = nameOf(annotations.file.path);
  const annotation = parsed(annotationSchema, text);
  if (!annotation) {
    skipped.add("annotations are not well-formed", name);
    return;
  }
  const { image_id: image, category_id: category, iscrowd, segmentation, area } = annotation;
  if (iscrowd) {
    skipped.add("annotations are of crowds, where things are not told apart", name);
    return;
  }
  if (segmentation === null || (Array.isArray(segmentation) && segmentation.length === 0)) {
    skipped.add("annotations have no mask", name);
    return;
  }
  annotations.numbers.push(number);
  annotations.imageIds.push(image);
  annotations.categoryIds.push(category);
  annotations.areas.push(area);
}

function datasetOf(found: readonly Annotations[], files: readonly DatasetFile[], skipped: SkippedList): Dataset {
  const finder = new PictureFinder(files);
  const classes: string[] = [];
  const classIndex = new Map<string, number>();
  const pictures: DatasetFile[] = [];
  const things: Thing[] = [];
  const images: Image[] = [];
  for (const [number, annotations] of found.entries()) {
    const placeOf = new Map<Id, number>();
    for (const [imageId, image] of annotations.images) {
      const file = finder.find(image.file_name, folderOf(annotations.file.path));
      if (!file) skipped.add("pictures are missing", image.file_name);
      if (!file) continue;
      placeOf.set(imageId, pictures.push(file) - 1);
      images.push(image);
    }
    for (const name of annotations.categories.values()) {
      if (!classIndex.has(name)) classIndex.set(name, classes.push(name) - 1);
    }
    for (const [at, key] of annotations.numbers.entries()) {
      const [imageId, categoryId] = [annotations.imageIds[at] ?? "", annotations.categoryIds[at] ?? ""];
      const name = annotations.categories.get(categoryId);
      const picture = placeOf.get(imageId);
      if (name === undefined) skipped.add("annotations are of an unknown class id", String(categoryId));
      else if (!annotations.images.has(imageId))
        skipped.add("annotations are of an unknown picture id", String(imageId));
      const image = picture === undefined ? undefined : images[picture];
      if (name === undefined || picture === undefined || !image) continue;
      const area = annotations.areas[at] ?? 0;
      const share = area > 0 ? Math.min(1, area / (image.width * image.height)) : 1;
      things.push({ picture, classIndex: classIndex.get(name) ?? 0, share, key: number * FILE_STEP + key });
    }
  }
  const masks = (chosen: readonly Thing[], breathe: Breathe): Promise<FindMask> =>
    readMasks(found, images, chosen, breathe);
  return { kind: "coco", classes, pictures, things, skipped, masks };
}

/** Finds the pictures that annotations name, wherever they lie. */
class PictureFinder {
  readonly #byName = new Map<string, DatasetFile[]>();

  constructor(files: readonly DatasetFile[]) {
    for (const file of files) {
      if (!isPictureFile(file.path)) continue;
      const name = nameOf(file.path).toLowerCase();
      this.#byName.set(name, [...(this.#byName.get(name) ?? []), file]);
    }
  }

  /** The file of that name; of several the one whose folders agree best with the name's own, then with the annotations'. */
  find(wanted: string, beside: string): DatasetFile | null {
    const path = wanted.replaceAll("\\", "/").replace(/^(?:\.?\/)+/u, "");
    const candidates = this.#byName.get(nameOf(path).toLowerCase()) ?? [];
    if (candidates.length < 2) return candidates[0] ?? null;
    const scoreOf = (file: DatasetFile): number =>
      (`/${file.path}`.endsWith(`/${path}`) ? 1000 : 0) + sharedLength(folderOf(file.path), beside);
    return candidates.reduce((best, file) => (scoreOf(file) > scoreOf(best) ? file : best));
  }
}

function sharedLength(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}

/** Reads the files once more, for the masks of the chosen things alone. */
async function readMasks(
  found: readonly Annotations[],
  images: readonly Image[],
  chosen: readonly Thing[],
  breathe: Breathe,
): Promise<FindMask> {
  const masks = new Map<number, CocoPolygons | CocoRuns>();
  for (const [file, annotations] of found.entries()) {
    const wanted = new Set(
      chosen.flatMap(({ key }) => (Math.floor(key / FILE_STEP) === file ? [key % FILE_STEP] : [])),
    );
    if (wanted.size === 0) continue;
    let number = -1;
    const take = (_key: string, text: string): void => {
      number += 1;
      if (!wanted.has(number)) return;
      const segmentation = parsed(v.object({ segmentation: segmentationSchema }), text)?.segmentation;
      if (segmentation) masks.set(file * FILE_STEP + number, segmentation);
    };
    const { blob } = annotations.file;
    await readJsonElements(blob, ["annotations"], take, (read) => breathe(read, blob.size));
  }
  return async ({ key, picture }) => {
    const segmentation = masks.get(key);
    const image = images[picture];
    if (!segmentation || !image) return "masks are not well-formed";
    const { width, height } = image;
    const isOfSize = !("counts" in segmentation) || (segmentation.size[0] === height && segmentation.size[1] === width);
    if (!isOfSize) return "masks are of another size than their picture";
    const runs = runsOfCoco(segmentation, width, height);
    if (!runs) return "masks are not well-formed";
    return runs.length === 0 ? "masks are empty" : { width, height, runs };
  };
}
