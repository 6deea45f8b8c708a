import { inflateSync } from "node:zlib";

/** A decoded PNG: what was stored for each pixel, channel after channel, rows from the top. */
export interface DecodedPng {
  readonly width: number;
  readonly height: number;
  /** 0 grey, 2 colour, 3 indexed, 6 colour with alpha. */
  readonly colourType: number;
  /** Bits a sample, 8 or 16. */
  readonly depth: number;
  readonly channels: number;
  /** Colours of an indexed picture as #rrggbb. */
  readonly palette: readonly string[];
  readonly data: Uint8Array | Uint16Array;
}

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 6: 4 };

/** Reads a PNG of 8 or 16 bits a sample without interlacing. Throws on anything else. */
export function decodePng(file: Buffer): DecodedPng {
  const chunks = new Map<string, Buffer[]>();
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    const type = file.toString("latin1", at + 4, at + 8);
    chunks.set(type, [...(chunks.get(type) ?? []), file.subarray(at + 8, at + 8 + length)]);
    at += length + 12;
  }
  const all = (type: string): Buffer => Buffer.concat(chunks.get(type) ?? []);
  const header = all("IHDR");
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth = 0, colourType = 0, , , interlace = 0] = header.subarray(8);
  const channels = CHANNELS[colourType];
  if (!channels || (depth !== 8 && depth !== 16) || interlace !== 0) {
    throw new Error(`PNG of colour type ${colourType}, ${depth} bits, interlace ${interlace}.`);
  }
  const bytes = unfilter(inflateSync(all("IDAT")), height, (channels * depth) / 8);
  const data =
    depth === 8
      ? bytes
      : Uint16Array.from(
          { length: bytes.length / 2 },
          (_, at) => (bytes[2 * at] ?? 0) * 256 + (bytes[2 * at + 1] ?? 0),
        );
  const entries = all("PLTE");
  const palette = Array.from(
    { length: entries.length / 3 },
    (_, entry) => `#${entries.toString("hex", 3 * entry, 3 * entry + 3)}`,
  );
  return { width, height, colourType, depth, channels, palette, data };
}

/** Undoes the filters of the rows (PNG, section 9). */
function unfilter(filtered: Buffer, height: number, pixelBytes: number): Uint8Array {
  const rowBytes = filtered.length / height - 1;
  const raw = new Uint8Array(rowBytes * height);
  for (let row = 0; row < height; row += 1) {
    const from = row * (rowBytes + 1);
    const to = row * rowBytes;
    const filter = filtered[from] ?? 0;
    for (let column = 0; column < rowBytes; column += 1) {
      const left = column < pixelBytes ? 0 : (raw[to + column - pixelBytes] ?? 0);
      const above = row === 0 ? 0 : (raw[to + column - rowBytes] ?? 0);
      const corner = row === 0 || column < pixelBytes ? 0 : (raw[to + column - rowBytes - pixelBytes] ?? 0);
      raw[to + column] = (filtered[from + 1 + column] ?? 0) + predict(filter, left, above, corner);
    }
  }
  return raw;
}

function predict(filter: number, left: number, above: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  const guess = left + above - corner;
  const [toLeft, toAbove, toCorner] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/** Red, green and blue at a place given as shares of width and height, for pictures in colour. */
export function colourAt({ width, height, channels, data }: DecodedPng, x: number, y: number): readonly number[] {
  const at = (Math.floor(y * (height - 1)) * width + Math.floor(x * (width - 1))) * channels;
  return [...data.subarray(at, at + 3)];
}

/** How many different colours there are. */
export function countColours({ channels, data }: DecodedPng): number {
  const seen = new Set<number>();
  for (let at = 0; at < data.length; at += channels) {
    seen.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0));
  }
  return seen.size;
}

/** Share of the pixels that are not the same in two pictures of one size, 0..1. */
export function differingShare(first: Buffer, second: Buffer): number {
  const [a, b] = [decodePng(first), decodePng(second)];
  if (a.width !== b.width || a.height !== b.height || a.channels !== b.channels) return 1;
  let differing = 0;
  for (let at = 0; at < a.data.length; at += a.channels) {
    let isSame = true;
    for (let channel = 0; channel < a.channels; channel += 1) {
      // One step either way is rounding.
      if (Math.abs((a.data[at + channel] ?? 0) - (b.data[at + channel] ?? 0)) > 1) isSame = false;
    }
    if (!isSame) differing += 1;
  }
  return differing / (a.width * a.height);
}
