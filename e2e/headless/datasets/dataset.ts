import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { Dataset } from "./annotated-pictures.ts";
import { isCocoFolder, readCocoFolder } from "./coco-folder.ts";
import { isLabelFolder, readLabelFolder } from "./label-folder.ts";

/**
 * Reads a folder of pictures with masks: in COCO's format, or label PNGs whose values stand for the names of
 * classes.json. What cannot be used is left out and named.
 * @throws Error when the folder as a whole cannot be used
 */
export function readDataset(folder: string): Dataset {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Error(`There is no folder ${folder}.`);
  if (isCocoFolder(folder)) return readCocoFolder(folder);
  if (isLabelFolder(folder)) return readLabelFolder(folder);
  throw new Error(
    `${basename(folder)} has no annotations: neither annotations.json in COCO's format nor classes.json with labels/.`,
  );
}
