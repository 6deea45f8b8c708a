import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { areaOfRuns, type Runs, runsOfMask } from "../../../workers/imaging/runs.ts";
import {
  type Annotated,
  type Dataset,
  type DatasetPicture,
  picturePath,
  type Problem,
  UNKNOWN,
} from "./annotated-pictures.ts";
import { textHash } from "./content-hash.ts";
import { rasterised, type Segmentation } from "./coco-masks.ts";

interface Annotation {
  readonly image_id: number;
  readonly category_id: number;
  readonly segmentation: Segmentation;
  readonly iscrowd?: 0 | 1;
}

interface Image {
  readonly id: number;
  readonly file_name: string;
  readonly width: number;
  readonly height: number;
}

interface CocoFile {
  readonly images: readonly Image[];
  readonly annotations: readonly Annotation[];
  readonly categories: readonly { readonly id: number; readonly name: string }[];
}

/** Names under which annotations are found, by what exporters write. */
const NAMES = ["annotations.json", "_annotations.coco.json", "coco.json"];

function annotationFile(folder: string): string | null {
  const named = NAMES.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (named) return named;
  const inner = join(folder, "annotations");
  if (!existsSync(inner)) return null;
  const [only, ...others] = readdirSync(inner).filter((name) => name.endsWith(".json"));
  return only !== undefined && others.length === 0 ? join(inner, only) : null;
}

export const isCocoFolder = (folder: string): boolean => annotationFile(folder) !== null;

/** @throws Error when the annotations are not COCO's */
export function readCocoFolder(folder: string): Dataset {
  const path = annotationFile(folder) ?? "";
  const { images, annotations, categories } = readCocoFile(path);
  const classOf = new Map(categories.map(({ id }, index) => [id, index]));
  const byImage = new Map<number, Annotation[]>(images.map(({ id }) => [id, []]));
  const problems = new Problems();
  for (const annotation of annotations) {
    const owner = byImage.get(annotation.image_id);
    if (!owner) problems.count(basename(path), `annotations of a picture that is not listed`);
    else if (!classOf.has(annotation.category_id)) {
      problems.count(basename(path), `annotations of the unknown class id ${annotation.category_id}`);
    } else owner.push(annotation);
  }
  const pictures = images.flatMap((image): DatasetPicture[] => {
    const file = picturePath(folder, image.file_name);
    if (file === null) problems.add(image.file_name, "the picture is missing");
    if (file === null) return [];
    const own = byImage.get(image.id) ?? [];
    return [
      {
        file: image.file_name,
        path: file,
        annotated: () => annotatedImage(image, own, classOf),
        truthVersion: () => textHash(JSON.stringify([image, own, categories])),
      },
    ];
  });
  return { folder, classes: categories.map(({ name }) => name), pictures, problems: problems.list() };
}

function readCocoFile(path: string): CocoFile {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new Error(`${path} is not JSON.`);
  }
  const isCoco =
    typeof found === "object" &&
    found !== null &&
    ["images", "annotations", "categories"].every((key) => Array.isArray((found as Record<string, unknown>)[key]));
  if (!isCoco) throw new Error(`${path} has no images, annotations and categories as COCO's format has.`);
  return found as CocoFile;
}

/** Problems of one kind at one place are one line with their number. */
class Problems {
  readonly #counts = new Map<string, { readonly where: string; readonly reason: string; count: number }>();

  add(where: string, reason: string): void {
    this.#counts.set(`${where}\n${reason}`, { where, reason, count: 0 });
  }

  count(where: string, reason: string): void {
    const key = `${where}\n${reason}`;
    const known = this.#counts.get(key) ?? { where, reason, count: 0 };
    known.count += 1;
    this.#counts.set(key, known);
  }

  list(): Problem[] {
    return [...this.#counts.values()].map(({ where, reason, count }) => ({
      where,
      reason: count > 0 ? `${count} ${reason}` : reason,
    }));
  }
}

function annotatedImage(
  { file_name: name, width, height }: Image,
  annotations: readonly Annotation[],
  classOf: ReadonlyMap<number, number>,
): Annotated {
  const masks = annotations.map(({ segmentation, category_id: category, iscrowd }) => {
    const runs = runsOfMask(rasterised(segmentation, width, height, name));
    return { runs, classIndex: classOf.get(category) ?? 0, isCrowd: iscrowd === 1, area: areaOfRuns(runs) };
  });
  const things = masks.filter(({ isCrowd, area }) => !isCrowd && area > 0);
  const truth = new Uint16Array(width * height);
  // Where nobody told people or things in a crowd apart, nothing is held against anybody.
  for (const { runs, isCrowd } of masks) if (isCrowd) paint(truth, runs, UNKNOWN);
  // Smaller things last: they lie on larger ones.
  for (const { runs, classIndex } of things.toSorted((a, b) => b.area - a.area)) paint(truth, runs, classIndex + 1);
  return { width, height, things: things.map(({ runs, classIndex }) => ({ runs, classIndex })), truth };
}

function paint(map: Uint16Array, runs: Runs, value: number): void {
  for (let at = 0; at < runs.length; at += 2) {
    const start = runs[at] ?? 0;
    map.fill(value, start, start + (runs[at + 1] ?? 0));
  }
}
