const ORIENTATION_TAG = 0x0112;

/**
 * The orientation in a TIFF structure, as EXIF carries it (TIFF 6.0, section 2; EXIF 2.32, tag 0x0112).
 *
 * @param start offset of the byte order mark; an "Exif\0\0" before it is skipped.
 * @returns 1..8; 1 (upright) where there is none or the structure is damaged.
 */
export function readTiffOrientation(view: DataView, start: number, length: number): number {
  const end = Math.min(start + length, view.byteLength);
  const tiff = start + 6 <= end && view.getUint32(start) === 0x45786966 ? start + 6 : start;
  if (tiff + 8 > end) return 1;
  const order = view.getUint16(tiff);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const littleEndian = order === 0x4949;
  const directory = tiff + view.getUint32(tiff + 4, littleEndian);
  if (directory + 2 > end) return 1;
  const entries = view.getUint16(directory, littleEndian);
  for (let entry = 0, at = directory + 2; entry < entries && at + 12 <= end; entry++, at += 12) {
    if (view.getUint16(at, littleEndian) === ORIENTATION_TAG) {
      const orientation = view.getUint16(at + 8, littleEndian);
      return orientation >= 1 && orientation <= 8 ? orientation : 1;
    }
  }
  return 1;
}

/** True for the four EXIF orientations that exchange width and height. */
export function swapsSides(orientation: number): boolean {
  return orientation >= 5;
}
