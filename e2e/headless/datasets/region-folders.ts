import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, parse } from "node:path";
import { runsOfMask, type Runs } from "../../../workers/imaging/runs.ts";
import { decodePng } from "../../decode-png.ts";
import type { Annotated, DatasetPicture } from "./annotated-pictures.ts";
import { fileHash } from "./content-hash.ts";

/** One annotator's regions of a picture. */
interface LabelledRegions {
  readonly width: number;
  readonly height: number;
  /** width * height: 0 not labelled, n the n-th region. */
  readonly labels: Uint8Array;
  /** Masks of the regions with at least the wanted number of pixels. */
  readonly regions: readonly Runs[];
}

export interface RegionPicture extends DatasetPicture {
  /** By every annotator there is. */
  readonly annotations: () => readonly LabelledRegions[];
}

/** The share of every kind of picture that no training sees: as in training/starter/data.py. */
const HELD_OUT_SHARE = 0.05;
const MOST_ANNOTATORS = 3;

function isHeldOut(kind: string, file: string): boolean {
  const [first = 0] = createHash("sha256").update(`${kind}/${file}`).digest();
  return first / 256 < HELD_OUT_SHARE;
}

/**
 * Pictures that no network was trained on, with their regions: photographs in one folder, label PNGs of the same names
 * (or with .0, .1, .2 after the name, an annotator each) in another.
 * @param leastArea regions with fewer pixels are left out
 */
export function heldOutPictures(photos: string, regions: string, leastArea: number): RegionPicture[] {
  const kind = basename(photos);
  return readdirSync(photos)
    .sort()
    .filter((file) => isHeldOut(kind, file))
    .flatMap((file): RegionPicture[] => {
      const { name } = parse(file);
      const numbered = Array.from({ length: MOST_ANNOTATORS }, (_, annotator) => `${name}.${annotator}.png`);
      const labels = [`${name}.png`, ...numbered]
        .map((label) => join(regions, label))
        .filter((path) => existsSync(path));
      if (labels.length === 0) return [];
      const annotations = (): LabelledRegions[] => labels.map((path) => readLabels(path, leastArea));
      const annotated = (): Annotated => {
        const [first] = annotations();
        if (!first) throw new Error(`${file} has no regions.`);
        const { width, height, regions } = first;
        return { width, height, things: regions.map((runs) => ({ classIndex: 0, runs })), truth: new Uint16Array() };
      };
      const truthVersion = (): string => labels.map(fileHash).join(" ");
      return [{ file, path: join(photos, file), annotated, annotations, truthVersion }];
    });
}

function readLabels(path: string, leastArea: number): LabelledRegions {
  const { width, height, channels, data } = decodePng(readFileSync(path));
  if (channels !== 1) throw new Error(`${path} is a picture in colour, not of label values.`);
  const labels = Uint8Array.from(data);
  const areas = new Uint32Array(256);
  for (const label of labels) areas[label] = (areas[label] ?? 0) + 1;
  const wanted = [...areas.keys()].filter((label) => label > 0 && (areas[label] ?? 0) >= leastArea);
  const regions = wanted.map((label) => runsOfMask(labels.map((value) => (value === label ? 1 : 0))));
  return { width, height, labels, regions };
}
