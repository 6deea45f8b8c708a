import type { ImagePx, OriginalPx } from "../contract.ts";

/** Long side of a working image, in pixels; larger pictures are scaled down while decoding. */
export const WORKING_LONG_SIDE = 1024;

/** A decoded picture: EXIF orientation applied, sRGB, alpha flattened over neutral grey. */
export interface WorkingImage {
  readonly width: ImagePx;
  readonly height: ImagePx;
  readonly originalWidth: OriginalPx;
  readonly originalHeight: OriginalPx;
  /** RGBA, row-major, alpha always 255. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  /** SHA-256 of the file's bytes, hexadecimal. */
  readonly hash: string;
}
