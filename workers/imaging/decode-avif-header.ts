import type { PictureHeader } from "./decode-header.ts";

/** A box of an ISO base media file (ISO/IEC 14496-12): its type and where its payload lies. */
interface MediaBox {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

const fourCharacters = (view: DataView, at: number): string =>
  String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));

/**
 * Size of the primary item (ISO/IEC 23008-12, sections 6.4 to 6.6): its `ispe`, turned by its `irot`. Properties are
 * found by the item's associations, because a file with a thumbnail or an alpha plane has several sizes.
 */
export function readAvifHeader(view: DataView): PictureHeader | null {
  const boxes = boxesIn(view, 0, view.byteLength);
  const meta = boxes.find((box) => box.type === "meta");
  if (!meta) return null;
  const inside = boxesIn(view, meta.start + 4, meta.end);
  const primary = inside.find((box) => box.type === "pitm");
  const properties = inside.find((box) => box.type === "iprp");
  if (!primary || !properties) return null;
  const item = primaryItem(view, primary);
  const own = propertiesOf(view, properties, item);
  const extents = own.find((box) => box.type === "ispe");
  if (!extents) return null;
  const rotation = own.find((box) => box.type === "irot");
  const quarterTurns = rotation ? view.getUint8(rotation.start) & 3 : 0;
  return {
    width: view.getUint32(extents.start + 4),
    height: view.getUint32(extents.start + 8),
    turned: quarterTurns % 2 === 1,
    complete: boxes.every((box) => box.end <= view.byteLength),
  };
}

/** Boxes side by side; the last may claim to end after the file does. */
function boxesIn(view: DataView, from: number, to: number): MediaBox[] {
  const boxes: MediaBox[] = [];
  let at = from;
  while (at + 8 <= to && at + 8 <= view.byteLength) {
    const short = view.getUint32(at);
    const header = short === 1 ? 16 : 8;
    const size = short === 0 ? to - at : short === 1 ? Number(view.getBigUint64(at + 8)) : short;
    if (size < header) break;
    boxes.push({ type: fourCharacters(view, at + 4), start: at + header, end: at + size });
    at += size;
  }
  return boxes;
}

function primaryItem(view: DataView, box: MediaBox): number {
  return view.getUint8(box.start) === 0 ? view.getUint16(box.start + 4) : view.getUint32(box.start + 4);
}

function propertiesOf(view: DataView, iprp: MediaBox, item: number): MediaBox[] {
  const inside = boxesIn(view, iprp.start, iprp.end);
  const container = inside.find((box) => box.type === "ipco");
  if (!container) return [];
  const all = boxesIn(view, container.start, container.end);
  return inside
    .filter((box) => box.type === "ipma")
    .flatMap((box) => associatedIndices(view, box, item))
    .flatMap((index) => all[index - 1] ?? []);
}

/** One-based indices of an item's properties (ISO/IEC 23008-12, section 9.3.2). */
function associatedIndices(view: DataView, ipma: MediaBox, item: number): number[] {
  const version = view.getUint8(ipma.start);
  const wide = (view.getUint8(ipma.start + 3) & 1) === 1;
  const entries = view.getUint32(ipma.start + 4);
  const found: number[] = [];
  let at = ipma.start + 8;
  for (let entry = 0; entry < entries && at < ipma.end; entry++) {
    const id = version < 1 ? view.getUint16(at) : view.getUint32(at);
    at += version < 1 ? 2 : 4;
    const count = view.getUint8(at);
    at += 1;
    for (let association = 0; association < count; association++) {
      const index = wide ? view.getUint16(at) & 0x7fff : view.getUint8(at) & 0x7f;
      if (id === item) found.push(index);
      at += wide ? 2 : 1;
    }
  }
  return found;
}
