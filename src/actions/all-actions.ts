import type { Action } from "./action.ts";
import { typeClasses } from "./add-classes.ts";
import { addPictures } from "./add-pictures.ts";
import { assignNth, assignOther, chooseClass } from "./assign-region.ts";
import { saveBank } from "./banks.ts";
import { toggleOverlay } from "./change-overlay.ts";
import { nextPicture, previousPicture } from "./go-to-picture.ts";
import { toggleHeat } from "./heat-map.ts";
import { importFolder } from "./import-folder.ts";
import { loadModelFile } from "./load-model.ts";
import { removeFailed } from "./remove-failed.ts";
import { removePicture } from "./remove-picture.ts";
import { retryPicture } from "./retry-picture.ts";
import { saveAllMasks, saveMask, saveMaskPicture } from "./save-mask.ts";
import { showBank, showPalette, showSettings, showShortcuts } from "./show-dialog.ts";
import { stopJobs } from "./stop-jobs.ts";
import { redo, undo } from "./undo.ts";
import { zoomIn, zoomOut, zoomToFit } from "./zoom.ts";

/** Everything that can be done without pointing at something: what the palette lists and shortcuts reach. */
export const commands: readonly Action[] = [
  addPictures,
  typeClasses,
  importFolder,
  chooseClass,
  assignOther,
  ...assignNth,
  saveMask,
  saveMaskPicture,
  saveAllMasks,
  toggleOverlay,
  toggleHeat,
  nextPicture,
  previousPicture,
  zoomToFit,
  zoomIn,
  zoomOut,
  retryPicture,
  removePicture,
  removeFailed,
  stopJobs,
  undo,
  redo,
  loadModelFile,
  showBank,
  saveBank,
  showSettings,
  showShortcuts,
  showPalette,
];
