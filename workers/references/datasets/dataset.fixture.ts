import type { DatasetFile } from "../../contract.ts";

/** For tests: a file of a data set. */
export const fileOf = (path: string, ...content: BlobPart[]): DatasetFile => ({ path, blob: new Blob(content) });

/** For tests: breathes at once. */
export const quiet = async (): Promise<void> => undefined;

export interface PngWish {
  readonly width: number;
  readonly height: number;
  /** 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** Row-major; what a depth cannot hold is cut. */
  readonly values: readonly number[];
  /** PNG's filter of each row, 0..4; those that are not given are 0. */
  readonly filters?: readonly number[];
  /** 3 indexed, 0 grey. */
  readonly colour?: number;
  readonly interlaced?: boolean;
}

/** For tests: a PNG whose pixels are these numbers. Checksums are left empty: nobody looks at them. */
export async function pngOf(wish: PngWish): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, depth, colour = 3, interlaced = false } = wish;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  const data = await deflated(rowsOf(wish));
  // In two pieces: readers must put them together.
  const half = data.length >> 1;
  const chunks = [
    chunk("IHDR", header),
    chunk("PLTE", new Uint8Array(6)),
    chunk("IDAT", data.subarray(0, half)),
    chunk("IDAT", data.subarray(half)),
    chunk("IEND", new Uint8Array()),
  ];
  const parts = [Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10]), ...chunks];
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

export async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.length + 12);
  new DataView(bytes.buffer).setUint32(0, data.length);
  bytes.set(
    [...type].map((letter) => letter.charCodeAt(0)),
    4,
  );
  bytes.set(data, 8);
  return bytes;
}

/** Packed and filtered rows, a filter byte before each. */
function rowsOf({ width, height, depth, values, filters = [] }: PngWish): Uint8Array<ArrayBuffer> {
  const stride = Math.ceil((width * depth) / 8);
  const step = Math.max(1, depth / 8);
  const plain = Array.from({ length: height }, (_, y) =>
    packed(values.slice(y * width, (y + 1) * width), depth, stride),
  );
  const rows = new Uint8Array((stride + 1) * height);
  plain.forEach((row, y) => {
    const filter = filters[y] ?? 0;
    rows[y * (stride + 1)] = filter;
    row.forEach((byte, at) => {
      const left = at >= step ? (row[at - step] ?? 0) : 0;
      const up = plain[y - 1]?.[at] ?? 0;
      const upLeft = at >= step ? (plain[y - 1]?.[at - step] ?? 0) : 0;
      rows[y * (stride + 1) + 1 + at] = byte - guessOf(filter, left, up, upLeft);
    });
  });
  return rows;
}

/** As the PNG specification has it. */
function guessOf(filter: number, left: number, up: number, upLeft: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return Math.floor((left + up) / 2);
  if (filter !== 4) return 0;
  const guess = left + up - upLeft;
  const nearest = [left, up, upLeft].map((value) => Math.abs(guess - value));
  return [left, up, upLeft][nearest.indexOf(Math.min(...nearest))] ?? 0;
}

function packed(values: readonly number[], depth: number, stride: number): readonly number[] {
  const bits = values.map((value) => (value % 2 ** depth).toString(2).padStart(depth, "0")).join("");
  return Array.from({ length: stride }, (_, at) => Number.parseInt(bits.slice(8 * at, 8 * at + 8).padEnd(8, "0"), 2));
}
