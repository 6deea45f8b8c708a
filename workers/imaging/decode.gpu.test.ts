import { describe, expect, test } from "vitest";
import { badPictures } from "../../e2e/fixtures/pictures/bad-pictures.ts";
import type { Bytes } from "../../e2e/fixtures/pictures/bytes.ts";
import { jpegWithOrientation } from "../../e2e/fixtures/pictures/exif.ts";
import { HOSTILE_NAMES, goodPictures, svgDrawings } from "../../e2e/fixtures/pictures/good-pictures.ts";
import { PATTERN_COLOURS, patternJpeg, patternRaster } from "../../e2e/fixtures/pictures/pattern.ts";
import { encodePng, flatPng } from "../../e2e/fixtures/pictures/png.ts";
import { EngineError } from "../contract.ts";
import { decodePicture } from "./decode.ts";
import { sha256 } from "./hash.ts";
import { makeThumbnail } from "./thumbnail.ts";
import type { WorkingImage } from "./working-image.ts";

const never = new AbortController().signal;

const decode = (bytes: Bytes, name = "picture"): Promise<WorkingImage> => decodePicture(new Blob([bytes]), name, never);

async function failureOf(promise: Promise<unknown>): Promise<EngineError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error("nothing failed");
}

/** RGB at a place given in shares of the picture. */
function colourAt(image: WorkingImage, x: number, y: number): number[] {
  const at = (Math.floor(y * image.height) * image.width + Math.floor(x * image.width)) * 4;
  return Array.from(image.pixels.subarray(at, at + 3));
}

/** The pattern's colour that is nearest, 0..3; -1 when none is near. */
function quarterAt(image: WorkingImage, x: number, y: number): number {
  const seen = colourAt(image, x, y);
  const distances = PATTERN_COLOURS.map((colour) =>
    Math.max(...colour.map((channel, index) => Math.abs(channel - (seen[index] ?? 0)))),
  );
  const least = Math.min(...distances);
  return least <= 12 ? distances.indexOf(least) : -1;
}

const quarters = (image: WorkingImage): number[] => [
  quarterAt(image, 0.25, 0.25),
  quarterAt(image, 0.75, 0.25),
  quarterAt(image, 0.25, 0.75),
  quarterAt(image, 0.75, 0.75),
];

/** Width, height, original width and height. */
const sizes = (image: WorkingImage): number[] => [image.width, image.height, image.originalWidth, image.originalHeight];

/** A photograph-like canvas as the browser encodes it: a gradient with a mark in the top left corner. */
async function encodedByBrowser(type: string, width: number, height: number): Promise<Bytes> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no 2D context");
  const gradient = context.createLinearGradient(0, 0, width, 0);
  gradient.addColorStop(0, "rgb(0 0 0)");
  gradient.addColorStop(1, "rgb(255 255 255)");
  context.fillStyle = gradient;
  context.fillRect(0, 0, width, height);
  const blob = await canvas.convertToBlob({ type, quality: 0.95 });
  expect(blob.type).toBe(type);
  return new Uint8Array(await blob.arrayBuffer());
}

