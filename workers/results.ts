import type {
  ClassArea,
  ClassId,
  ClassInfo,
  ImagePx,
  LabelMap,
  ModelId,
  OriginalPx,
  OverlayStyle,
  PictureId,
  Segmentation,
  View,
} from "./contract.ts";
import type { Labelled } from "./labelling.ts";
import type { OverlayLook } from "./painting/overlay-image.ts";
import type { PaintView } from "./painting/painter.ts";
import type { Timings } from "./pictures.ts";

/** What the page gets to know of a labelled picture; pixels stay here. */
export function summaryOf(picture: PictureId, model: ModelId, labelled: Labelled, timings: Timings): Segmentation {
  return {
    picture,
    model,
    classes: labelled.classes,
    width: labelled.width as ImagePx,
    height: labelled.height as ImagePx,
    regions: labelled.regions,
    areas: areasOf(labelled),
    timings,
  };
}

function areasOf({ classes, regions, width, height }: Labelled): readonly ClassArea[] {
  const areas = new Map<ClassId | null, { area: number; regions: number }>();
  for (const id of [...classes, null]) areas.set(id, { area: 0, regions: 0 });
  for (const region of regions) {
    const sum = areas.get(region.classId);
    if (!sum) continue;
    sum.area += region.area;
    sum.regions += 1;
  }
  return [...areas].map(([classId, sum]) => ({ classId, share: sum.area / (width * height), regions: sum.regions }));
}

/** A copy to be given away. */
export function mapCopy({ width, height }: Labelled, data: Uint16Array<ArrayBuffer>): LabelMap {
  return { width: width as ImagePx, height: height as ImagePx, data: data.slice() };
}

/** The class map at the original picture's size. */
export function enlarged(
  { width, height, classMap }: Labelled,
  toWidth: number,
  toHeight: number,
): LabelMap<OriginalPx> {
  const from = { width, height, data: classMap };
  const { data } = enlargedMap(from, toWidth, toHeight);
  return { width: toWidth as OriginalPx, height: toHeight as OriginalPx, data };
}

/** A map at another size: each pixel takes the label of the pixel that it lies in. */
export function enlargedMap(from: LabelMap<number>, toWidth: number, toHeight: number): LabelMap<number> {
  const { width, height } = from;
  const data = new Uint16Array(toWidth * toHeight);
  const columns = Uint32Array.from({ length: toWidth }, (_, x) =>
    Math.min(width - 1, Math.floor(((x + 0.5) * width) / toWidth)),
  );
  let above = -1;
  for (let y = 0; y < toHeight; y += 1) {
    const row = Math.min(height - 1, Math.floor(((y + 0.5) * height) / toHeight));
    const at = y * toWidth;
    if (row === above) {
      data.copyWithin(at, at - toWidth, at);
      continue;
    }
    above = row;
    for (let x = 0; x < toWidth; x += 1) data[at + x] = from.data[row * width + (columns[x] ?? 0)] ?? 0;
  }
  return { width: toWidth, height: toHeight, data };
}

/** Colour of a class that is gone from the bank while a picture still shows it. */
const GONE = "#808080";

/** #rrggbb of each of the classes. */
export function paletteOf(ids: readonly ClassId[], classes: readonly ClassInfo[]): readonly string[] {
  const colours = new Map(classes.map((one) => [one.id, one.colour]));
  return ids.map((id) => colours.get(id) ?? GONE);
}

/** A style with its class ids resolved to labels; a class that takes no part gets none. */
export function overlayLookOf({ solo, hidden, ...rest }: OverlayStyle, classes: readonly ClassId[]): OverlayLook {
  const labelOf = (id: ClassId): number => classes.indexOf(id) + 1;
  return {
    ...rest,
    // A class that is not in this picture's palette can still be alone: then nothing is coloured.
    solo: solo === null ? null : labelOf(solo) || classes.length + 1,
    hidden: hidden.map(labelOf).filter((label) => label > 0),
  };
}

/** A view with its class ids resolved to labels. */
export function paintViewOf(view: View, classes: readonly ClassId[]): PaintView {
  return { ...view, ...overlayLookOf(view, classes) };
}
