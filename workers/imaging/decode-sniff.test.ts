import { describe, expect, test } from "vitest";
import { badPictures } from "../../e2e/fixtures/pictures/bad-pictures.ts";
import { goodPictures, svgDrawings } from "../../e2e/fixtures/pictures/good-pictures.ts";
import { sniffType } from "./decode-sniff.ts";

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

describe("the type of a file is told by its content", () => {
  test("every good picture is recognised, also under a name that lies", async () => {
    const kinds = (await goodPictures()).map(({ name, bytes }) => [name, sniffType(bytes)]);
    expect(Object.fromEntries(kinds)).toMatchObject({
      "pattern.jpg": { kind: "picture", format: "jpeg" },
      "pattern.png": { kind: "picture", format: "png" },
      "pattern.webp": { kind: "picture", format: "webp" },
      "lossy.webp": { kind: "picture", format: "webp" },
      "pattern.avif": { kind: "picture", format: "avif" },
      "animated.gif": { kind: "picture", format: "gif" },
      "pattern.bmp": { kind: "picture", format: "bmp" },
      "really-a-png.jpg": { kind: "picture", format: "png" },
    });
  });

  test("whatever is no picture is named in words, or is an SVG drawing", async () => {
    const files = (await badPictures()).filter(({ code }) => code === "picture-not-an-image");
    const kinds = Object.fromEntries(
      files.map(({ name, bytes }) => {
        const type = sniffType(bytes);
        return [name, type.kind === "other" ? type.looksLike : type.kind];
      }),
    );
    expect(kinds).toEqual({
      "letter.jpg": "text",
      "page.png": "a web page",
      "paper.jpg": "a PDF document",
      "archive.png": "an empty ZIP archive",
      "noise.webp": "data of an unknown kind",
      "zeros.gif": "data of an unknown kind",
      "film.png": "a video",
      "phone.jpg": "a HEIC photograph, which most browsers cannot decode",
      "sound.webp": "a WAV sound",
      "scan.png": "a TIFF or camera raw picture, which browsers cannot decode",
    });
  });

  test.each([
    ["bare", "<svg/>"],
    ["after a byte order mark and white space", "\ufeff \n<svg width='1'>"],
    [
      "after a declaration, a comment and a DOCTYPE",
      `<?xml version="1.0"?><!-- a > b --><!DOCTYPE svg PUBLIC "x">\n<svg>`,
    ],
    ["after a DOCTYPE with entities", `<!DOCTYPE svg [ <!ENTITY a "b"> ]><svg>`],
  ])("an SVG is recognised %s", (_, content) => {
    expect(sniffType(text(content))).toEqual({ kind: "svg" });
  });

  test.each([
    ["text that begins with BM", text("BMW and other cars are on the list below."), "text"],
    ["text that mentions <svg>", text("see <svg>"), "text"],
    ["XML of another kind", text(`<?xml version="1.0"?><feed/>`), "an XML document"],
    ["an unfinished comment", text("<!-- <svg>"), "text"],
    ["text in UTF-16", Uint8Array.of(0xff, 0xfe, 0x41, 0, 0x42, 0), "text"],
    ["a text cut inside a character", text("caf\u00e9").slice(0, 4), "text"],
  ])("%s is no picture", (_, bytes, looksLike) => {
    expect(sniffType(bytes)).toEqual({ kind: "other", looksLike });
  });

  test("every drawing of the SVG fixtures is an SVG", () => {
    for (const { bytes } of svgDrawings("https://foreign.invalid")) expect(sniffType(bytes)).toEqual({ kind: "svg" });
  });
});
