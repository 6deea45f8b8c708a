import type { PictureId, PictureSource } from "../../workers/contract.ts";
import type { PageServices } from "./action.ts";

/** What file pickers offer. */
export const PICTURE_TYPES = "image/*,.jpg,.jpeg,.png,.webp,.avif,.gif,.bmp,.svg";

const PICTURE_NAME = /\.(?:jpe?g|png|webp|avif|gif|bmp|svg|jfif)$/i;

/** Whether a file found in a folder is worth opening; a file that the person named is always tried. */
export function looksLikePicture(file: File): boolean {
  return !file.name.startsWith(".") && (file.type.startsWith("image/") || PICTURE_NAME.test(file.name));
}

const isSvg = (file: File): boolean => file.type === "image/svg+xml" || /\.svg$/i.test(file.name);

/** A new identity: 128 random bits. `crypto.randomUUID` is missing on plain http. */
export function newPictureId(): PictureId {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") as PictureId;
}

/** A file as the engine takes it; an SVG is made a PNG first. Rejects with an EngineError when that fails. */
export async function toPictureSource(file: File, page: PageServices): Promise<PictureSource> {
  const blob = isSvg(file) ? await page.rasteriseSvg(file, file.name) : file;
  return { id: newPictureId(), name: file.name, blob };
}
