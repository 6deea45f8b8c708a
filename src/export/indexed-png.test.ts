import { crc32 as independentCrc32, inflateSync } from "node:zlib";
import { array, assert, asyncProperty, integer, property, uint8Array } from "fast-check";
import { describe, expect, it } from "vitest";
import type { LabelMap } from "../../workers/contract.ts";
import { crc32 } from "./crc32.ts";
import { encodeIndexedPng } from "./indexed-png.ts";

interface Decoded {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
  /** Red, green and blue of every entry. */
  readonly palette: readonly number[];
  readonly values: readonly number[];
}

/** A decoder of its own, of all five filters, that trusts nothing: checksums, lengths and order are checked. */
function decode(bytes: Buffer): Decoded {
  expect([...bytes.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(independentCrc32(bytes.subarray(at + 4, at + 8 + length)));
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  expect(chunks.map(({ type }) => type).join(" ")).toMatch(/^IHDR( PLTE)?( IDAT)+ IEND$/);
  const all = (type: string) => Buffer.concat(chunks.filter((chunk) => chunk.type === type).map(({ data }) => data));
  const header = all("IHDR");
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth = 0, colourType = 0, ...rest] = header.subarray(8);
  expect(rest).toEqual([0, 0, 0]);
  const raw = unfilter(inflateSync(all("IDAT")), height, depth / 8);
  const values =
    depth === 8 ? [...raw] : Array.from({ length: width * height }, (_, pixel) => raw.readUInt16BE(2 * pixel));
  return { width, height, depth, colourType, palette: [...all("PLTE")], values };
}

function unfilter(filtered: Buffer, height: number, pixelBytes: number): Buffer {
  const rowBytes = filtered.length / height - 1;
  const raw = Buffer.alloc(rowBytes * height);
  for (let row = 0; row < height; row += 1) {
    const filter = filtered[row * (rowBytes + 1)] ?? 9;
    for (let column = 0; column < rowBytes; column += 1) {
      const left = column < pixelBytes ? 0 : (raw[row * rowBytes + column - pixelBytes] ?? 0);
      const above = row === 0 ? 0 : (raw[(row - 1) * rowBytes + column] ?? 0);
      const corner = row === 0 || column < pixelBytes ? 0 : (raw[(row - 1) * rowBytes + column - pixelBytes] ?? 0);
      const predicted = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter];
      expect(predicted).toBeDefined();
      raw[row * rowBytes + column] = (filtered[row * (rowBytes + 1) + 1 + column] ?? 0) + (predicted ?? 0);
    }
  }
  return raw;
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [dLeft, dAbove, dCorner] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  if (dLeft <= dAbove && dLeft <= dCorner) return left;
  return dAbove <= dCorner ? above : corner;
}

const mapOf = (width: number, height: number, values: ArrayLike<number>): LabelMap<number> => ({
  width,
  height,
  data: Uint16Array.from({ length: width * height }, (_, pixel) => values[pixel] ?? 0),
});
const colours = (count: number) =>
  Array.from({ length: count }, (_, place) => `#${(place + 1).toString(16).padStart(6, "0")}`);
const encoded = async (map: LabelMap<number>, count: number) =>
  Buffer.from(await (await encodeIndexedPng(map, colours(count))).arrayBuffer());

describe("the PNG of a label map", () => {
  it("gives every pixel's label back, whatever the map", async () => {
    await assert(
      asyncProperty(
        integer({ min: 1, max: 40 }),
        integer({ min: 1, max: 40 }),
        integer({ min: 1, max: 600 }),
        array(integer({ min: 0, max: 600 }), { maxLength: 200 }),
        async (width, height, classes, values) => {
          const map = mapOf(
            width,
            height,
            values.map((value) => value % (classes + 1)),
          );
          const decoded = decode(await encoded(map, classes));
          expect([decoded.width, decoded.height]).toEqual([width, height]);
          expect(decoded.values).toEqual([...map.data]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("has a palette of black and the classes' colours up to 255 classes", async () => {
    const decoded = decode(await encoded(mapOf(2, 1, [0, 255]), 255));
    expect([decoded.depth, decoded.colourType]).toEqual([8, 3]);
    expect(decoded.palette.length).toBe(3 * 256);
    expect(decoded.palette.slice(0, 6)).toEqual([0, 0, 0, 0, 0, 1]);
    expect(decoded.palette.slice(-3)).toEqual([0, 0, 255]);
    const blob = await encodeIndexedPng(mapOf(1, 1, [1]), ["#12fA80"]);
    expect(decode(Buffer.from(await blob.arrayBuffer())).palette).toEqual([0, 0, 0, 0x12, 0xfa, 0x80]);
    expect(blob.type).toBe("image/png");
  });

  it("is greyscale of 16 bits with more", async () => {
    const decoded = decode(await encoded(mapOf(3, 1, [0, 256, 65_535]), 65_535));
    expect([decoded.depth, decoded.colourType, decoded.palette.length]).toEqual([16, 0, 0]);
    expect(decoded.values).toEqual([0, 256, 65_535]);
  });

  it("of ten megapixels is written in blocks of rows and comes back whole", async () => {
    const [width, height] = [4000, 2500];
    const data = new Uint16Array(width * height);
    for (let y = 0; y < height; y += 1) data.fill((y >> 5) % 7, y * width, y * width + 1500 + (y % 900));
    const bytes = await encoded({ width, height, data }, 6);
    expect(bytes.length).toBeLessThan(data.length / 50);
    expect(bytes.readUInt32BE(16)).toBe(width);
    const parts: Buffer[] = [];
    for (let at = 8; at < bytes.length; at += bytes.readUInt32BE(at) + 12) {
      if (bytes.toString("latin1", at + 4, at + 8) !== "IDAT") continue;
      parts.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
    }
    const filtered = inflateSync(Buffer.concat(parts));
    const row = new Uint8Array(width);
    let wrong = 0;
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        row[x] = (row[x] ?? 0) + (filtered[y * (width + 1) + 1 + x] ?? 0);
        if (row[x] !== data[y * width + x]) wrong += 1;
      }
    }
    expect(wrong).toBe(0);
  });

  it("is refused for a label that stands for no class, and for a map without pixels", async () => {
    await expect(encodeIndexedPng(mapOf(2, 2, [0, 1, 2, 3]), colours(2))).rejects.toThrow(
      "The label 3 stands for none",
    );
    await expect(encodeIndexedPng(mapOf(0, 4, []), colours(2))).rejects.toThrow(RangeError);
    await expect(encodeIndexedPng({ ...mapOf(2, 2, []), width: 3 }, colours(2))).rejects.toThrow(RangeError);
  });
});

describe("the checksum", () => {
  it("equals an independent CRC-32", () => {
    assert(
      property(uint8Array({ maxLength: 300 }), (bytes) => {
        expect(crc32(bytes)).toBe(independentCrc32(bytes));
      }),
    );
  });
});
