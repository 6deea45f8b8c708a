import { describe, expect, test } from "vitest";
import { bytesOf, uint24le, uint32le } from "../../e2e/fixtures/pictures/bytes.ts";
import { jpegWithOrientation, tiffWithOrientation } from "../../e2e/fixtures/pictures/exif.ts";
import { encodeGif } from "../../e2e/fixtures/pictures/gif-bmp.ts";
import { goodPictures, topDownBmp } from "../../e2e/fixtures/pictures/good-pictures.ts";
import {
  PATTERN_COLOURS,
  patternAvif,
  patternIndices,
  patternJpeg,
  patternRaster,
  patternWebp,
} from "../../e2e/fixtures/pictures/pattern.ts";
import { animatedPng, encodePng, pngChunk, pngHeaderOnly } from "../../e2e/fixtures/pictures/png.ts";
import { readPictureHeader } from "./decode-header-readers.ts";
import { sniffType } from "./decode-sniff.ts";
import { readTiffOrientation } from "./decode-tiff-orientation.ts";

const PATTERN = { width: 48, height: 32, turned: false, complete: true };

describe("size and orientation are read before decoding", () => {
  test("every good picture's header gives its size, and is complete", async () => {
    for (const { name, bytes, width, height } of await goodPictures()) {
      const type = sniffType(bytes);
      const header = type.kind === "picture" ? readPictureHeader(bytes, type.format) : null;
      const upright = header?.turned ? [header.height, header.width] : [header?.width, header?.height];
      expect([name, ...upright, header?.complete]).toEqual([name, width, height, true]);
    }
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("EXIF orientation %i is read in both byte orders", (orientation) => {
    for (const order of ["little", "big"] as const) {
      const tiff = tiffWithOrientation(orientation, order);
      expect(readTiffOrientation(new DataView(tiff.buffer), 0, tiff.length)).toBe(orientation);
      const jpeg = jpegWithOrientation(patternJpeg(), orientation, order);
      expect(readPictureHeader(jpeg, "jpeg")).toEqual({ ...PATTERN, turned: orientation >= 5 });
    }
  });

  test("an orientation outside 1..8 counts as upright", () => {
    const jpeg = jpegWithOrientation(patternJpeg(), 9);
    expect(readPictureHeader(jpeg, "jpeg")).toEqual(PATTERN);
  });

  test("an EXIF segment cut off inside its directory counts as upright and throws nothing", () => {
    const tiff = tiffWithOrientation(6, "big");
    for (let length = 0; length < 18; length++) {
      expect(readTiffOrientation(new DataView(tiff.buffer), 0, length)).toBe(1);
    }
  });

  test("a PNG's eXIf chunk and a WebP's EXIF chunk turn it", async () => {
    const png = await encodePng(patternRaster(), [pngChunk("eXIf", tiffWithOrientation(8, "big"))]);
    expect(readPictureHeader(png, "png")).toEqual({ ...PATTERN, turned: true });
    const exif = tiffWithOrientation(5, "little");
    const canvas = bytesOf("VP8X", uint32le(10), uint32le(8), uint24le(47), uint24le(31));
    const body = bytesOf("WEBP", canvas, patternWebp().subarray(12), "EXIF", uint32le(exif.length), exif);
    const webp = bytesOf("RIFF", uint32le(body.length), body);
    expect(readPictureHeader(webp, "webp")).toEqual({ ...PATTERN, turned: true });
  });

  test("a BMP stored from the top has the same size as one stored from the bottom", () => {
    expect(readPictureHeader(topDownBmp(), "bmp")).toEqual(PATTERN);
  });

  test("an end marker inside the EXIF thumbnail does not make a cut JPEG complete", () => {
    const jpeg = patternJpeg();
    const thumbnail = bytesOf("\xff\xe2\x00\x06\xff\xd9\xff\xd9");
    const cut = bytesOf(jpeg.subarray(0, 2), thumbnail, jpeg.subarray(2, -2));
    expect(readPictureHeader(cut, "jpeg")).toEqual({ ...PATTERN, complete: false });
  });

  test("an animation cut short after its first frame is complete, before its end it is not", async () => {
    const gif = encodeGif(48, 32, PATTERN_COLOURS, [patternIndices(), patternIndices()]);
    expect(readPictureHeader(gif.slice(0, -100), "gif")?.complete).toBe(true);
    expect(readPictureHeader(gif.slice(0, 300), "gif")?.complete).toBe(false);
    const png = await animatedPng(64);
    expect(readPictureHeader(png.slice(0, -20), "png")?.complete).toBe(true);
    expect(readPictureHeader(png.slice(0, 100), "png")?.complete).toBe(false);
  });

  test("every beginning of every format either gives the true size or is refused", async () => {
    const wrong: string[] = [];
    for (const { name, bytes, width, height } of await goodPictures()) {
      const type = sniffType(bytes);
      if (type.kind !== "picture") throw new Error("the fixture is no picture");
      for (let length = 0; length < bytes.length; length++) {
        const header = readPictureHeader(bytes.subarray(0, length), type.format);
        const isTrue = header?.width === width || header?.height === width;
        if (header && !(isTrue && header.width * header.height === width * height)) wrong.push(`${name} at ${length}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test("the size that a header claims is given as it stands, however absurd", () => {
    expect(readPictureHeader(pngHeaderOnly(2 ** 31 - 1, 1), "png")).toMatchObject({ width: 2 ** 31 - 1, height: 1 });
  });

  test("an AVIF that lost its last byte is incomplete", () => {
    expect(readPictureHeader(patternAvif().slice(0, -1), "avif")).toEqual({ ...PATTERN, complete: false });
  });
});
