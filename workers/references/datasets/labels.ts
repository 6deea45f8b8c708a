import * as v from "valibot";
import type { DatasetFile } from "../../contract.ts";
import { runsOfMask } from "../../imaging/runs.ts";
import {
  type Breathe,
  type Dataset,
  type FindMask,
  folderOf,
  isPictureFile,
  nameOf,
  stemOf,
  type Thing,
} from "./dataset.ts";
import { readLabelPng } from "./label-png.ts";
import type { SkippedList } from "./skipped.ts";

/** A label picture and the picture that it is of. */
interface Pair {
  readonly picture: DatasetFile;
  readonly labels: DatasetFile;
}

/** How folders of label pictures are called, and how label pictures beside their pictures end. */
const LABEL_FOLDER = /^(?:labels?|masks?|annotations?|segmentations?|segmentationclass|ground.?truth|gt)$/iu;
const LABEL_ENDING = /[._-](?:masks?|labels?|gt)$/iu;
/** Names of what is no class. */
const NO_CLASS = /^(?:|null|none|background|_background_|other|void|ignore|unlabell?ed)$/iu;
/** By custom: nobody knows. */
const VOID_VALUE = 255;
/** Values are classes; a picture with more of them is a photograph. */
const MOST_VALUES = 1000;

const isLabelPath = (path: string): boolean =>
  /\.png$/iu.test(path) && (LABEL_FOLDER.test(nameOf(folderOf(path))) || LABEL_ENDING.test(stemOf(path)));

/** The pictures that have label pictures: of the same name in another folder, or with "mask" at the end of the name. */
function pairsOf(files: readonly DatasetFile[], skipped: SkippedList): readonly Pair[] {
  const pictures = new Map<string, DatasetFile>();
  const labels: DatasetFile[] = [];
  for (const file of files) {
    if (isLabelPath(file.path)) labels.push(file);
    else if (isPictureFile(file.path)) pictures.set(stemOf(file.path).toLowerCase(), file);
  }
  const pairs: Pair[] = [];
  for (const file of labels) {
    const stem = stemOf(file.path).toLowerCase();
    const picture = pictures.get(stem) ?? pictures.get(stem.replace(LABEL_ENDING, ""));
    if (picture) pairs.push({ picture, labels: file });
    else skipped.add("label pictures have no picture", nameOf(file.path));
  }
  if (pairs.length > 0) {
    const paired = new Set(pairs.map(({ picture }) => picture));
    for (const file of pictures.values())
      if (!paired.has(file)) skipped.add("pictures have no labels", nameOf(file.path));
  }
  return pairs;
}

const listSchema = v.array(v.nullable(v.string()));
const exportSchema = v.object({
  classes: v.array(v.object({ index: v.pipe(v.number(), v.integer()), name: v.string() })),
});
const mapSchema = v.record(v.pipe(v.string(), v.regex(/^\d+$/u)), v.string());

/** Names of values: from a list, from what Lookalike exports, from an object of value and name, or line by line. */
async function readNames(files: readonly DatasetFile[], skipped: SkippedList): Promise<ReadonlyMap<number, string>> {
  for (const { path, blob } of files) {
    if (!/^(?:classes|class_names|labels|labelmap|label_names|names)\.(?:json|txt)$/iu.test(nameOf(path))) continue;
    const text = await blob.text();
    if (/\.txt$/iu.test(path)) {
      const lines = text.split(/\r?\n/u).map((line) => line.trim());
      return new Map(lines.map((line, value) => [value, line]));
    }
    const names = namesOfJson(text);
    if (names) return names;
    skipped.add("files of class names are not well-formed", nameOf(path));
  }
  return new Map();
}

function namesOfJson(text: string): ReadonlyMap<number, string> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const list = v.safeParse(listSchema, value);
  if (list.success) return new Map(list.output.map((name, at) => [at, name ?? ""]));
  const exported = v.safeParse(exportSchema, value);
  if (exported.success) return new Map(exported.output.classes.map(({ index, name }) => [index, name]));
  const map = v.safeParse(mapSchema, value);
  return map.success ? new Map(Object.entries(map.output).map(([key, name]) => [Number(key), name])) : null;
}

/** Reads which classes each label picture holds. @returns null when there are none */
export async function readLabels(
  files: readonly DatasetFile[],
  skipped: SkippedList,
  breathe: Breathe,
): Promise<Dataset | null> {
  const pairs = pairsOf(files, skipped);
  if (pairs.length === 0) return null;
  const names = await readNames(files, skipped);
  const classOf = new Classes(names);
  const pictures: DatasetFile[] = [];
  const sources: DatasetFile[] = [];
  const things: Thing[] = [];
  for (const [done, { picture, labels }] of pairs.entries()) {
    await breathe(done, pairs.length);
    const areas = await areasOf(labels);
    if (typeof areas === "string") {
      skipped.add(areas, nameOf(labels.path));
      continue;
    }
    const place = pictures.push(picture) - 1;
    sources.push(labels);
    const total = [...areas.values()].reduce((sum, area) => sum + area, 0);
    for (const [value, area] of areas) {
      const classIndex = classOf.index(value);
      if (classIndex === null && names.size > 0 && !names.has(value) && value !== VOID_VALUE && value !== 0) {
        skipped.add("labels are of a value without a name", `${value} in ${nameOf(labels.path)}`);
      }
      if (classIndex !== null) things.push({ picture: place, classIndex, share: area / total, key: value });
    }
  }
  const masks = async (): Promise<FindMask> => (thing) => maskOfValue(sources[thing.picture], thing.key);
  return { kind: "labels", classes: classOf.names, pictures, things, skipped, masks };
}

/** Classes in the order in which their values are met; those with names keep the names' order. */
class Classes {
  readonly names: string[] = [];
  readonly #given: ReadonlyMap<number, string>;
  readonly #indices = new Map<number, number>();

  constructor(given: ReadonlyMap<number, string>) {
    this.#given = given;
    for (const [value, name] of given) if (!NO_CLASS.test(name.trim())) this.#add(value, name.trim());
  }

  /** Place of a value's class; null for none. */
  index(value: number): number | null {
    const known = this.#indices.get(value);
    if (known !== undefined) return known;
    if (this.#given.size > 0 || value === 0 || value === VOID_VALUE) return null;
    return this.#add(value, `class ${value}`);
  }

  #add(value: number, name: string): number {
    // Two values of one name are one class.
    const known = this.names.indexOf(name);
    const index = known >= 0 ? known : this.names.push(name) - 1;
    this.#indices.set(value, index);
    return index;
  }
}

async function areasOf({ blob }: DatasetFile): Promise<ReadonlyMap<number, number> | string> {
  const picture = await readLabelPng(blob);
  if (typeof picture === "string") return picture;
  const counts = new Uint32Array(65_536);
  for (const value of picture.values) counts[value] = (counts[value] ?? 0) + 1;
  const areas = new Map<number, number>();
  counts.forEach((count, value) => count > 0 && areas.set(value, count));
  return areas.size > MOST_VALUES ? "label pictures have too many values: they look like photographs" : areas;
}

async function maskOfValue(labels: DatasetFile | undefined, value: number): Promise<Awaited<ReturnType<FindMask>>> {
  if (!labels) return "label pictures are missing";
  const picture = await readLabelPng(labels.blob);
  if (typeof picture === "string") return picture;
  const { width, height, values } = picture;
  return { width, height, runs: runsOfMask(values.map((one) => (one === value ? 1 : 0))) };
}
