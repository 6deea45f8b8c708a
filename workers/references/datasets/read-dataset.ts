import { type DatasetFile, type DatasetSummary, EngineError } from "../../contract.ts";
import { readCoco } from "./coco.ts";
import { type Breathe, type Dataset, isPictureFile, nameOf } from "./dataset.ts";
import { readFolders } from "./folders.ts";
import { readLabels } from "./labels.ts";
import { SkippedList } from "./skipped.ts";

/**
 * What is in a folder: annotations in COCO's format, label pictures, or a folder for each class, the first that it is.
 * @param breathe told how far the reading is; throws to end it
 * @throws EngineError dataset-unreadable when it is none of them, and whatever `breathe` throws
 */
export async function readDataset(files: readonly DatasetFile[], breathe: Breathe): Promise<Dataset> {
  // What a way that came to nothing had to skip is no news.
  const coco = await readCoco(files, new SkippedList(), breathe);
  const dataset =
    coco ?? (await readLabels(files, new SkippedList(), breathe)) ?? readFolders(files, new SkippedList());
  if (!dataset) {
    throw new EngineError("dataset-unreadable", "There are no pictures in what was given.", { files: files.length });
  }
  for (const { path } of files) {
    const isKnown = isPictureFile(path) || /\.(?:json|txt)$/iu.test(path) || nameOf(path).startsWith(".");
    if (!isKnown) dataset.skipped.add("files are neither pictures nor annotations", nameOf(path));
  }
  return dataset;
}

/** What a person is told of a data set. */
export function summaryOf({ kind, classes, pictures, things, skipped }: Dataset): DatasetSummary {
  const seen = classes.map((name) => ({ name, things: 0, pictures: new Set<number>() }));
  for (const { classIndex, picture } of things) {
    const own = seen[classIndex];
    if (!own) continue;
    own.things += 1;
    own.pictures.add(picture);
  }
  return {
    kind,
    pictures: pictures.length,
    classes: seen
      .filter((one) => one.things > 0)
      .map((one) => ({ name: one.name, things: one.things, pictures: one.pictures.size })),
    skipped: skipped.list(),
  };
}
