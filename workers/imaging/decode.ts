import { EngineError } from "../contract.ts";
import type { ImagePx, OriginalPx } from "../contract.ts";
import type { PictureHeader } from "./decode-header.ts";
import { readPictureHeader } from "./decode-header-readers.ts";
import type { PictureFormat } from "./decode-sniff.ts";
import { SNIFF_BYTES, sniffType } from "./decode-sniff.ts";
import { sha256 } from "./hash.ts";
import type { WorkingImage } from "./working-image.ts";
import { WORKING_LONG_SIDE } from "./working-image.ts";

/** Largest picture that is decoded, in pixels: 100 megapixels. */
const MAX_PIXELS = 100_000_000;
/** Largest side, in pixels: what JPEG and GIF can express; decoders give up beyond it. */
const MAX_SIDE = 65_535;
/** Largest file, in bytes: 100 megapixels of uncompressed 32-bit BMP fit. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;

/** Mid grey behind transparent pixels: pulls features towards neither a dark nor a light ground. */
const GROUND = "rgb(128 128 128)";

const LONGEST_NAME = 80;

/**
 * Decodes a picture file into a working image: the first frame, upright, sRGB, opaque, long side at most 1024 px.
 * What the file is is told by its content; its name serves messages only.
 *
 * @throws EngineError `picture-empty`, `picture-not-an-image`, `picture-too-large`, `picture-unreadable` (damaged, cut
 *   short, or gone from the disk), `out-of-memory`, `cancelled`. Every message names the file.
 */
export async function decodePicture(blob: Blob, name: string, signal: AbortSignal): Promise<WorkingImage> {
  const label = fileLabel(name);
  throwIfCancelled(signal, label);
  const format = await checkedFormat(blob, label);
  const { header, hash } = await readFile(blob, format, label);
  throwIfCancelled(signal, label);

  // The type is ours: some browsers trust a blob's type more than its bytes, and a renamed file has a wrong one.
  const typed = blob.slice(0, blob.size, `image/${format}`);
  const bitmap = await decodeScaled(typed, uprightSize(header), label);
  try {
    throwIfCancelled(signal, label);
    const original = originalSize(header, bitmap);
    return {
      width: bitmap.width as ImagePx,
      height: bitmap.height as ImagePx,
      originalWidth: original.width as OriginalPx,
      originalHeight: original.height as OriginalPx,
      pixels: readPixels(bitmap, label),
      hash,
    };
  } finally {
    bitmap.close();
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function throwIfCancelled(signal: AbortSignal, label: string): void {
  if (signal.aborted) throw new EngineError("cancelled", `Opening ${label} was stopped.`);
}

/** A file name as messages show it: without control characters, isolated from the text's direction, not endless. */
function fileLabel(name: string): string {
  const visible = name.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, "");
  const shown = visible.length <= LONGEST_NAME ? visible : `${visible.slice(0, 60)}…${visible.slice(-16)}`;
  // The cut may have halved a surrogate pair.
  const whole = shown.replaceAll(/\p{Cs}/gu, "");
  return `“\u2068${whole}\u2069”`;
}

async function checkedFormat(blob: Blob, label: string): Promise<PictureFormat> {
  if (blob.size === 0) throw new EngineError("picture-empty", `${label} is an empty file.`);
  const head = await readBytes(blob.slice(0, SNIFF_BYTES), label);
  const type = sniffType(head);
  if (type.kind === "svg") {
    const message = `${label} is an SVG drawing and has to be turned into pixels before it is decoded.`;
    throw new EngineError("picture-not-an-image", message, { looksLike: "an SVG drawing" });
  }
  if (type.kind === "other") {
    const message = `${label} is not a picture that can be opened: it looks like ${type.looksLike}.`;
    throw new EngineError("picture-not-an-image", message, { looksLike: type.looksLike });
  }
  return type.format;
}

async function readFile(
  blob: Blob,
  format: PictureFormat,
  label: string,
): Promise<{ header: PictureHeader; hash: string }> {
  if (blob.size > MAX_FILE_BYTES) {
    const message = `${label} is a file of ${Math.round(blob.size / 1e6)} MB, which is more than can be opened.`;
    throw new EngineError("picture-too-large", message, { bytes: blob.size });
  }
  const bytes = await readBytes(blob, label);
  const header = readPictureHeader(bytes, format);
  if (!header || header.width < 1 || header.height < 1) {
    throw new EngineError("picture-unreadable", `${label} has a damaged ${format.toUpperCase()} header.`, { format });
  }
  // A size beyond all bounds is the better message, even where the file is cut short as well.
  checkSize(header, label);
  if (!header.complete) {
    const message = `${label} is cut short: the file ends before the picture does.`;
    throw new EngineError("picture-unreadable", message, { format });
  }
  return { header, hash: await sha256(bytes) };
}

async function readBytes(blob: Blob, label: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (error) {
    const message = `${label} could not be read; it may have been moved, changed or deleted.`;
    throw new EngineError("picture-unreadable", message, {}, error);
  }
}

function checkSize({ width, height }: Size, label: string): void {
  if (width * height > MAX_PIXELS || Math.max(width, height) > MAX_SIDE) {
    const message = `${label} is ${width} × ${height} pixels, which is more than can be opened.`;
    throw new EngineError("picture-too-large", message, { width, height });
  }
}

const uprightSize = ({ width, height, turned }: PictureHeader): Size =>
  turned ? { width: height, height: width } : { width, height };

/** The size that was decoded: where the bitmap is not square, it tells whether the browser honoured the orientation. */
function originalSize(header: PictureHeader, bitmap: ImageBitmap): Size {
  const upright = uprightSize(header);
  if (bitmap.width === bitmap.height) return upright;
  const agrees = bitmap.width > bitmap.height === upright.width > upright.height;
  return agrees ? upright : { width: upright.height, height: upright.width };
}

/**
 * Scales while decoding, by naming the long side only. Browsers differ in whether they honour an orientation in PNG and
 * WebP; where this one did not, the other side was the long one and the picture is decoded once more.
 */
async function decodeScaled(blob: Blob, upright: Size, label: string): Promise<ImageBitmap> {
  if (Math.max(upright.width, upright.height) <= WORKING_LONG_SIDE) return decodeBitmap(blob, {}, label);
  const byWidth = { resizeWidth: WORKING_LONG_SIDE };
  const byHeight = { resizeHeight: WORKING_LONG_SIDE };
  const isWide = upright.width >= upright.height;
  const bitmap = await decodeBitmap(blob, isWide ? byWidth : byHeight, label);
  if (Math.max(bitmap.width, bitmap.height) <= WORKING_LONG_SIDE) return bitmap;
  bitmap.close();
  return decodeBitmap(blob, isWide ? byHeight : byWidth, label);
}

async function decodeBitmap(blob: Blob, size: ImageBitmapOptions, label: string): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob, { ...size, resizeQuality: "high", imageOrientation: "from-image" });
  } catch (error) {
    if (error instanceof Error && /allocat|memory/i.test(error.message)) {
      throw new EngineError("out-of-memory", `There is not enough memory to decode ${label}.`, {}, error);
    }
    throw new EngineError("picture-unreadable", `${label} is damaged: the browser cannot decode it.`, {}, error);
  }
}

function readPixels(bitmap: ImageBitmap, label: string): Uint8ClampedArray<ArrayBuffer> {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true, colorSpace: "srgb" });
  if (!context) throw new EngineError("out-of-memory", `There is not enough memory to decode ${label}.`);
  context.fillStyle = GROUND;
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, width, height).data;
}
