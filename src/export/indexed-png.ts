import type { LabelMap } from "../../workers/contract.ts";
import { crc32 } from "./crc32.ts";

/**
 * PNG of a label map (PNG specification, third edition, W3C 2025): a pixel's value is its label. Up to 255 classes it
 * is an indexed picture of 8 bits, whose palette gives "other" black and every class its colour; with more it is a
 * greyscale picture of 16 bits. Works a few rows at a time and yields to the page in between.
 * @param map labels 0..colours.length
 * @param colours #rrggbb of label n + 1 at place n, at most 65535
 * @throws RangeError when the map has no pixels, or a label beyond the palette
 */
export async function encodeIndexedPng(map: LabelMap<number>, colours: readonly string[]): Promise<Blob> {
  const { width, height, data } = map;
  if (width < 1 || height < 1 || data.length !== width * height) {
    throw new RangeError(`A label map of ${width} x ${height} pixels cannot hold ${data.length} labels.`);
  }
  const isIndexed = colours.length < 256;
  const parts: Uint8Array<ArrayBuffer>[] = [
    SIGNATURE,
    chunk("IHDR", header(width, height, isIndexed)),
    ...(isIndexed ? [chunk("PLTE", palette(colours))] : []),
  ];
  const rows = rowBlocks(map, isIndexed ? 1 : 2, colours.length);
  const compressed = readableFrom(rows).pipeThrough(new CompressionStream("deflate"));
  const reader = compressed.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(chunk("IDAT", next.value));
  }
  parts.push(chunk("IEND", new Uint8Array(0)));
  return new Blob(parts, { type: "image/png" });
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const COLOUR_GREYSCALE = 0;
const COLOUR_INDEXED = 3;
/** Each byte less the one above it: label maps become nearly all zeros. */
const FILTER_UP = 2;
/** Bytes of rows that are worked out at a time. */
const BLOCK_BYTES = 1 << 20;

function header(width: number, height: number, isIndexed: boolean): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(13);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  bytes[8] = isIndexed ? 8 : 16;
  bytes[9] = isIndexed ? COLOUR_INDEXED : COLOUR_GREYSCALE;
  return bytes;
}

function palette(colours: readonly string[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(3 * (colours.length + 1));
  colours.forEach((colour, place) => {
    const value = Number.parseInt(colour.slice(1), 16);
    bytes.set([value >> 16, (value >> 8) & 255, value & 255], 3 * (place + 1));
  });
  return bytes;
}

/** Filtered rows, each with its filter's number before it, in blocks of whole rows. */
function* rowBlocks(map: LabelMap<number>, sampleBytes: 1 | 2, most: number): Generator<Uint8Array<ArrayBuffer>> {
  const rowBytes = 1 + map.width * sampleBytes;
  const rowsAtOnce = Math.max(1, Math.floor(BLOCK_BYTES / rowBytes));
  for (let top = 0; top < map.height; top += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, map.height - top);
    const block = new Uint8Array(count * rowBytes);
    for (let row = 0; row < count; row += 1) {
      const largest = filterRow(map, top + row, sampleBytes, block, row * rowBytes);
      if (largest > most) throw new RangeError(`The label ${largest} stands for none of the ${most} classes.`);
    }
    yield block;
  }
}

/** Writes one row at an offset of the block. Returns the row's largest label. */
function filterRow(map: LabelMap<number>, row: number, sampleBytes: 1 | 2, block: Uint8Array, offset: number): number {
  const { width, data } = map;
  const from = row * width;
  let largest = 0;
  let at = offset;
  block[at++] = FILTER_UP;
  for (let pixel = from; pixel < from + width; pixel += 1) {
    const label = data[pixel] ?? 0;
    const above = row === 0 ? 0 : (data[pixel - width] ?? 0);
    if (label > largest) largest = label;
    // Typed arrays keep the low eight bits, which is the filter's arithmetic.
    if (sampleBytes === 2) block[at++] = (label >> 8) - (above >> 8);
    block[at++] = label - above;
  }
  return largest;
}

function readableFrom(blocks: Generator<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = blocks.next();
      if (done) {
        controller.close();
        return;
      }
      controller.enqueue(value);
      await yieldToPage();
    },
  });
}

/** Lets clicks and frames through; a promise alone would not. */
async function yieldToPage(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

function chunk(type: "IHDR" | "PLTE" | "IDAT" | "IEND", data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let letter = 0; letter < 4; letter += 1) bytes[4 + letter] = type.charCodeAt(letter);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