describe("good pictures", () => {
  test("every format and every misnamed file decodes to its first frame with the right colours", async () => {
    const decoded = await Promise.all(
      (await goodPictures()).map(async ({ name, bytes, width, height }) => {
        const image = await decode(bytes, name);
        expect([name, ...sizes(image)]).toEqual([name, width, height, width, height]);
        expect(image.pixels).toHaveLength(width * height * 4);
        return [name, quarters(image)] as const;
      }),
    );
    const upright = [0, 1, 2, 3];
    expect(Object.fromEntries(decoded)).toMatchObject({
      "pattern.jpg": upright,
      "pattern.png": upright,
      "pattern.webp": upright,
      "lossy.webp": upright,
      "animated.webp": upright,
      "pattern.avif": upright,
      "animated.gif": upright,
      "pattern.bmp": upright,
      "really-a-png.jpg": upright,
      "turned.jpg": [2, 0, 3, 1],
    });
  });

  test.each(["image/png", "image/jpeg", "image/webp"])(
    "what the browser itself encodes as %s decodes",
    async (type) => {
      const image = await decode(await encodedByBrowser(type, 300, 200));
      expect(sizes(image)).toEqual([300, 200, 300, 200]);
      expect(colourAt(image, 0.5, 0.5)[0]).toBeGreaterThan(120);
      expect(colourAt(image, 0.5, 0.5)[0]).toBeLessThan(136);
    },
  );

  test.each([
    [1, [0, 1, 2, 3]],
    [2, [1, 0, 3, 2]],
    [3, [3, 2, 1, 0]],
    [4, [2, 3, 0, 1]],
    [5, [0, 2, 1, 3]],
    [6, [2, 0, 3, 1]],
    [7, [3, 1, 2, 0]],
    [8, [1, 3, 0, 2]],
  ])("a JPEG of EXIF orientation %i stands upright", async (orientation, expected) => {
    const image = await decode(jpegWithOrientation(patternJpeg(), orientation));
    expect(quarters(image)).toEqual(expected);
    expect(sizes(image)).toEqual(orientation >= 5 ? [32, 48, 32, 48] : [48, 32, 48, 32]);
  });

  test("a large turned JPEG is scaled to the working size of its upright form", async () => {
    const jpeg = await encodedByBrowser("image/jpeg", 2400, 600);
    const image = await decode(jpegWithOrientation(jpeg, 6));
    expect(sizes(image)).toEqual([256, 1024, 600, 2400]);
    // Turned a quarter clockwise, the dark left side is on top.
    expect(colourAt(image, 0.5, 0.05)[0]).toBeLessThan(30);
    expect(colourAt(image, 0.5, 0.95)[0]).toBeGreaterThan(225);
  });

  test("transparency is flattened over mid grey and no pixel stays transparent", async () => {
    const clear = await decode(await encodePng(patternRaster(0)));
    expect(colourAt(clear, 0.25, 0.25)).toEqual([128, 128, 128]);
    const half = await decode(await encodePng(patternRaster(128)));
    // Red 220 40 40 at alpha 128/255 over 128.
    for (const [index, value] of [174, 84, 84].entries()) {
      expect(Math.abs((colourAt(half, 0.25, 0.25)[index] ?? 0) - value)).toBeLessThanOrEqual(2);
    }
    expect(half.pixels.every((value, at) => at % 4 !== 3 || value === 255)).toBe(true);
  });

  test("scaling keeps the aspect, and averages instead of skipping pixels", async () => {
    const width = 4000;
    const data = new Uint8Array(width * 30 * 3).map((_, at) => (Math.floor(at / 3) % 2 === 0 ? 0 : 255));
    const image = await decode(await encodePng({ width, height: 30, channels: 3, data }));
    expect(sizes(image)).toEqual([1024, 8, 4000, 30]);
    // Stripes one pixel wide become a grey; a scaler that skips pixels would leave black and white.
    const inside = Array.from({ length: 20 }, (_, step) => colourAt(image, 0.1 + step * 0.04, 0.5)[0] ?? 0);
    expect(Math.min(...inside)).toBeGreaterThan(80);
    expect(Math.max(...inside)).toBeLessThan(176);
  });

  test.each([
    [1, 1, [1, 1]],
    [20_000, 1, [1024, 1]],
    [1, 20_000, [1, 1024]],
    [1025, 1024, [1024, 1024]],
    [12_000, 8_000, [1024, 683]],
  ])("a picture of %i x %i pixels decodes", async (width, height, working) => {
    const image = await decode(await flatPng(width, height, [90, 140, 60]));
    expect(sizes(image)).toEqual([...working, width, height]);
    expect(colourAt(image, 0.5, 0.5)).toEqual([90, 140, 60]);
  });

  test("the hash is that of the file's bytes", async () => {
    const bytes = patternJpeg();
    expect((await decode(bytes)).hash).toBe(await sha256(bytes));
  });
});

describe("bad pictures", () => {
  test("each ends in its own failure, which names the file", async () => {
    const bad = await badPictures();
    expect(bad.length).toBeGreaterThanOrEqual(30);
    for (const { name, bytes, code } of bad) {
      const failure = await failureOf(decode(bytes, name));
      expect([name, failure.code]).toEqual([name, code]);
      expect(failure.message).toContain(name);
    }
  });

  test("an SVG drawing is refused: the page turns it into pixels", async () => {
    const [drawing] = svgDrawings("https://foreign.invalid");
    if (!drawing) throw new Error("no drawing");
    const failure = await failureOf(decode(drawing.bytes, drawing.name));
    expect(failure.code).toBe("picture-not-an-image");
    expect(failure.message).toContain("SVG");
  });

  test("a hostile file name gives a message of one short line", async () => {
    for (const name of HOSTILE_NAMES) {
      const { message } = await failureOf(decodePicture(new Blob([]), name, never));
      expect(message.length).toBeLessThan(120);
      expect(message).not.toMatch(/[\p{Cc}\p{Cs}\u202e]/u);
    }
  });

  test("an aborted wish is cancelled", async () => {
    const abort = new AbortController();
    const running = failureOf(decodePicture(new Blob([patternJpeg()]), "a.jpg", abort.signal));
    abort.abort();
    expect((await running).code).toBe("cancelled");
  });
});

describe("thumbnails", () => {
  test("a thumbnail is at most 256 px, shows the picture, and is never enlarged", async () => {
    const large = await decode(await encodedByBrowser("image/png", 1600, 400));
    const thumbnail = await makeThumbnail(large);
    expect(thumbnail.type).toBe("image/webp");
    const shown = await decodePicture(thumbnail, "thumbnail", never);
    expect(sizes(shown)).toEqual([256, 64, 256, 64]);
    expect(Math.abs((colourAt(shown, 0.5, 0.5)[0] ?? 0) - 128)).toBeLessThan(12);
    const small = await makeThumbnail(await decode(patternJpeg()));
    expect(quarters(await decodePicture(small, "thumbnail", never))).toEqual([0, 1, 2, 3]);
  });

  test("a line of one pixel has a thumbnail", async () => {
    const line = await decode(await flatPng(20_000, 1, [1, 2, 3]));
    expect(sizes(await decodePicture(await makeThumbnail(line), "thumbnail", never))).toEqual([256, 1, 256, 1]);
  });
});
