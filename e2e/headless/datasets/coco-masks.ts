import { fillPolygon, type Mask } from "../../fixtures/coco.ts";

/** A mask in COCO's format: polygons (x and y in turn), or run lengths column by column, plain or compressed. */
export type Segmentation =
  | readonly (readonly number[])[]
  | { readonly counts: readonly number[] | string; readonly size: readonly [height: number, width: number] };

/** A byte a pixel, row by row. @throws Error when run lengths are of another size than the picture */
export function rasterised(segmentation: Segmentation, width: number, height: number, name: string): Mask {
  if (!("counts" in segmentation)) {
    const mask = new Uint8Array(width * height);
    // Parts may overlap and are never holes.
    for (const polygon of segmentation) fillPolygon(mask, polygon, width, height);
    return mask;
  }
  const { counts, size } = segmentation;
  if (size[0] !== height || size[1] !== width) {
    throw new Error(`A mask of ${name} is ${size[1]} x ${size[0]}, the picture is ${width} x ${height}.`);
  }
  const lengths = typeof counts === "string" ? uncompressed(counts) : counts;
  const mask = new Uint8Array(width * height);
  let at = 0;
  for (const [index, length] of lengths.entries()) {
    const end = Math.min(at + length, mask.length);
    for (; at < end; at += 1) if (index % 2 === 1) mask[(at % height) * width + Math.floor(at / height)] = 1;
  }
  return mask;
}

/**
 * Lengths from COCO's compressed text: six bits a character from "0" on, five of number (least first) and one that says
 * that more follow; from the third length on, the difference to the last but one.
 */
function uncompressed(text: string): number[] {
  const lengths: number[] = [];
  for (let at = 0; at < text.length;) {
    let value = 0;
    let shift = 0;
    let more = true;
    while (more) {
      const bits = text.charCodeAt(at++) - 48;
      value |= (bits & 31) << shift;
      more = (bits & 32) !== 0 && at < text.length;
      shift += 5;
      if (!more && (bits & 16) !== 0) value |= -1 << shift;
    }
    lengths.push(value + (lengths.length > 2 ? (lengths.at(-2) ?? 0) : 0));
  }
  return lengths;
}
