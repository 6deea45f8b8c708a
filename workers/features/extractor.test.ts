import { describe, expect, test } from "vitest";
import type { ModelId } from "../contract.ts";
import type { PixelSource } from "../imaging/resize.ts";
import type { FeatureSession } from "../models/feature-session.ts";
import { extractTokens, modelSize } from "./extractor.ts";

const PATCH = 14;

/** A model whose token is the patch's mean of each channel. */
class MeanColourSession implements FeatureSession {
  readonly info = {
    id: "mean-colour" as ModelId,
    name: "mean colour",
    base: "mean-colour" as ModelId,
    detail: "standard",
    origin: "file",
    licence: "",
    bytes: 0,
    sha256: "",
    patch: PATCH,
    dimensions: 3,
  } as const;
  readonly statistics = null;
  readonly inputMean = [0, 0, 0] as const;
  readonly inputStd = [1, 1, 1] as const;
  readonly preferredLongSide = 5 * PATCH;
  readonly runs: { batch: number; height: number; width: number }[] = [];

  async run(pixelValues: Float32Array<ArrayBuffer>, batch: number, height: number, width: number) {
    this.runs.push({ batch, height, width });
    const [rows, columns] = [height / PATCH, width / PATCH];
    return Array.from({ length: batch }, (_, picture) => {
      const data = new Float32Array(rows * columns * 3);
      for (let i = 0; i < 3 * height * width; i += 1) {
        const [channel, y, x] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
        const token = (Math.floor(y / PATCH) * columns + Math.floor(x / PATCH)) * 3 + channel;
        const value = pixelValues[picture * 3 * height * width + i] ?? NaN;
        data[token] = (data[token] ?? 0) + value / PATCH ** 2;
      }
      return { rows, columns, dimensions: 3, data };
    });
  }

  async dispose(): Promise<void> {
    this.runs.length = 0;
  }
}

function plain(width: number, height: number, red: number): PixelSource {
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < pixels.length; i += 4) pixels.set([red, 0, 0, 255], i);
  return { width, height, pixels };
}

describe("the size of a model's input", () => {
  test.each([
    [1024, 768, 448, 448, 336],
    [768, 1024, 448, 336, 448],
    [1024, 683, 518, 518, 350],
    [1, 1, 448, 448, 448],
    [10_000, 10, 448, 448, 14],
    [3, 1024, 448, 14, 448],
    [640, 480, 450, 448, 336],
    [640, 480, 5, 14, 14],
  ])("of a %i x %i picture with %i px for the long side is %i x %i", (width, height, longSide, wide, high) => {
    expect(modelSize({ width, height }, PATCH, longSide)).toEqual({ width: wide, height: high });
  });
});

describe("extracting tokens", () => {
  test("the grid covers the whole picture, top row first", async () => {
    const pixels = new Uint8ClampedArray(4 * 100 * 60);
    for (let i = 0; i < 100 * 60; i += 1) pixels.set([i % 100 < 50 ? 255 : 0, i < 3000 ? 255 : 0, 0, 255], 4 * i);
    const [tokens] = await extractTokens(new MeanColourSession(), [{ width: 100, height: 60, pixels }]);
    expect(tokens).toMatchObject({ rows: 3, columns: 5, dimensions: 3 });
    const corner = (token: number) => Array.from(tokens?.data.subarray(token * 3, token * 3 + 3) ?? [], Math.round);
    expect([corner(0), corner(4), corner(10), corner(14)]).toEqual([
      [1, 1, 0],
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 0],
    ]);
  });

  test("pictures of one size share a run, and all come back in their order", async () => {
    const session = new MeanColourSession();
    const pictures = [plain(50, 50, 0), plain(100, 50, 51), plain(50, 50, 102), plain(99, 99, 153)];
    const tokens = await extractTokens(session, pictures);
    expect(session.runs).toEqual([
      { batch: 3, height: 70, width: 70 },
      { batch: 1, height: 42, width: 70 },
    ]);
    tokens.forEach((one, i) => expect(one.data[0]).toBeCloseTo(0.2 * i, 4));
  });

  test("a long list is cut into batches", async () => {
    const session = new MeanColourSession();
    const tokens = await extractTokens(
      session,
      Array.from({ length: 11 }, (_, i) => plain(20, 20, i)),
      PATCH,
    );
    expect(session.runs.map(({ batch }) => batch)).toEqual([8, 3]);
    tokens.forEach((one, i) => expect(one.data[0]).toBeCloseTo(i / 255, 5));
  });

  test("a picture without pixels is refused", async () => {
    const extraction = extractTokens(new MeanColourSession(), [plain(0, 5, 0)]);
    await expect(extraction).rejects.toMatchObject({ code: "picture-empty" });
  });
});
