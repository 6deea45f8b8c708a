import { readAvifHeader } from "./decode-avif-header.ts";
import { readJpegHeader } from "./decode-jpeg-header.ts";
import type { PictureHeader } from "./decode-header.ts";
import type { PictureFormat } from "./decode-sniff.ts";
import { readTiffOrientation, swapsSides } from "./decode-tiff-orientation.ts";

/** Parses a header; throws RangeError where the file ends inside a structure, and returns null where one is invalid. */
type HeaderReader = (view: DataView) => PictureHeader | null;

const READERS: Readonly<Record<PictureFormat, HeaderReader>> = {
  jpeg: readJpegHeader,
  png: readPngHeader,
  webp: readWebpHeader,
  avif: readAvifHeader,
  gif: readGifHeader,
  bmp: readBmpHeader,
};

/**
 * Reads size and orientation from the bytes of a whole file.
 *
 * @returns null when the header is damaged or cut short.
 */
export function readPictureHeader(bytes: Uint8Array, format: PictureFormat): PictureHeader | null {
  try {
    return READERS[format](new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const chunkName = (view: DataView, at: number): string =>
  String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));

const uint24 = (view: DataView, at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);

/** PNG, third edition, sections 5.3 (chunks), 11.2.1 (IHDR) and 11.3.4.6 (eXIf). */
function readPngHeader(view: DataView): PictureHeader | null {
  if (chunkName(view, 12) !== "IHDR") return null;
  const header = { width: view.getUint32(16), height: view.getUint32(20) };
  let turned = false;
  let imageData = false;
  let at = 8;
  while (at + 12 <= view.byteLength) {
    const length = view.getUint32(at);
    const name = chunkName(view, at + 4);
    const end = at + 12 + length;
    if (end > view.byteLength) break;
    if (name === "eXIf") turned = swapsSides(readTiffOrientation(view, at + 8, length));
    // The image data may be split over chunks in a row; any other chunk after them says that they are all there.
    if (imageData && name !== "IDAT") return { ...header, turned, complete: true };
    imageData ||= name === "IDAT";
    at = end;
  }
  return { ...header, turned, complete: false };
}

/** RFC 9649: VP8X canvas, VP8L and VP8 frame headers, ANMF and EXIF chunks. */
function readWebpHeader(view: DataView): PictureHeader | null {
  const size = webpSize(view);
  if (!size) return null;
  let turned = false;
  let complete = false;
  let at = 12;
  while (at + 8 <= view.byteLength) {
    const name = chunkName(view, at);
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > view.byteLength) break;
    if (name === "VP8 " || name === "VP8L" || name === "ANMF") complete = true;
    if (name === "EXIF") turned = swapsSides(readTiffOrientation(view, at + 8, length));
    at += 8 + length + (length & 1);
  }
  return { ...size, turned, complete };
}

function webpSize(view: DataView): { width: number; height: number } | null {
  const data = 20;
  switch (chunkName(view, 12)) {
    case "VP8X":
      return { width: uint24(view, data + 4) + 1, height: uint24(view, data + 7) + 1 };
    case "VP8L": {
      if (view.getUint8(data) !== 0x2f) return null;
      const bits = view.getUint32(data + 1, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case "VP8 ":
      if (uint24(view, data + 3) !== 0x2a019d) return null;
      return { width: view.getUint16(data + 6, true) & 0x3fff, height: view.getUint16(data + 8, true) & 0x3fff };
    default:
      return null;
  }
}

/** GIF89a, sections 18 (logical screen), 20 (image descriptor), 22 (image data) and 23 to 26 (extensions). */
function readGifHeader(view: DataView): PictureHeader {
  const header = { width: view.getUint16(6, true), height: view.getUint16(8, true), turned: false };
  return { ...header, complete: hasWholeGifFrame(view) };
}

function hasWholeGifFrame(view: DataView): boolean {
  const colourTable = (flags: number): number => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  let at = 13 + colourTable(view.getUint8(10));
  while (at < view.byteLength) {
    const block = view.getUint8(at);
    if (block === 0x21) {
      at = endOfGifSubBlocks(view, at + 2);
    } else if (block === 0x2c) {
      if (at + 11 > view.byteLength) return false;
      const data = at + 10 + colourTable(view.getUint8(at + 9)) + 1;
      return endOfGifSubBlocks(view, data) <= view.byteLength;
    } else {
      return false;
    }
  }
  return false;
}

/** Offset after the terminator of a chain of sub-blocks; Infinity when the file ends first. */
function endOfGifSubBlocks(view: DataView, from: number): number {
  let at = from;
  while (at < view.byteLength) {
    const length = view.getUint8(at);
    if (length === 0) return at + 1;
    at += 1 + length;
  }
  return Number.POSITIVE_INFINITY;
}

/** BITMAPCOREHEADER and BITMAPINFOHEADER with its successors; a negative height means top row first. */
function readBmpHeader(view: DataView): PictureHeader {
  const pixels = view.getUint32(10, true);
  const isCore = view.getUint32(14, true) === 12;
  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = Math.abs(isCore ? view.getUint16(20, true) : view.getInt32(22, true));
  const bitsPerPixel = view.getUint16(isCore ? 24 : 28, true);
  const compression = isCore ? 0 : view.getUint32(30, true);
  const isRaw = compression === 0 || compression === 3;
  const bytes = isRaw ? Math.ceil((width * bitsPerPixel) / 32) * 4 * height : 1;
  return { width, height, turned: false, complete: pixels + bytes <= view.byteLength };
}
