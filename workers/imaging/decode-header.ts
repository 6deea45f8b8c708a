/** What a file says of its picture before anything is decoded. */
export interface PictureHeader {
  /** Pixels as stored, before any orientation is applied. */
  readonly width: number;
  readonly height: number;
  /** True when the stored orientation exchanges width and height (EXIF 5..8, or a quarter turn in AVIF). */
  readonly turned: boolean;
  /** False when the file ends before the first frame does. */
  readonly complete: boolean;
}
