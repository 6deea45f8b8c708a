/** Values of a picture whose pixels are numbers, not colours. */
export interface LabelPicture {
  readonly width: number;
  readonly height: number;
  /** Row-major. */
  readonly values: Uint16Array<ArrayBuffer>;
}

interface Header {
  readonly width: number;
  readonly height: number;
  /** 1, 2, 4, 8 or 16. */
  readonly depth: number;
}

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const GREY = 0;
const INDEXED = 3;
/** Label pictures of more pixels are refused, as pictures are. */
const MOST_PIXELS = 100_000_000;
/** Bytes that one byte of deflate's can become. */
const MOST_GROWTH = 1032;

/**
 * The values of a PNG with one channel: a palette's indices, or grey levels, as they are stored. A browser's own decoder
 * would give colours.
 * @returns a reason when it is none, as Skipped has it
 */
export async function readLabelPng(blob: Blob): Promise<LabelPicture | string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (!SIGNATURE.every((byte, at) => bytes[at] === byte)) return "label pictures are no PNG files";
  const view = new DataView(bytes.buffer);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let header: Header | string | null = null;
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (at + 12 + length > bytes.length) break;
    if (type === "IHDR" && length >= 13) header = readHeader(view, at + 8);
    if (type === "IDAT") parts.push(bytes.subarray(at + 8, at + 8 + length));
    if (type === "IEND") break;
    at += 12 + length;
  }
  if (typeof header === "string") return header;
  if (!header || parts.length === 0) return "label pictures are damaged";
  const data = await inflated(parts, header);
  return data ? { ...header, values: valuesOf(data, header) } : "label pictures are damaged";
}

function readHeader(view: DataView, at: number): Header | string {
  const [width, height] = [view.getUint32(at), view.getUint32(at + 4)];
  const [depth, colour, interlaced] = [view.getUint8(at + 8), view.getUint8(at + 9), view.getUint8(at + 12)];
  if (width === 0 || height === 0 || width * height > MOST_PIXELS) return "label pictures are too large";
  if (colour !== GREY && colour !== INDEXED) return "label pictures are in colour: values are wanted, one a class";
  if (interlaced !== 0) return "label pictures are interlaced";
  return [1, 2, 4, 8, 16].includes(depth) ? { width, height, depth } : "label pictures are damaged";
}

const rowBytes = ({ width, depth }: Header): number => Math.ceil((width * depth) / 8);

/** The rows with their filter bytes; null when there are too few. */
async function inflated(parts: readonly Uint8Array<ArrayBuffer>[], header: Header): Promise<Uint8Array | null> {
  const wanted = (rowBytes(header) + 1) * header.height;
  // Before any memory is taken for what a small file says to hold.
  if (wanted > MOST_GROWTH * parts.reduce((sum, part) => sum + part.length, 0)) return null;
  const data = new Uint8Array(wanted);
  let length = 0;
  try {
    const reader = new Blob([...parts]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      // What is more than the picture needs is not looked at: a small file cannot fill the memory.
      const piece = value.subarray(0, wanted - length);
      data.set(piece, length);
      length += piece.length;
      if (length === wanted) break;
    }
    await reader.cancel();
  } catch {
    return length === wanted ? data : null;
  }
  return length === wanted ? data : null;
}

function valuesOf(data: Uint8Array, header: Header): Uint16Array<ArrayBuffer> {
  const { width, height, depth } = header;
  const stride = rowBytes(header);
  const step = Math.max(1, depth / 8);
  const values = new Uint16Array(width * height);
  let above: Uint8Array = new Uint8Array(stride);
  for (let y = 0; y < height; y += 1) {
    const start = y * (stride + 1);
    const row = data.subarray(start + 1, start + 1 + stride);
    unfilter(row, above, data[start] ?? 0, step);
    unpack(row, values.subarray(y * width, (y + 1) * width), depth);
    above = row;
  }
  return values;
}

/** Undoes a row's filter in place. */
function unfilter(row: Uint8Array, above: Uint8Array, filter: number, step: number): void {
  if (filter === 0) return;
  for (let at = 0; at < row.length; at += 1) {
    const left = at >= step ? (row[at - step] ?? 0) : 0;
    const up = above[at] ?? 0;
    const upLeft = at >= step ? (above[at - step] ?? 0) : 0;
    const guess = filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : paeth(left, up, upLeft);
    row[at] = (row[at] ?? 0) + guess;
  }
}

function paeth(left: number, up: number, upLeft: number): number {
  const [a, b, c] = [Math.abs(up - upLeft), Math.abs(left - upLeft), Math.abs(left + up - 2 * upLeft)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : upLeft;
}

function unpack(row: Uint8Array, values: Uint16Array, depth: number): void {
  for (let x = 0; x < values.length; x += 1) {
    if (depth === 16) values[x] = ((row[2 * x] ?? 0) << 8) | (row[2 * x + 1] ?? 0);
    else {
      const bit = x * depth;
      values[x] = ((row[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }
  }
}
