import type { DatasetFile } from "../../contract.ts";
import { type Dataset, folderOf, isPictureFile, nameOf, type Thing } from "./dataset.ts";
import type { SkippedList } from "./skipped.ts";

/** A class for each folder that has pictures in it, by the folder's own name. @returns null when there is no picture */
export function readFolders(files: readonly DatasetFile[], skipped: SkippedList): Dataset | null {
  const shown = files.filter(({ path }) => isPictureFile(path));
  if (shown.length === 0) return null;
  const isNested = shown.some(({ path }) => path.split("/").length > 2);
  const classes: string[] = [];
  const pictures: DatasetFile[] = [];
  const things: Thing[] = [];
  for (const file of shown) {
    const folder = nameOf(folderOf(file.path));
    if (folder === "" || (isNested && !folderOf(file.path).includes("/"))) {
      skipped.add("pictures lie in no folder of a class", nameOf(file.path));
      continue;
    }
    const known = classes.indexOf(folder);
    const classIndex = known >= 0 ? known : classes.push(folder) - 1;
    things.push({ picture: pictures.push(file) - 1, classIndex, share: 1, key: 0 });
  }
  return { kind: "folders", classes, pictures, things, skipped, masks: null };
}
