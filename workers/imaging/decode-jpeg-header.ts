import type { PictureHeader } from "./decode-header.ts";
import { readTiffOrientation, swapsSides } from "./decode-tiff-orientation.ts";

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const APP1 = 0xe1;
const EXIF = 0x45786966;

/** SOF0..SOF15 without the three codes in that range that mean something else (DHT, JPG, DAC). */
const isStartOfFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Markers without a length: TEM, RST0..7, SOI. */
const standsAlone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

/** ITU-T T.81, annex B: marker segments up to the first scan. */
export function readJpegHeader(view: DataView): PictureHeader | null {
  let size: { width: number; height: number } | null = null;
  let orientation = 1;
  let at = 2;
  for (;;) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
    } else if (standsAlone(marker)) {
      at += 2;
    } else if (marker === END_OF_IMAGE) {
      return null;
    } else {
      const length = view.getUint16(at + 2);
      if (isStartOfFrame(marker)) size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
      if (marker === APP1 && length >= 8 && view.getUint32(at + 4) === EXIF && orientation === 1) {
        orientation = readTiffOrientation(view, at + 10, length - 8);
      }
      at += 2 + length;
      if (marker === START_OF_SCAN) break;
    }
  }
  return size && { ...size, turned: swapsSides(orientation), complete: hasEndOfImage(view, at) };
}

/** In entropy-coded data 0xff is followed by 0x00 or a restart marker, so an end marker found there is a real one. */
function hasEndOfImage(view: DataView, scan: number): boolean {
  for (let at = view.byteLength - 2; at >= scan; at--) {
    if (view.getUint8(at + 1) === END_OF_IMAGE && view.getUint8(at) === 0xff) return true;
  }
  return false;
}
