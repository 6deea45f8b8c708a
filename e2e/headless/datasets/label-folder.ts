import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, parse } from "node:path";
import { runsOfMask } from "../../../workers/imaging/runs.ts";
import { decodePng } from "../../decode-png.ts";
import { type Annotated, type Dataset, type DatasetPicture, type Problem, UNKNOWN } from "./annotated-pictures.ts";
import { fileHash, textHash } from "./content-hash.ts";

/** Names of the value that stands for no class. */
const BACKGROUND = new Set(["", "null", "background", "other", "void", "unlabeled", "unlabelled", "_background_"]);

/** Value that by custom stands for "nobody knows", where it is no class. */
const VOID = 255;

const isPicture = (name: string): boolean => /\.(?:jpe?g|png|webp|avif|gif|bmp)$/i.test(name);

export const isLabelFolder = (folder: string): boolean =>
  existsSync(join(folder, "classes.json")) && existsSync(join(folder, "labels"));

/** Label PNGs in labels/, pictures of the same names in images/, names of the values in classes.json. @throws Error */
export function readLabelFolder(folder: string): Dataset {
  const names = readNames(join(folder, "classes.json"));
  // Value -> place among the classes; -1 is background.
  const classOf = new Map<number, number>();
  const classes: string[] = [];
  for (const [value, name] of names) {
    const isBackground = value === 0 && BACKGROUND.has(name.toLowerCase());
    classOf.set(value, isBackground ? -1 : classes.push(name) - 1);
  }
  if (!classOf.has(0)) classOf.set(0, -1);
  const problems: Problem[] = [];
  const labels = new Map(readdirSync(join(folder, "labels")).map((name) => [parse(name).name, name]));
  const inner = existsSync(join(folder, "images")) ? join(folder, "images") : folder;
  const pictures = readdirSync(inner)
    .filter(isPicture)
    .sort()
    .flatMap((file): DatasetPicture[] => {
      const label = labels.get(parse(file).name);
      labels.delete(parse(file).name);
      if (label === undefined) problems.push({ where: file, reason: "there is no label picture for it" });
      if (label === undefined) return [];
      const path = join(folder, "labels", label);
      return [
        {
          file,
          path: join(inner, file),
          annotated: () => annotatedPicture(path, label, classOf, classes.length),
          truthVersion: () => textHash(`${fileHash(path)} ${JSON.stringify(names)}`),
        },
      ];
    });
  for (const label of labels.values()) problems.push({ where: label, reason: "the picture is missing" });
  return { folder, classes, pictures, problems };
}

/** Value and name: from a list of names, or from what Lookalike exports. */
function readNames(path: string): readonly (readonly [number, string])[] {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new Error(`${path} is not JSON.`);
  }
  if (Array.isArray(found)) return found.map((name, value) => [value, String(name ?? "")]);
  if (typeof found === "object" && found !== null && "classes" in found && Array.isArray(found.classes)) {
    return found.classes.flatMap((one: unknown) =>
      typeof one === "object" && one !== null && "index" in one && "name" in one
        ? [[Number(one.index), String(one.name)] as const]
        : [],
    );
  }
  throw new Error(`${path} is neither a list of names nor an object with "classes".`);
}

function annotatedPicture(
  path: string,
  label: string,
  classOf: ReadonlyMap<number, number>,
  classes: number,
): Annotated {
  const { width, height, channels, data } = decodePng(readFileSync(path));
  if (channels !== 1) throw new Error(`${label} is a picture in colour, not of label values.`);
  const truth = new Uint16Array(width * height);
  const unknown = new Set<number>();
  const areas = new Uint32Array(classes);
  for (let pixel = 0; pixel < truth.length; pixel += 1) {
    const value = data[pixel] ?? 0;
    const found = classOf.get(value);
    if (found === undefined && value !== VOID) unknown.add(value);
    truth[pixel] = found === undefined ? UNKNOWN : found + 1;
    if (found !== undefined && found >= 0) areas[found] = (areas[found] ?? 0) + 1;
  }
  if (unknown.size > 0) {
    throw new Error(`${label} has the unknown class ${unknown.size > 1 ? "ids" : "id"} ${[...unknown].join(", ")}.`);
  }
  const things = [...areas.entries()]
    .filter(([, area]) => area > 0)
    .map(([classIndex]) => ({
      classIndex,
      runs: runsOfMask(truth.map((value) => (value === classIndex + 1 ? 1 : 0))),
    }));
  return { width, height, things, truth };
}
