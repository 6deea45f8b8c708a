import { EngineError, type GivenMask, type GivenMasks } from "../../contract.ts";
import type { Runs } from "../../imaging/runs.ts";
import type { WorkingImage } from "../../imaging/working-image.ts";
import type { ReferenceDraft } from "../bank/records.ts";
import { encodePicture } from "./crop-image.ts";
import { cropMask, scaledPixels } from "./example.ts";

/** Long side of a whole picture that is kept with its references, in pixels: what most models look at. */
const PICTURE_LONG_SIDE = 448;

/** Masks over the pixels of the picture that is kept with them. */
export interface PlacedMasks {
  readonly width: number;
  readonly height: number;
  /** In the order in which they were given, none of them empty. */
  readonly masks: readonly Runs[];
}

/** Sides of a working image and of the picture that it was made from. */
interface Size {
  readonly width: number;
  readonly height: number;
  readonly originalWidth: number;
  readonly originalHeight: number;
}

/**
 * Lays given masks over the picture as it will be kept.
 * @param name the picture's file name
 * @throws EngineError masks-invalid when a mask is empty, not well-formed or of a picture of another shape
 */
export function placeGivenMasks(picture: Size, given: GivenMasks, name: string): PlacedMasks {
  checkShape(picture, given, name);
  given.masks.forEach((mask, index) => checkRuns(mask, index, given.width * given.height, name));
  const scale = Math.min(1, PICTURE_LONG_SIDE / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const grid = { x: 0, y: 0, width: given.width, height: given.height };
  return { width, height, masks: given.masks.map(({ runs }) => cropMask(runs, given.width, grid, width, height)) };
}

/**
 * Things whose outlines are known, ready for the bank. Unlike an example that a person shows, each keeps the whole
 * picture: so the model sees all of a picture's things in one run, in the surroundings in which it will meet their like.
 * @param name the picture's file name
 * @returns one draft for each mask, in their order
 * @throws EngineError out-of-memory
 */
export async function draftPlacedMasks(
  image: WorkingImage,
  { width, height, masks }: PlacedMasks,
  name: string,
): Promise<readonly ReferenceDraft[]> {
  if (masks.length === 0) return [];
  const whole = { x: 0, y: 0, width: image.width, height: image.height };
  const pixels = await scaledPixels(image, whole, width, height);
  const picture = await encodePicture({ width, height, pixels }, "image/webp");
  return masks.map((runs) => ({
    source: "import",
    provenance: name,
    domain: "photo",
    crop: { image: picture, width, height, runs },
  }));
}

function checkShape(image: Size, { width, height }: GivenMasks, name: string): void {
  const { originalWidth, originalHeight } = image;
  const isGrid = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  const scale = Math.max(width, height) / Math.max(originalWidth, originalHeight);
  const fits = (side: number, original: number): boolean => Math.abs(side - original * scale) <= Math.max(1, scale);
  // Sides of a scaled grid are rounded: one pixel of the coarser grid is no difference.
  if (isGrid && fits(width, originalWidth) && fits(height, originalHeight)) return;
  throw new EngineError(
    "masks-invalid",
    `The masks of “${name}” are ${width} x ${height}, the picture is ${originalWidth} x ${originalHeight}.`,
    { width, height, originalWidth, originalHeight },
  );
}

function checkRuns({ className, runs }: GivenMask, index: number, pixels: number, name: string): void {
  if (areRuns(runs, pixels)) return;
  throw new EngineError(
    "masks-invalid",
    `The mask of “${className}” in “${name}” is empty or does not lie inside the picture.`,
    { mask: index },
  );
}

/** Pairs, ascending, not touching, inside the picture, at least one. */
function areRuns(runs: Runs, pixels: number): boolean {
  if (runs.length === 0 || runs.length % 2 !== 0) return false;
  let free = -1;
  for (let at = 0; at < runs.length; at += 2) {
    const start = runs[at] ?? 0;
    const length = runs[at + 1] ?? 0;
    if (start <= free || length === 0) return false;
    free = start + length;
  }
  return free <= pixels;
}
